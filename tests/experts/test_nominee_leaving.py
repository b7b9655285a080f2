"""What is left of a nomination when the nominee erases their account, and what they take along."""

from pathlib import Path
from typing import Any

import pytest

from accounts.actions.erasing import erase_account
from accounts.pseudonyms import pseudonym_of
from core import outbox
from core.models import StoredFile
from experts.actions.leaving import erase_nominations_of
from experts.actions.nominating import apply_for
from experts.actions.submitting import give_back
from experts.actions.writing import save_words
from experts.models import DiscussionNote, Nomination
from experts.nominee_records import nominations, paper_readings
from tests.accounts.test_erasing import GONE, traces
from tests.experts.nominees import fill, handed_in, make_focal_point, make_paper_call, make_person
from tests.experts.test_nominating import kenya
from tests.factories import make_nomination

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MAILBOX_DIRECTORY = tmp_path / "mail"
    settings.EMAIL_BACKEND = "core.mailbox.MailboxBackend"


def test_what_a_nomination_says_goes_and_its_row_stays() -> None:
    focal, person = make_focal_point(), make_person(name=f"Ana {GONE}", email=f"{GONE}@example.org")
    call = make_paper_call(letter=False)
    nomination = fill(apply_for(actor=person, call=call, country=kenya()), person)
    words = {
        **{name: f"My {name} {GONE}" for name in ("workplace", "position", "experience", "motivation")},
        "interests": {"family": (True, GONE)},
        "referees": [{"name": GONE, "position": GONE, "email": f"{GONE}@example.org"}],
    }
    nomination = save_words(actor=person, nomination=nomination, version=nomination.version, changes=words)
    give_back(actor=focal, nomination=handed_in(nomination, person), reason=f"Too short, {GONE}.")
    handed_in(nomination, person)
    DiscussionNote.objects.create(nomination=nomination, author=focal, body=f"I know {GONE}.")
    other = make_paper_call()
    save_words(
        actor=person,
        nomination=apply_for(actor=person, call=other, country=kenya()),
        version=1,
        changes={"motivation": GONE},
    )
    outbox.drain()
    kept = nominations(person)
    assert [row["state"] for row in kept] == ["Waiting for endorsement", "Draft"]
    assert GONE in kept[0]["motivation"] and kept[0]["interests"] and not paper_readings(person)
    erase_account(actor=person, person=person)
    outbox.drain()
    # A mail that reached the focal point can't be called back.
    assert [place for place in traces(GONE) if not place.endswith(".eml")] == []
    assert not StoredFile.objects.exists()
    nomination = Nomination.objects.get()  # the draft is gone
    assert (nomination.state, nomination.country_id) == ("withdrawn", "KEN")
    assert nomination.name == pseudonym_of(person)
    assert set(nomination.traits.values_list("kind", flat=True)) == {"expertise", "language"}
    before = Nomination.objects.values().get()
    erase_nominations_of(person_id=person.pk)
    assert Nomination.objects.values().get() == {**before, "changed_at": before["changed_at"]}


def test_nothing_happens_unasked_and_what_has_ended_stays_ended() -> None:
    person = make_person()
    nomination = make_nomination(make_paper_call(), state="not_selected", nominee=person)
    erase_nominations_of(person_id=person.pk)
    nomination.refresh_from_db()
    assert nomination.name.startswith("Nominee")
    erase_account(actor=person, person=person)
    outbox.drain()
    nomination.refresh_from_db()
    assert nomination.state == "not_selected" and not nomination.name.startswith("Nominee")
