"""A panel that several people decide on, announce, and leave, at the same moment."""

from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from accounts.models import User
from core.models import Outbox
from core.verdicts import Conflict
from experts import panel_mails
from experts.actions import announcing_decisions, deciding
from experts.actions.announcing_decisions import announce
from experts.actions.deciding import STATE_OF, decide_on, depart
from experts.actions.duplicates import decide_duplicate
from experts.actions.replacing import move_up
from experts.actions.selecting import discard_selection
from experts.actions.submitting import withdraw
from experts.models import Appointment, Decision, DecisionItem, Nomination, Selection
from tests.experts.at_once.panels import (
    announced,
    compute,
    deliver_by_three,
    drain_by_three,
    in_two_weeks,
    make_pool,
    rows_about,
    state_of,
)
from tests.experts.at_once.threads import at_once, meeting, refused
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
# Who is told that they weren't chosen, or wait as alternates.
TOLD_NO = ("List of alternates", "The panel has been chosen")


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture(autouse=True)
def _plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters take a second each, and are tested elsewhere."""
    monkeypatch.setattr(panel_mails, "pdf_of", lambda paper: b"%PDF-")


def decided(staff: User, **asked: Any) -> tuple[Decision, list[Nomination]]:
    call, people = make_pool()
    return decide_on(actor=staff, selection=compute(staff, call, **asked)), people


def tell(staff: User, decision: Decision) -> Any:
    return announce(actor=staff, decision=decision, version=decision.version, answer_by=in_two_weeks())


def otherwise(staff: User, decision: Decision, person: Nomination, outcome: str = "none") -> Any:
    version, why = decision.version, "We know better."
    return depart(
        actor=staff, decision=decision, version=version, nomination=person, outcome=outcome, reason=why
    )


def account_of(nomination: Nomination) -> User:
    person = make_user(email=nomination.email)
    Nomination.objects.filter(pk=nomination.pk).update(nominee=person)
    return person


def agree(decision: Decision) -> None:
    """Every nomination stands where its one item says."""
    for item in DecisionItem.objects.filter(decision=decision).select_related("nomination"):
        assert item.nomination.state in (STATE_OF[DecisionItem.Outcome(item.outcome)], "withdrawn")


def all_rows(decision: Decision) -> list[int]:
    places = Appointment.objects.filter(nomination__call=decision.call)
    return rows_about(*places, *decision.items.all())


def addresses() -> list[str]:
    return [message.to[0] for message in mail.outbox]


def test_two_decide_on_two_panels_and_one_departs(staff: Any) -> None:
    call, people = make_pool()
    one, two = (compute(staff, call, seats=seats) for seats in (3, 5))
    first = decide_on(actor=staff, selection=one)
    other = make_user("staff")
    results = at_once(
        partial(decide_on, actor=staff, selection=two),
        partial(decide_on, actor=other, selection=one),
        partial(otherwise, other, first, people[1]),
    )
    assert set(refused(results)) <= {Conflict}
    decision = Decision.objects.get(call=call)
    assert decision.items.count() == len(people)
    agree(decision)
    members = decision.items.filter(outcome="member").count()
    assert members in ({3, 2} if decision.selection_id == one.pk else {5, 4})


def test_the_first_decision_is_made_once(staff: Any) -> None:
    call, people = make_pool()
    selection = compute(staff, call)
    with meeting(deciding, "lock_decision"):
        results = at_once(*[partial(decide_on, actor=staff, selection=selection)] * 2)
    assert refused(results) == [] and len({result.pk for result in results}) == 1
    assert DecisionItem.objects.filter(decision__call=call).count() == len(people)


def test_two_depart_from_the_same_version(staff: Any) -> None:
    decision, people = decided(staff)
    results = at_once(
        partial(otherwise, staff, decision, people[0]),
        partial(otherwise, make_user("staff"), decision, people[1]),
    )
    assert refused(results) == [Conflict]
    agree(decision)


def test_decided_while_people_withdraw(staff: Any) -> None:
    """Nobody's withdrawal stops the decision, and who withdrew is no member of it when it is announced."""
    call, people = make_pool()
    selection, nominee = compute(staff, call), account_of(people[0])
    with meeting(deciding, "regions_by_country"), meeting(deciding, "move"):
        results = at_once(
            partial(decide_on, actor=staff, selection=selection),
            partial(withdraw, actor=nominee, nomination=people[0]),
        )
    assert refused(results) == []
    decision = Decision.objects.get(call=call)
    assert state_of(people[0]) == "withdrawn"
    agree(decision)
    with pytest.raises(ValidationError):
        tell(staff, decision)


