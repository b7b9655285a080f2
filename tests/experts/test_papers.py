"""Uploads: PDF alone, few pages, nothing in them that runs; every reading on record."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.models import StoredFile
from core.verdicts import Refusal
from experts.actions.nominating import apply_for
from experts.actions.papers import add_paper, remove_paper
from experts.models import ConflictOfInterest, Nomination, NominationPaper, PaperReading, Review, Reviewer
from tests.experts.nominees import bomb, make_focal_point, make_paper_call, make_person, pdf
from tests.experts.test_nominating import kenya
from tests.factories import make_nomination

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def person() -> Any:
    return make_person()


@pytest.fixture
def nomination(person: Any) -> Nomination:
    return apply_for(actor=person, call=make_paper_call(), country=kenya())


def refused(nomination: Nomination, person: Any, file: Any) -> str:
    with pytest.raises(ValidationError) as wrong:
        add_paper(actor=person, nomination=nomination, kind="cv", file=file)
    assert not StoredFile.objects.exists() and not NominationPaper.objects.exists()
    return str(wrong.value.message_dict["paper_cv"][0])


@pytest.mark.parametrize(
    "file, words",
    [
        (lambda: pdf(5), "5 pages; at most 4"),
        (lambda: pdf(script=True), "script"),
        (lambda: pdf(attachment=True), "script or another file"),
        *((lambda kind=kind: pdf(opening=kind), "script") for kind in ("Launch", "GoToR", "GoToE", "URI")),
        (lambda: pdf(link="GoToR"), "script or another file"),
        (lambda: pdf(password=True), "password"),
        (lambda: SimpleUploadedFile("cv.pdf", b"%PDF-1.4\nnothing\n%%EOF"), "can't be read"),
        (lambda: SimpleUploadedFile("cv.pdf", b"PK\x03\x04" + b"0" * 99), "not a PDF"),
        (lambda: SimpleUploadedFile("cv.pdf", b""), "not a PDF"),
        (lambda: SimpleUploadedFile("cv.pdf", b"<html><script>1</script>"), "not a PDF"),
        (lambda: SimpleUploadedFile("cv.pdf", b"%PDF-1.4" + b"0" * (5 * 1024 * 1024)), "larger than 5 MB"),
        (lambda: pdf(name="cv.exe"), "isn't what its name says"),
        (lambda: None, "Choose a file"),
        (bomb, "can't be read"),
    ],
)
def test_what_is_not_kept_is_said_clearly(file: Any, words: str, nomination: Nomination, person: Any) -> None:
    assert words in refused(nomination, person, file())


def test_a_link_to_a_page_on_the_web_is_no_harm(nomination: Nomination, person: Any) -> None:
    assert add_paper(actor=person, nomination=nomination, kind="cv", file=pdf(link="URI")).pages == 1
    assert add_paper(actor=person, nomination=nomination, kind="cv", file=pdf(opening="GoTo")).pages == 1


def test_a_new_paper_takes_the_place_of_the_earlier_one(
    nomination: Nomination, person: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first = add_paper(actor=person, nomination=nomination, kind="cv", file=pdf(2))
    with django_capture_on_commit_callbacks(execute=True):
        second = add_paper(actor=person, nomination=nomination, kind="cv", file=pdf(4, name="../../new.pdf"))
    assert second.pages == 4 and second.file.name == "new.pdf" and second.file.uuid != first.file.uuid
    assert [path.name for path in tmp_path.glob("*/*/*")] == [second.file.uuid.hex]
    with django_capture_on_commit_callbacks(execute=True):
        remove_paper(actor=person, nomination=nomination, kind="cv")
    assert not NominationPaper.objects.exists() and not list(tmp_path.glob("*/*/*"))


def test_the_letter_is_the_governments(person: Any) -> None:
    call = make_paper_call()
    nomination = make_nomination(call, state="awaiting_endorsement", way="applied", nominee=person)
    focal = make_focal_point()
    with pytest.raises(Refusal):
        add_paper(actor=person, nomination=nomination, kind="letter", file=pdf())
    with pytest.raises(Refusal):
        add_paper(actor=make_focal_point("FRA"), nomination=nomination, kind="letter", file=pdf())
    assert add_paper(actor=focal, nomination=nomination, kind="letter", file=pdf()).kind == "letter"
    with pytest.raises(Refusal):
        add_paper(actor=focal, nomination=nomination, kind="cv", file=pdf())


def opened(user: Any, paper: NominationPaper) -> int:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.get(f"/files/{paper.file.uuid}/").status_code


def test_who_may_open_a_paper_and_every_reading_is_noted(person: Any) -> None:
    now = timezone.now()
    day = timezone.timedelta(days=1)
    call = make_paper_call(scoring_opens_at=now - day, scoring_closes_at=now + day, blind=False)
    nomination = make_nomination(call, state="draft", nominee=person, way="applied")
    paper = add_paper(actor=person, nomination=nomination, kind="cv", file=pdf())
    Nomination.objects.update(state="eligible")
    staff, barred, focal = make_person("staff"), make_person("staff"), make_focal_point()
    reviewer, other, conflicted = make_person(), make_person(), make_person()
    for who in (reviewer, other, conflicted):
        row = Reviewer.objects.create(call=call, user=who, added_by=staff)
        if who is not other:
            Review.objects.create(reviewer=row, nomination=nomination)
    for who in (barred, conflicted):
        ConflictOfInterest.objects.create(user=who, nomination=nomination, kind="other")
    outsiders = [None, make_person(), make_person("admin"), make_person("coordinator", country_id="UGA")]
    outsiders += [make_focal_point("FRA"), barred, conflicted, other]
    for outsider in outsiders:
        assert opened(outsider, paper) == 404
    assert not PaperReading.objects.exists()
    for insider in (person, staff, focal, reviewer):
        assert opened(insider, paper) == 200
    assert [row.reader_as for row in PaperReading.objects.order_by("pk")] == [
        "nominee",
        "secretariat",
        "country",
        "reviewer",
    ]
    client = Client()
    client.force_login(person)
    page = client.get(f"/en/nominations/{nomination.uuid}/").content.decode()
    # That a reviewer read would tell that it was found eligible.
    assert page.count("The secretariat or a reviewer") == 2 and "A reviewer" not in page
    assert staff.name not in page and reviewer.name not in page
    call.blind = True
    call.save()
    assert opened(reviewer, paper) == 404


def test_whoever_leaves_takes_no_paper_of_the_record_along(person: Any) -> None:
    from accounts.actions.erasing import erase_account
    from core import outbox

    focal = make_focal_point()
    nomination = make_nomination(make_paper_call(), state="awaiting_nominee", nominee=person)
    add_paper(actor=focal, nomination=nomination, kind="letter", file=pdf())
    erase_account(actor=focal, person=focal)
    outbox.drain()
    assert NominationPaper.objects.get().kind == "letter" and StoredFile.objects.count() == 1
