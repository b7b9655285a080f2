"""One nomination in several hands at the same moment: saved, handed in, endorsed, given back, withdrawn, screened."""

from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions.invitations import accept_invitation, token_of
from accounts.actions.missions import hand_over
from accounts.actions.people import keep_person
from accounts.models import Country, Organisation, User
from core import outbox
from core.models import AuditEntry, Notice, Outbox, subject_of
from core.verdicts import Conflict, Refusal, Vanished
from experts.actions import linking, screening, writing
from experts.actions.linking import refuse_by_link, take_over
from experts.actions.nominating import apply_for, nominate
from experts.actions.screening import close_scoring, screen
from experts.actions.submitting import endorse, give_back, withdraw
from experts.actions.writing import save_words
from experts.models import Call, Nomination, NomineeLink
from tests.experts.at_once.threads import at_once, meeting, refused, went_through
from tests.experts.nominees import fill, handed_in, make_focal_point, make_paper_call, make_person
from tests.factories import make_nomination, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def plain_call(**fields: Any) -> Call:
    """A call that asks for no papers."""
    call = make_paper_call(letter=False, **fields)
    call.papers.all().delete()
    return call


def draft_of(person: User, call: Call, country: str = "KEN") -> Nomination:
    return fill(apply_for(actor=person, call=call, country=Country.objects.get(pk=country)), person)


def now(nomination: Nomination) -> Nomination:
    return Nomination.objects.select_related("call").get(pk=nomination.pk)


def test_two_who_save_the_same_draft() -> None:
    """Two windows: one is kept, the others are told, and nothing of them is mixed in."""
    person = make_person()
    draft = draft_of(person, plain_call())

    def save(n: int) -> Any:
        words = {"motivation": f"Words {n}.", "workplace": f"City {n}"}
        return save_words(actor=person, nomination=draft, version=draft.version, changes=words)

    with meeting(writing, "clean_changes", parties=4):
        results = at_once(*(partial(save, n) for n in range(4)))
    assert refused(results) == [Conflict] * 3
    kept = now(draft)
    assert kept.version == draft.version + 1
    assert kept.motivation.removeprefix("Words ") == kept.workplace.removeprefix("City ") + "."


def test_autosave_against_handing_in() -> None:
    """What is handed in is what the nominee saw, or they are told: nobody hands in words they didn't read."""
    person = make_person()
    for _n in range(3):
        draft = draft_of(person, plain_call())
        saved, sent = at_once(
            partial(
                save_words,
                actor=person,
                nomination=draft,
                version=draft.version,
                changes={"motivation": "Later words."},
            ),
            partial(handed_in_at, draft, person, draft.version),
        )
        after = now(draft)
        if isinstance(sent, Conflict):
            assert after.state == "draft" and after.motivation == "Later words."
        else:
            # Saved after it, the receipt is of what it says now, and the version tells the focal point.
            assert after.state == "awaiting_endorsement" and not isinstance(saved, Exception)
            assert (after.motivation, after.version) == ("Later words.", draft.version + 1)
            assert after.receipt != sent.receipt
            focal = make_focal_point("KEN", role="deputy")
            with pytest.raises(Conflict):
                endorse(actor=focal, nomination=after, version=draft.version)


def handed_in_at(draft: Nomination, person: User, version: int) -> Nomination:
    from accounts.queries import consent_text
    from experts.actions.submitting import CONSENT, hand_in

    text = consent_text(1, "en", CONSENT)
    return hand_in(actor=person, nomination=draft, version=version, consent=text, declared=True)


def test_handed_in_four_times_is_once() -> None:
    person, call = make_person(), plain_call()
    draft = draft_of(person, call)
    results = at_once(*[partial(handed_in_at, draft, person, draft.version)] * 4)
    assert refused(results) == []
    assert {result.receipt for result in results} == {now(draft).receipt}
    assert draft.moves.count() == 1


@pytest.mark.parametrize("first", ["endorse", "withdraw"])
def test_endorsed_given_back_and_withdrawn_at_once(first: str) -> None:
    """Every act is on the record, one follows the other, and a withdrawal holds."""
    person, call = make_person(), plain_call()
    focal = make_focal_point("SLV" if first == "endorse" else "GTM")
    country = focal.country_id
    nomination = handed_in(draft_of(person, call, country), person)
    works = {
        "endorse": partial(endorse, actor=focal, nomination=nomination, version=nomination.version),
        "give_back": partial(give_back, actor=focal, nomination=nomination, reason="A date is missing."),
        "withdraw": partial(withdraw, actor=person, nomination=nomination),
    }
    order = [first, *(name for name in works if name != first)]
    results = at_once(*(works[name] for name in order), works["withdraw"])
    assert set(refused(results)) <= {Refusal}
    after = now(nomination)
    assert after.state == "withdrawn"
    steps = list(nomination.moves.order_by("pk").values_list("before", "after"))
    assert all(one[1] == two[0] for one, two in zip(steps, steps[1:], strict=False))
    assert sum(step[1] == "withdrawn" for step in steps) == 1
    assert not {"draft", "submitted"} <= {step[1] for step in steps}


def test_an_application_begun_three_times_at_once_is_one() -> None:
    person, call = make_person(), plain_call()
    kenya = Country.objects.get(pk="KEN")
    results = at_once(*[partial(apply_for, actor=person, call=call, country=kenya)] * 3)
    assert {result.pk for result in results} == {Nomination.objects.get(call=call).pk}