def test_no_decision_rests_on_a_panel_that_was_put_aside(staff: Any) -> None:
    for _n in range(2):
        call, _people = make_pool()
        selection = compute(staff, call)
        with meeting(deciding, "_renewed"):
            results = at_once(
                partial(decide_on, actor=staff, selection=selection),
                partial(discard_selection, actor=staff, selection=Selection.objects.get(pk=selection.pk)),
            )
        assert refused(results) == [Conflict]
        aside = Selection.objects.get(pk=selection.pk).discarded_at is not None
        assert Decision.objects.filter(call=call).exists() is not aside


# --- Announcing -----------------------------------------------------------------------------------------------


def test_announced_twice_at_once_and_told_by_three_workers_is_told_once(staff: Any) -> None:
    decision, people = decided(staff)
    results = at_once(partial(tell, staff, decision), partial(tell, make_user("staff"), decision))
    assert refused(results) == []
    outcomes = dict(decision.items.values_list("nomination", "outcome"))
    offered = Appointment.objects.filter(nomination__call=decision.call)
    assert sorted(offered.values_list("nomination", flat=True)) == sorted(
        pk for pk, outcome in outcomes.items() if outcome in ("member", "regional")
    )
    assert offered.filter(group__slug="expert-working-group").count() == 3
    rows = all_rows(decision)
    assert len(rows) == len(people)
    drain_by_three()
    # Other calls of this folder's database have their mails, too.
    mine = {person.email for person in people}
    assert sorted(address for address in addresses() if address in mine) == sorted(mine)
    chosen = {people[n].email for n in range(3)}
    for message in (message for message in mail.outbox if message.to[0] in mine):
        assert message.subject.startswith(TOLD_NO) is not ("Invitation" in message.subject)
        assert message.to[0] not in chosen or "Invitation" in message.subject


def test_announced_while_members_and_others_withdraw(staff: Any) -> None:
    """Whoever withdrew is told nothing; and either the panel is whole, or it isn't announced."""
    for _n in range(2):
        mail.outbox.clear()
        decision, people = decided(staff)
        leaving = [people[0], people[6]]
        accounts = [account_of(person) for person in leaving]
        with meeting(announcing_decisions, "_mails", parties=3, after=True):
            results = at_once(
                partial(tell, staff, decision),
                *(partial(withdraw, actor=a, nomination=n) for n, a in zip(leaving, accounts, strict=True)),
            )
        assert set(refused(results)) <= {ValidationError}
        places = Appointment.objects.filter(
            nomination__call=decision.call, group__slug="expert-working-group"
        )
        assert places.count() == (0 if refused(results) else 3)
        deliver_by_three(all_rows(decision))
        assert not {person.email for person in leaving} & set(addresses())
        assert {state_of(person) for person in leaving} == {"withdrawn"}


def test_announced_while_somebody_departs(staff: Any) -> None:
    """What is told is what stands; a departure that comes late is told so."""
    decision, people = decided(staff)
    results = at_once(partial(tell, staff, decision), partial(otherwise, staff, decision, people[6]))
    assert refused(results) == [Conflict]
    decision.refresh_from_db()
    item = decision.items.get(nomination=people[6])
    assert (item.outcome == item.proposed) is bool(decision.announced_at)
    assert bool(rows_about(item)) is bool(decision.announced_at)
    if not decision.announced_at:
        agree(decision)


def test_two_found_to_be_one_person_while_it_is_announced(staff: Any) -> None:
    """No deadlock; where it was found first the person is told one thing."""
    for first, second in ((4, 3), (5, 7)):
        decision, people = decided(staff)
        pair = {"first": people[first].pk, "second": people[second].pk}
        results = at_once(
            partial(tell, staff, decision),
            partial(
                decide_duplicate, actor=staff, call=decision.call, **pair, same=True, reason="Same passport."
            ),
        )
        assert set(refused(results)) <= {ValidationError}
        decision.refresh_from_db()
        assert bool(decision.announced_at) is not isinstance(results[0], ValidationError)


def test_who_is_moved_up_before_the_refusal_goes_out_gets_no_refusal(staff: Any) -> None:
    """The mail server was away at the announcement; meanwhile a place became free."""
    decision, people = announced(staff)
    alternate = decision.items.filter(outcome="alternate").order_by("rank").first()
    assert alternate is not None
    place = Appointment.objects.select_related("nomination__call", "group").get(nomination=people[0])
    Appointment.objects.filter(pk=place.pk).update(answer="declined", answered_at=in_two_weeks())
    Nomination.objects.filter(pk=people[0].pk).update(state="declined")
    move_up(
        actor=staff,
        decision=decision,
        pairs=[(place, alternate.nomination)],
        expires_at=in_two_weeks(),
    )
    drain_by_three()
    to_them = [message.subject for message in mail.outbox if message.to == [alternate.nomination.email]]
    assert len(to_them) == 1 and "Invitation" in to_them[0]
    assert people[0].email not in addresses()
    assert not Outbox.objects.filter(pk__in=all_rows(decision)).exists()
