"""Two ways, one record: from the first word to the endorsement, with limits and deadlines."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from core import outbox
from core.models import Notice
from core.verdicts import Conflict, Refusal, Vanished
from experts.actions.linking import find_link, refuse_by_link, resend_link, take_over, token_of
from experts.actions.nominating import apply_for, enter, nominate, tell_nominee
from experts.actions.papers import add_paper
from experts.actions.submitting import endorse, give_back, hand_in, hand_in_entered, withdraw
from experts.actions.writing import save_words
from experts.models import CallReopening, Nomination
from experts.receipts import receipt_of
from tests.accounts.test_at_once import at_once
from tests.experts.nominees import (
    WHOLE,
    fill,
    handed_in,
    make_focal_point,
    make_paper_call,
    make_person,
    pdf,
)
from tests.factories import make_nomination

pytestmark = pytest.mark.django_db
NAMED = {"name": "Ana Ruiz", "email": "ana@example.org", "language": "fr"}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def focal() -> User:
    return make_focal_point()


def kenya() -> Any:
    from accounts.models import Country

    return Country.objects.get(pk="KEN")


def nominated(focal: User, **fields: Any) -> Nomination:
    call = fields.pop("call", None) or make_paper_call()
    return nominate(actor=focal, call=call, changes={**NAMED, **fields}, attested=True)


def applied(person: User, call: Any = None) -> Nomination:
    call = call or make_paper_call()
    return fill(apply_for(actor=person, call=call, country=kenya()), person)


def settle() -> list[Any]:
    outbox.drain()
    return mail.outbox


def test_the_nominee_is_told_once_takes_over_completes_and_hands_in(focal: User) -> None:
    nomination = nominated(focal)
    assert nomination.state == "awaiting_nominee" and nomination.attested_by == focal
    assert [m.to for m in settle()] == [["ana@example.org"]]
    told = mail.outbox[0]
    assert "Content-Language" in told.extra_headers and told.extra_headers["Content-Language"] == "fr"
    token = token_of(nomination.link)
    assert f"/nominations/invited/{token}/" in told.body and token not in nomination.link.token_sha256
    person = make_person(email="ana@example.org")
    taken = take_over(actor=person, token=token)
    assert take_over(actor=person, token=token).nominee == person  # twice is once
    add_paper(actor=focal, nomination=taken, kind="letter", file=pdf(name="letter.pdf"))
    done = handed_in(fill(taken, person), person)
    assert done.state == "submitted" and done.endorsed_by == focal and len(done.receipt) == 64
    assert done.consent_text.kind == "nomination" and done.declared_at
    mail.outbox.clear()
    settle()
    assert [m.to for m in mail.outbox] == [["ana@example.org"]] and done.receipt in mail.outbox[0].body
    outbox.drain()
    assert len(mail.outbox) == 1


def test_without_the_letter_the_focal_point_confirms_with_it(focal: User) -> None:
    person = make_person(email="ana@example.org")
    nomination = nominated(focal)
    nomination.refresh_from_db()
    assert nomination.nominee == person  # the address is that of an account
    done = handed_in(fill(nomination, person), person)
    assert done.state == "awaiting_endorsement" and done.endorsed_at is None
    with pytest.raises(ValidationError) as wrong:
        endorse(actor=focal, nomination=done)
    assert "paper_letter" in wrong.value.message_dict
    add_paper(actor=focal, nomination=done, kind="letter", file=pdf(name="letter.pdf"))
    assert endorse(actor=focal, nomination=done).state == "submitted"
    assert endorse(actor=focal, nomination=done).moves.filter(after="submitted").count() == 1


def test_a_link_is_for_one_address_opens_once_and_expires(focal: User) -> None:
    nomination = nominated(focal)
    token = token_of(nomination.link)
    stranger = make_person()
    with pytest.raises(Vanished):
        take_over(actor=stranger, token=token)
    with pytest.raises(Vanished):
        take_over(actor=stranger, token="nothing")
    with pytest.raises(Conflict):
        settle()
        resend_link(actor=focal, nomination=nomination)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        resend_link(actor=focal, nomination=nomination)
    assert find_link(token) is None
    person = make_person(email="ana@example.org")
    Nomination.objects.update(nominee=None)
    nomination = Nomination.objects.get(pk=nomination.pk)
    newer = token_of(nomination.link)
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False), pytest.raises(Vanished):
        take_over(actor=person, token=newer)
    assert take_over(actor=person, token=newer).nominee == person


def test_who_was_named_says_no_without_an_account(focal: User) -> None:
    nomination = nominated(focal)
    settle()
    token = token_of(nomination.link)
    refuse_by_link(token=token)
    assert refuse_by_link(token=token) is None
    nomination.refresh_from_db()
    assert nomination.state == "withdrawn"
    mail.outbox.clear()
    assert [m.to for m in settle()] == [[focal.email]]


def test_an_application_is_laid_before_the_focal_point_who_gives_it_back_then_endorses(focal: User) -> None:
    deputy = make_focal_point(role="deputy")
    person = make_person(name="Ana Ruiz")
    call = make_paper_call(letter=False)
    nomination = applied(person, call)
    assert apply_for(actor=person, call=call, country=kenya()).pk == nomination.pk
    done = handed_in(nomination, person)
    assert done.state == "awaiting_endorsement"
    assert handed_in(done, person).moves.count() == 1
    assert sorted(m.to[0] for m in settle()) == sorted([focal.email, deputy.email, person.email])
    with pytest.raises(Refusal):
        endorse(actor=person, nomination=done)
    with pytest.raises(Refusal):
        endorse(actor=make_focal_point("FRA"), nomination=done)
    mail.outbox.clear()
    # To give back is theirs; to end it for good, and unasked, isn't.
    with pytest.raises(Refusal):
        withdraw(actor=focal, nomination=done)
    with pytest.raises(ValidationError):
        give_back(actor=deputy, nomination=done, reason="  ")
    back = give_back(actor=deputy, nomination=done, reason="Say more of your work.")
    assert back.state == "draft"
    settle()
    assert [m.to for m in mail.outbox] == [[person.email]] and "Say more" in mail.outbox[0].body
    again = handed_in(back, person)
    with pytest.raises(Conflict):
        endorse(actor=focal, nomination=again, version=again.version + 1)
    assert endorse(actor=focal, nomination=again, version=again.version).endorsed_by == focal
    assert withdraw(actor=deputy, nomination=again).state == "withdrawn"


def test_what_was_endorsed_and_changes_waits_for_the_endorsement_again(focal: User) -> None:
    person = make_person()
    nomination = handed_in(applied(person, make_paper_call(letter=False)), person)
    endorse(actor=focal, nomination=nomination)
    nomination.refresh_from_db()
    receipt = nomination.receipt
    with pytest.raises(ValidationError) as wrong:
        save_words(
            actor=person, nomination=nomination, version=nomination.version, changes={"motivation": ""}
        )
    assert "motivation" in wrong.value.message_dict
    changed = save_words(
        actor=person, nomination=nomination, version=nomination.version, changes={"gender": "other"}
    )
    assert changed.state == "submitted" and changed.receipt != receipt
    assert changed.receipt == receipt_of(changed, at=changed.submitted_at)
    changed = save_words(
        actor=person, nomination=changed, version=changed.version, changes={"motivation": "Otherwise."}
    )
    assert changed.state == "awaiting_endorsement" and changed.endorsed_at is None


def test_a_stale_version_overwrites_nothing(focal: User) -> None:
    person = make_person()
    nomination = apply_for(actor=person, call=make_paper_call(), country=kenya())
    save_words(actor=person, nomination=nomination, version=1, changes={"motivation": "First tab."})
    with pytest.raises(Conflict) as stale:
        save_words(actor=person, nomination=nomination, version=1, changes={"motivation": "Second tab."})
    assert stale.value.current == {"version": 2}
    nomination.refresh_from_db()
    assert nomination.motivation == "First tab."
    same = save_words(actor=person, nomination=nomination, version=2, changes={"motivation": "First tab."})
    assert same.version == 2  # nothing changed


def test_only_what_is_complete_is_handed_in() -> None:
    person = make_person()
    call = make_paper_call(motivation_words=5)
    call.questions.create(wording="Why now?", required=True, max_words=2)
    nomination = apply_for(actor=person, call=call, country=kenya())
    with pytest.raises(ValidationError) as wrong:
        hand_in(actor=person, nomination=nomination, version=1, consent=None, declared=False)
    missing = set(wrong.value.message_dict)
    question = f"answer_{call.questions.get().pk}"
    assert {"motivation", "paper_cv", question, "interest_family", "consent", "declared"} <= missing
    assert "paper_letter" not in missing  # the government's part
    nomination = fill(nomination, person)
    changes = {
        "motivation": "one two three four five six",
        "answers": {call.questions.get().pk: "It is time."},
        "interests": {"family": (True, "")},
    }
    nomination = save_words(actor=person, nomination=nomination, version=nomination.version, changes=changes)
    with pytest.raises(ValidationError) as wrong:
        handed_in(nomination, person)
    assert set(wrong.value.message_dict) == {"motivation", question, "interest_family_detail"}
    assert "6" in wrong.value.message_dict["motivation"][0]


@pytest.mark.parametrize("seconds, accepted", [(-1, True), (0, False), (1, False)])
@pytest.mark.parametrize("grace", [0, 10])
def test_late_is_kept_as_a_draft_to_the_second(seconds: int, accepted: bool, grace: int) -> None:
    person, focal = make_person(), make_focal_point()
    call = make_paper_call(letter=False, grace=grace)
    nomination = applied(person, call)
    at = call.closes_at + timedelta(minutes=grace, seconds=seconds)
    with time_machine.travel(at, tick=False):
        done = handed_in(nomination, person)
        assert done.state == ("awaiting_endorsement" if accepted else "draft")
        assert nominate(actor=focal, call=call, changes=NAMED, attested=True).state == (
            "awaiting_nominee" if accepted else "draft"
        )
        if not accepted:  # nothing typed is lost
            later = save_words(
                actor=person, nomination=done, version=done.version, changes={"position": "Mayor"}
            )
            assert later.position == "Mayor"
            CallReopening.objects.create(
                call=call, country_id="KEN", closes_at=at + timedelta(days=1), reason="x", given_by=focal
            )
            assert handed_in(later, person).state == "awaiting_endorsement"


@pytest.mark.parametrize("seconds, accepted", [(-1, True), (0, False), (1, False)])
def test_endorsements_end_at_their_own_date(seconds: int, accepted: bool, focal: User) -> None:
    person = make_person()
    call = make_paper_call(letter=False)
    call.endorsement_closes_at = call.closes_at + timedelta(days=7)
    call.save()
    nomination = handed_in(applied(person, call), person)
    with time_machine.travel(call.endorsement_closes_at + timedelta(seconds=seconds), tick=False):
        if accepted:
            assert endorse(actor=focal, nomination=nomination).state == "submitted"
        else:
            with pytest.raises(Refusal):
                endorse(actor=focal, nomination=nomination)


def test_a_country_nominates_no_more_than_its_places(focal: User) -> None:
    call = make_paper_call(letter=False, per_country_limit=2)
    make_nomination(call, state="eligible")
    make_nomination(call, state="ineligible")  # unannounced: its place isn't free, or the number would tell
    make_nomination(call, state="withdrawn")
    make_nomination(call, state="submitted", country="FRA")
    with pytest.raises(Conflict) as full:
        nominate(actor=focal, call=call, changes=NAMED, attested=True)
    assert full.value.current == {"nominated": 2, "limit": 2} and "2 of 2" in str(full.value.reason)
    assert not Nomination.objects.filter(email=NAMED["email"]).exists()
    person = make_person()
    waiting = handed_in(applied(person, call), person)  # whoever applies takes no place
    with pytest.raises(Conflict):
        endorse(actor=focal, nomination=waiting)
    withdraw(actor=focal, nomination=Nomination.objects.get(state="eligible"))
    assert endorse(actor=focal, nomination=waiting).state == "submitted"


def test_the_same_address_is_nominated_once_and_drafts_betray_nobody(focal: User) -> None:
    call = make_paper_call(letter=False)
    person = make_person(email="ana@example.org")
    draft = applied(person, call)
    nominated(focal, call=call)  # the applicant's draft is theirs alone: it stands in nobody's way
    with pytest.raises(Conflict):
        nominated(focal, call=call)
    with pytest.raises(Conflict):
        handed_in(draft, person)
    with pytest.raises(ValidationError):
        nominated(focal, call=call, email=focal.email)


def test_the_secretariat_enters_and_withdraws_on_behalf_and_it_is_marked() -> None:
    staff, call = make_person("staff"), make_paper_call()
    entered = enter(actor=staff, call=call, country=kenya(), changes=NAMED)
    with pytest.raises(ValidationError) as wrong:
        hand_in_entered(actor=staff, nomination=entered, version=1)
    assert set(wrong.value.message_dict) == {"gender", "level_of_government", "expertise", "languages"}
    few = {name: WHOLE[name] for name in ("gender", "level_of_government", "expertise", "languages")}
    entered = save_words(actor=staff, nomination=entered, version=1, changes=few)
    done = hand_in_entered(actor=staff, nomination=entered, version=entered.version)
    assert done.state == "submitted" and done.moves.get().on_behalf
    for other in (make_person("coordinator"), make_person("admin"), make_person()):
        with pytest.raises(Refusal):
            enter(actor=other, call=call, country=kenya(), changes=NAMED)
    theirs = make_nomination(call, state="eligible")
    withdrawn = withdraw(actor=staff, nomination=theirs, reason="By letter of 3 March.")
    assert withdrawn.moves.get().on_behalf and withdrawn.moves.get().reason
    assert withdraw(actor=staff, nomination=theirs).moves.count() == 1


def test_a_draft_of_the_country_is_told_later(focal: User) -> None:
    call = make_paper_call()
    draft = nominate(actor=focal, call=call, changes={"name": "Ana Ruiz"}, attested=False)
    assert draft.state == "draft" and not settle()
    with pytest.raises(ValidationError):
        tell_nominee(actor=focal, nomination=draft, version=1, attested=True)
    draft = save_words(actor=focal, nomination=draft, version=1, changes={"email": "ana@example.org"})
    with pytest.raises(Refusal):
        save_words(actor=focal, nomination=draft, version=2, changes={"interests": WHOLE["interests"]})
    assert tell_nominee(actor=focal, nomination=draft, version=2, attested=True).state == "awaiting_nominee"
    assert len(settle()) == 1 and not Notice.objects.exclude(recipient=None).exists()


class TestAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_the_last_place_is_taken_once(self) -> None:
        focal, deputy = make_focal_point(), make_focal_point(role="deputy")
        call = make_paper_call(per_country_limit=1)
        results = at_once(
            *(
                lambda n=n, who=who: _try(
                    lambda: nominate(
                        actor=User.objects.get(pk=who.pk),
                        call=call,
                        changes={**NAMED, "email": f"a{n}@example.org"},
                        attested=True,
                    )
                )
                for n, who in enumerate((focal, deputy, focal))
            )
        )
        assert sorted(results) == ["Conflict", "Conflict", "Nomination"]
        assert Nomination.objects.filter(state="awaiting_nominee").count() == 1

    def test_two_presses_hand_in_once(self) -> None:
        make_focal_point()
        person = make_person()
        nomination = applied(person, make_paper_call(letter=False))
        at_once(*[lambda: handed_in(nomination, person).state] * 3)
        assert nomination.moves.count() == 1


def _try(act: Any) -> str:
    try:
        return type(act()).__name__
    except Conflict:
        return "Conflict"


LONG_ADDRESS = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.org"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", LONG_ADDRESS),
        ("referees", [{"name": "R", "position": "", "email": LONG_ADDRESS}]),
    ],
)
def test_an_address_longer_than_is_kept_is_told(field: str, value: Any, focal: User) -> None:
    """The mail system takes 254 characters; so does the column, on a database that counts them."""
    with pytest.raises(ValidationError) as refused:
        nominate(actor=focal, call=make_paper_call(), changes={"name": "N", field: value}, attested=False)
    assert set(refused.value.message_dict) == {field}


def test_direction_overrides_are_taken_out_of_what_stands_in_one_line(focal: User) -> None:
    changes = {
        "name": "\u202eada",
        "workplace": "City\u202e of\u2066 Lyon",
        "position": "\u200bPlanner\u2069",
        "referees": [{"name": "Re\u202efe", "position": "\u202bHead", "email": "r@example.org"}],
    }
    nomination = nominate(actor=focal, call=make_paper_call(), changes=changes, attested=False)
    assert (nomination.name, nomination.workplace, nomination.position) == ("ada", "City of Lyon", "Planner")
    assert list(nomination.referees.values_list("name", "position")) == [("Refe", "Head")]