def test_one_link_opens_for_one() -> None:
    """Taken over in two windows, and refused by the link, at once."""
    focal, call = make_focal_point("PRY"), plain_call(per_country_limit=None)
    for n in range(3):
        words = {"name": "Ana", "email": f"ana-{call.pk}-{n}@example.org"}
        nomination = nominate(actor=focal, call=call, changes=words, attested=True)
        ana = make_person(email=words["email"])
        Nomination.objects.filter(pk=nomination.pk).update(nominee=None)
        token = linking.token_of(NomineeLink.objects.get(nomination=nomination))
        results = at_once(
            partial(take_over, actor=ana, token=token),
            partial(refuse_by_link, token=token),
            partial(take_over, actor=ana, token=token),
        )
        after = now(nomination)
        assert set(refused(results)) <= {Vanished}
        if after.state == "withdrawn":
            assert after.nominee is None and refused(results) == [Vanished] * 2
        else:
            assert after.nominee == ana and refused(results) == [Vanished]


def test_two_nominees_who_are_given_the_same_address_at_once() -> None:
    focal, call = make_focal_point("PAN"), plain_call(per_country_limit=None)
    one, two = (
        nominate(
            actor=focal,
            call=call,
            changes={"name": "Ana", "email": f"a{n}-{call.pk}@x.org"},
            attested=True,
        )
        for n in range(2)
    )
    same = {"email": f"same-{call.pk}@x.org"}
    with meeting(writing, "clean_changes"):
        results = at_once(
            *(
                partial(save_words, actor=focal, nomination=n, version=n.version, changes=same)
                for n in (one, two)
            )
        )
    assert refused(results) == [Conflict]
    assert call.nominations.filter(**same).count() == 1


def test_the_mission_is_handed_over_while_the_old_focal_point_endorses() -> None:
    """Endorsed once, by the one or the other, and the nominee is told once."""
    person, call = make_person(), plain_call()
    old = make_focal_point("CRI")
    state = Organisation.objects.get(country="CRI", kind="member_state")
    nomination = handed_in(draft_of(person, call, "CRI"), person)
    told = {"name": "New", "email": f"new-{call.pk}@example.org", "language": "en", "leaves": True}
    invitation = hand_over(actor=old, organisation=state, **told)
    new = keep_person(email=invitation.email, name="New", roles=["participant"])
    token = token_of(invitation)

    def by(who: User) -> Any:
        return endorse(actor=User.objects.get(pk=who.pk), nomination=nomination, version=nomination.version)

    take = partial(accept_invitation, actor=User.objects.get(pk=new.pk), token=token)
    results = at_once(take, partial(by, old), partial(by, new), take)
    assert set(refused(results)) <= {Refusal}
    after = now(nomination)
    if after.state == "awaiting_endorsement":
        by(new)  # the old one was too late, the new one too early
        after = now(nomination)
    assert after.state == "submitted" and after.endorsed_by in (old, new)
    assert nomination.moves.filter(after="submitted").count() == 1
    move = subject_of(nomination.moves.get(after="submitted"))
    row = Outbox.objects.get(handler="experts.tell_of_move", subject=move)
    delivered = at_once(*[partial(outbox.deliver, row.pk)] * 3)
    assert sorted(delivered) == [False, False, True]
    assert Notice.objects.filter(recipient=person, subject=move).count() == 1
    with pytest.raises(Refusal):
        withdraw(actor=User.objects.get(pk=old.pk), nomination=nomination)


def test_screened_by_two_with_different_outcomes() -> None:
    one, two = make_user("staff"), make_user("staff")
    call = plain_call()
    rows = [make_nomination(call, country=code) for code in ("KEN", "FRA", "BRA")]
    seen = {row.uuid: row.state for row in rows}
    ground = {"ground": "other", "words": "Not from here."}
    with meeting(screening, "lock_call"):
        results = at_once(
            partial(screen, actor=one, call=call, seen=seen, to="eligible"),
            partial(screen, actor=two, call=call, seen=seen, to="ineligible", **ground),
        )
    assert refused(results) == [Conflict] and went_through(results) == [3]
    assert len(set(call.nominations.values_list("state", flat=True))) == 1
    assert AuditEntry.objects.filter(actor__in=(one, two), action="nomination.move").count() == 3


def test_closing_the_scoring_leaves_out_who_withdraws_at_that_moment() -> None:
    """Nobody's withdrawal keeps the secretariat from closing, and nobody who withdrew is scored."""
    staff = make_user("staff")
    call = plain_call(scoring_opens_at=None)
    people = [make_person() for _n in range(2)]
    leaving = make_nomination(call, state="eligible", merit=80, nominee=people[0], email=people[0].email)
    staying = make_nomination(call, state="eligible", merit=70, nominee=people[1], email=people[1].email)
    with meeting(screening, "phase_of", parties=2), meeting(screening, "move", parties=2):
        results = at_once(
            partial(close_scoring, actor=staff, call=call),
            partial(withdraw, actor=people[0], nomination=leaving),
        )
    assert refused(results) == []
    assert (now(leaving).state, now(staying).state) == ("withdrawn", "scored")
    assert timezone.now() > now(leaving).changed_at
