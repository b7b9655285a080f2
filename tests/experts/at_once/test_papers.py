"""Papers that are uploaded, read and removed at the same moment: none is left behind, and no reading is lost."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Country
from core import files
from core.media_types import PDF
from core.models import AuditEntry, StoredFile, subject_of
from core.verdicts import Refusal, Vanished
from experts import retention
from experts.actions import papers
from experts.actions.leaving import erase_nominations_of
from experts.actions.nominating import apply_for
from experts.actions.papers import add_paper, note_reading, remove_paper
from experts.actions.replacing import move_up
from experts.models import Appointment, CallPaper, Nomination, NominationPaper, PaperReading
from experts.retention import remove_papers
from tests.experts.at_once.panels import announced, in_two_weeks, place_of
from tests.experts.at_once.threads import at_once, meeting, refused
from tests.experts.nominees import make_focal_point, make_paper_call, make_person, pdf
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def stored_of(nomination: Nomination) -> int:
    return StoredFile.objects.filter(subject=subject_of(nomination)).count()


def on_disk(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def with_paper(nomination: Nomination, person: Any) -> NominationPaper:
    """A paper as it lies there, its check left out."""
    stored = files.keep(
        pdf(), owner=person, name="cv.pdf", purpose=papers.PURPOSE, allowed={PDF}, max_bytes=10**6,
        subject=subject_of(nomination),
    )  # fmt: skip
    return NominationPaper.objects.create(
        nomination=nomination, kind="cv", file=stored, pages=1, uploaded_by=person
    )


def draft(person: Any) -> Nomination:
    return apply_for(actor=person, call=make_paper_call(), country=Country.objects.get(pk="KEN"))


def test_uploaded_three_times_and_removed_at_once(tmp_path: Path) -> None:
    """One of a kind at most, and no file that nobody knows."""
    person = make_person()
    nomination = draft(person)
    uploads = [pdf(name=f"{n}.pdf") for n in range(3)]
    results = at_once(
        *(partial(add_paper, actor=person, nomination=nomination, kind="cv", file=f) for f in uploads),
        partial(remove_paper, actor=person, nomination=nomination, kind="cv"),
    )
    assert refused(results) == []
    assert nomination.papers.count() == stored_of(nomination) == on_disk(tmp_path) <= 1
    remove_paper(actor=person, nomination=nomination, kind="cv")
    assert stored_of(nomination) == on_disk(tmp_path) == 0


def test_a_paper_is_taken_away_while_it_is_opened() -> None:
    """Read and on record, or not there; never a page that failed, on either side."""
    person = make_person()
    for _n in range(2):
        nomination = draft(person)
        stored = with_paper(nomination, person).file
        with meeting(papers.Sight, "of"):
            results = at_once(
                partial(note_reading, person, stored),
                partial(remove_paper, actor=person, nomination=nomination, kind="cv"),
            )
        assert set(refused(results)) <= {Vanished}
        read = PaperReading.objects.filter(nomination=nomination)
        assert read.count() == (0 if refused(results) else 1)
        assert not nomination.papers.exists() and all(row.paper is None for row in read)


def test_a_paper_is_replaced_while_two_open_it_in_the_browser() -> None:
    person = make_person()
    nomination = draft(person)
    stored = with_paper(nomination, person).file

    def read() -> int:
        client = Client(raise_request_exception=False)
        client.force_login(person)
        answer = client.get(f"/files/{stored.uuid}/")
        answer.close()
        return answer.status_code

    replaced = partial(add_paper, actor=person, nomination=nomination, kind="cv", file=pdf())
    codes = at_once(read, replaced, read)
    assert {codes[0], codes[2]} <= {200, 404}
    readings = PaperReading.objects.filter(nomination=nomination, reader=person).count()
    assert readings == [codes[0], codes[2]].count(200)
    assert read() == 404


def test_the_sweep_meets_somebody_who_is_moved_up() -> None:
    """Who has a place again keeps their papers; and what is swept by two clocks is swept once."""
    staff = make_user("staff")
    for _n in range(2):
        decision, people = announced(staff)
        call = decision.call
        call.refresh_from_db()
        comer = people[4]
        with_paper(comer, staff)
        Appointment.objects.filter(nomination=people[0]).update(answer="declined", answered_at=timezone.now())
        Nomination.objects.filter(pk=people[0].pk).update(state="declined")
        pairs = [(place_of(people[0]), comer)]
        later = timezone.now() + timedelta(days=call.retention_days)
        sweep = partial(retention._remove, comer.pk, later)
        up = partial(move_up, actor=staff, decision=decision, pairs=pairs, expires_at=in_two_weeks())
        with meeting(retention, "papers_until", parties=3):
            results = at_once(sweep, up, sweep)
        assert refused(results) == [] and results.count(True) <= 1
        swept = AuditEntry.objects.filter(
            action="nomination.papers_expire", subject=subject_of(comer)
        ).count()
        assert swept == results.count(True)
        assert comer.papers.count() == stored_of(comer) == 1 - swept
        assert (
            remove_papers(later) == 0 or not Nomination.objects.filter(pk=comer.pk, state="invited").exists()
        )
        assert comer.papers.count() == 1 - swept


def test_a_letter_arrives_while_the_nominee_is_forgotten(tmp_path: Path) -> None:
    """Nothing of who erased their account is kept, also not what came at that moment."""
    focal = make_focal_point("HND")
    person = make_person()
    call = make_paper_call()
    nomination = apply_for(actor=person, call=call, country=Country.objects.get(pk="HND"))
    Nomination.objects.filter(pk=nomination.pk).update(state="awaiting_endorsement")
    with_paper(nomination, person)
    type(person).objects.filter(pk=person.pk).update(erased_at=timezone.now())
    erase = partial(erase_nominations_of, person_id=person.pk)
    letter = CallPaper.Kind.LETTER
    with meeting(papers, "drop_papers", parties=2):
        results = at_once(
            partial(add_paper, actor=focal, nomination=nomination, kind=letter, file=pdf()), erase, erase
        )
    assert set(refused(results)) <= {Refusal}
    assert stored_of(nomination) == on_disk(tmp_path) == 0
    assert AuditEntry.objects.filter(action="nomination.erase", subject=subject_of(nomination)).count() == 1
    assert Nomination.objects.get(pk=nomination.pk).state == "withdrawn"
