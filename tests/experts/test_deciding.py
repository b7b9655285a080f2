"""Preparing, departing, announcing: everyone one outcome, nobody outside the wiser before."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.verdicts import Conflict, Refusal
from experts.actions import announcing_decisions as announcing
from experts.actions.announcing_decisions import announce, summary_of
from experts.actions.deciding import decide_on, depart, rank_alternate, state_reasons
from experts.actions.recording import ask_for_record
from experts.actions.selecting import Asked, keep_selection, prepare_selection
from experts.decision_record import record_of
from experts.models import Appointment, Decision, DecisionItem, DuplicateVerdict, Nomination
from experts.states import state_shown_to
from tests.experts.panel_people import announced, decided, make_pool
from tests.factories import make_nomination, make_user

pytestmark = pytest.mark.django_db
Outcome = DecisionItem.Outcome


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def outcome_of(decision: Decision, person: Nomination) -> str:
    return decision.items.get(nomination=person).outcome


def in_two_weeks() -> Any:
    return timezone.now() + timedelta(days=14)


def test_everyone_of_the_pool_has_one_outcome_and_nothing_is_told(staff: Any) -> None:
    call, people, decision = decided(staff)
    assert decision.items.count() == len(people)
    assert [outcome_of(decision, person) for person in people[:3]] == [Outcome.MEMBER] * 3
    ranks = list(
        decision.items.filter(outcome=Outcome.ALTERNATE).order_by("rank").values_list("rank", flat=True)
    )
    assert ranks == list(range(1, len(ranks) + 1))
    outsider = make_user("expert")
    for person in Nomination.objects.select_related("call").filter(call=call):
        assert person.state in ("proposed", "alternate", "not_selected")
        assert state_shown_to(outsider, person) == "submitted"
    outbox.drain()
    assert mail.outbox == []
    public = Client().get(reverse("panel:members", args=[call.pk])).content.decode()
    assert people[0].name not in public


def test_deciding_twice_is_deciding_once(staff: Any) -> None:
    _call, _people, decision = decided(staff)
    again = decide_on(actor=staff, selection=decision.selection)
    assert (again.pk, again.version) == (decision.pk, decision.version)


def test_departing_needs_a_reason_and_the_present_version(staff: Any) -> None:
    _call, people, decision = decided(staff)
    plan: dict[str, Any] = {
        "actor": staff,
        "decision": decision,
        "nomination": people[0],
        "outcome": Outcome.NONE,
    }
    with pytest.raises(ValidationError):
        depart(**plan, version=decision.version, reason="  ")
    changed = depart(**plan, version=decision.version, reason="Changed post.")
    assert outcome_of(changed, people[0]) == Outcome.NONE
    people[0].refresh_from_db()
    assert people[0].state == "not_selected"
    with pytest.raises(Conflict):
        depart(**plan, version=decision.version, reason="Too late.")
    # Back to the proposal: no departure any more.
    back = depart(
        actor=staff,
        decision=changed,
        version=changed.version,
        nomination=people[0],
        outcome=Outcome.MEMBER,
        reason="",
    )
    item = back.items.get(nomination=people[0])
    assert (item.reason, item.departed_by) == ("", None)


def test_reasons_hold_nothing_that_no_database_keeps(staff: Any) -> None:
    _call, people, decision = decided(staff)
    held = depart(
        actor=staff,
        decision=decision,
        version=decision.version,
        nomination=people[0],
        outcome="regional",
        reason="So\x00 be it",
    )
    assert held.items.get(nomination=people[0]).reason == "So be it"
    with pytest.raises(ValidationError):
        rank_alternate(
            actor=staff, decision=held, version=held.version, nomination=people[5], up=True, reason="\x00"
        )
    held = state_reasons(actor=staff, decision=held, version=held.version, statement="One\x00 left")
    assert held.statement == "One left"


def test_alternates_change_places_with_a_reason(staff: Any) -> None:
    _call, _people, decision = decided(staff)
    first, second = decision.items.filter(outcome=Outcome.ALTERNATE).order_by("rank")[:2]
    rank_alternate(
        actor=staff,
        decision=decision,
        version=decision.version,
        nomination=second.nomination,
        up=True,
        reason="Better placed.",
    )
    order = list(
        decision.items.filter(outcome=Outcome.ALTERNATE).order_by("rank").values_list("pk", flat=True)[:2]
    )
    assert order == [second.pk, first.pk]


def test_one_person_is_never_taken_in_twice(staff: Any) -> None:
    _call, people, decision = decided(staff)
    DuplicateVerdict.objects.create(first=people[0], second=people[5], same=True, decided_by=staff)
    with pytest.raises(ValidationError):
        depart(
            actor=staff,
            decision=decision,
            version=decision.version,
            nomination=people[5],
            outcome=Outcome.MEMBER,
            reason="x",
        )


def test_a_rule_that_is_broken_needs_a_statement(staff: Any) -> None:
    quotas = ({"attribute": "gender", "value": "woman", "min": 1, "max": None},)
    _call, people, decision = decided(staff, quotas=quotas)
    decision = depart(
        actor=staff,
        decision=decision,
        version=decision.version,
        nomination=people[0],
        outcome=Outcome.NONE,
        reason="x",
    )
    assert summary_of(decision).problems
    with pytest.raises(ValidationError):
        announce(actor=staff, decision=decision, version=decision.version, answer_by=in_two_weeks())
    assert not Appointment.objects.exists()
    decision = state_reasons(actor=staff, decision=decision, version=decision.version, statement="Agreed so.")
    announce(actor=staff, decision=decision, version=decision.version, answer_by=in_two_weeks())
    assert Appointment.objects.filter(group__slug="expert-working-group").count() == 2


def test_who_withdrew_or_came_in_since_stands_in_the_way(staff: Any) -> None:
    call, people, decision = decided(staff)
    Nomination.objects.filter(pk=people[0].pk).update(state="withdrawn")
    late = make_nomination(call, state="scored", country="CHL", merit=5)
    said = " ".join(summary_of(decision).problems)
    assert people[0].name in said
    assert late.name in said


def test_the_announcement_tells_each_person_once_in_their_language(staff: Any) -> None:
    call, people, decision = decided(staff)
    Nomination.objects.filter(pk=people[0].pk).update(language="fr")
    plan = {"actor": staff, "decision": decision, "version": decision.version, "answer_by": in_two_weeks()}
    announce(**plan)
    announce(**plan)
    outbox.drain()
    addresses = [message.to[0] for message in mail.outbox]
    assert sorted(addresses) == sorted(person.email for person in people)
    french = next(m for m in mail.outbox if m.to == [people[0].email])
    assert "/fr/places/" in french.body
    assert french.attachments[0][1][:5] == b"%PDF-"
    call.refresh_from_db()
    assert call.decided_at is not None
    assert Appointment.objects.count() == len(people) - decision.items.filter(outcome="alternate").count()
    with pytest.raises(Conflict):
        depart(
            actor=staff,
            decision=Decision.objects.get(),
            version=decision.version,
            nomination=people[0],
            outcome=Outcome.NONE,
            reason="x",
        )


def test_never_an_acceptance_and_a_refusal_to_one_person(staff: Any) -> None:
    call, people = make_pool(6)
    twin = make_nomination(call, state="scored", country="CHL", merit=1, email=people[0].email)
    asked = Asked(seats=2, quotas=(), per_country=None, include={}, exclude={}, seed=1)
    selection = keep_selection(actor=staff, prepared=prepare_selection(actor=staff, call=call, asked=asked))
    outbox.drain()
    selection.refresh_from_db()
    decision = decide_on(actor=staff, selection=selection)
    assert outcome_of(decision, twin) == Outcome.NONE
    announce(actor=staff, decision=decision, version=decision.version, answer_by=in_two_weeks())
    outbox.drain()
    assert [m.to[0] for m in mail.outbox].count(people[0].email) == 1
    assert Appointment.objects.filter(nomination__email=people[0].email).count() == 1


def test_an_announcement_that_dies_halfway_leaves_nothing(
    staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _call, people, decision = decided(staff)
    calls = 0

    def dies(**fields: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise SystemExit
        return real(**fields)

    real = announcing.offer
    monkeypatch.setattr(announcing, "offer", dies)
    with pytest.raises(SystemExit):
        announce(actor=staff, decision=decision, version=decision.version, answer_by=in_two_weeks())
    assert not Appointment.objects.exists()
    people[0].refresh_from_db()
    assert people[0].state == "proposed"
    outbox.drain()
    assert mail.outbox == []


@pytest.mark.parametrize("role", ["expert", "drafter", "coordinator", "focal_point", "admin"])
def test_only_the_secretariat_decides(role: str, staff: Any) -> None:
    _call, people, decision = decided(staff, 6)
    other = make_user(role)
    with pytest.raises(Refusal):
        decide_on(actor=other, selection=decision.selection)
    with pytest.raises(Refusal):
        announce(actor=other, decision=decision, version=decision.version, answer_by=in_two_weeks())
    with pytest.raises(Refusal):
        depart(
            actor=other, decision=decision, version=1, nomination=people[0], outcome=Outcome.NONE, reason="x"
        )


def test_the_record_is_made_in_the_background_and_read_by_the_secretariat(
    staff: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    _call, _people, decision = decided(staff)
    job = ask_for_record(actor=staff, decision=decision, language="ar")
    outbox.drain()
    job.refresh_from_db()
    assert job.state == "done", job.message
    decision.refresh_from_db()
    assert decision.record is not None
    path = reverse("file_download", args=[decision.record.uuid])
    client = Client()
    client.force_login(staff)
    assert b"".join(client.get(path).streaming_content).startswith(b"%PDF-")
    stranger = Client()
    stranger.force_login(make_user("expert"))
    assert stranger.get(path).status_code == 404


def test_pages_of_the_decision_through_to_the_announcement(staff: Any) -> None:
    call, people, decision = decided(staff)
    client = Client()
    client.force_login(staff)
    page = reverse("panel:decision", args=[call.pk])
    assert people[0].name in client.get(page).content.decode()
    wrong = client.post(page, {"version": decision.version, "nomination": people[0].uuid, "outcome": "none"})
    assert wrong.status_code == 400
    stale = client.post(page, {"version": 99, "nomination": people[0].uuid, "outcome": "none", "reason": "x"})
    assert stale.status_code == 409
    confirm = reverse("panel:announce", args=[call.pk])
    form = client.get(confirm).context["form"]
    sent = {"version": form["version"].value(), "answer_by": form["answer_by"].value()}
    assert client.post(confirm, {**sent, "answer_by": "2020-01-01T00:00"}).status_code == 400
    assert client.post(confirm, sent)["Location"] == reverse("panel:invited", args=[call.pk])
    assert people[0].name in client.get(reverse("panel:invited", args=[call.pk])).content.decode()


def test_pages_ask_as_much_for_many_as_for_few(staff: Any, django_assert_max_num_queries: Any) -> None:
    client = Client()
    client.force_login(staff)
    for size in (8, 30):
        call, _people, _decision = announced(staff, size)
        for name in ("decision", "invited", "members"):
            with django_assert_max_num_queries(28):
                assert client.get(reverse(f"panel:{name}", args=[call.pk])).status_code == 200


def test_the_record_tells_what_was_decided_beside_what_was_proposed(staff: Any) -> None:
    _call, people, decision = decided(
        staff, quotas=({"attribute": "gender", "value": "woman", "min": 1, "max": None},)
    )
    out, taken_in = people[0], decision.items.filter(outcome=Outcome.ALTERNATE).get(rank=1).nomination
    for person, outcome in ((out, Outcome.NONE), (taken_in, Outcome.MEMBER)):
        decision = depart(
            actor=staff,
            decision=decision,
            version=decision.version,
            nomination=person,
            outcome=outcome,
            reason="Asked for it.",
        )
    blocks = record_of(decision, announcing.broken_rules(decision)).blocks
    said = str(blocks)
    proposed = sum(person.merit for person in people[:3])
    assert f"{proposed:.2f}" in said and f"{proposed - out.merit + taken_in.merit:.2f}" in said
    balance = next(block for block in blocks if block["kind"] == "table" and block["head"][0] == "Gender")
    women = next(row for row in balance["rows"] if row[0] == "Woman")
    members = [item.nomination for item in decision.items.filter(outcome=Outcome.MEMBER)]
    assert women[1:3] == [str(sum(m.gender == "woman" for m in members)), "from 1"]


def test_every_column_of_the_record_has_room(staff: Any) -> None:
    _call, people, decision = decided(staff)
    decision = depart(
        actor=staff,
        decision=decision,
        version=decision.version,
        nomination=people[0],
        outcome=Outcome.NONE,
        reason="A long reason that takes all the room there is. " * 4,
    )
    departures = next(
        block
        for block in record_of(decision, []).blocks
        if block["kind"] == "table" and block["head"][0] == "Person" and "By" in block["head"]
    )
    assert len(departures["widths"]) == len(departures["head"]) and min(departures["widths"]) > 0
