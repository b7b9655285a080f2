"""The account of the funding: who keeps it, what it refuses, and that nothing in it is lost."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.models import Organisation
from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from roadmap import protection
from roadmap.actions.cost_lines import change_line, order_lines
from roadmap.actions.milestone_dates import today
from roadmap.actions.rates import enter_rate, withdraw_rate
from roadmap.actions.scenarios import adopt_proposal, create_scenario, decide_line
from roadmap.actions.snapshots import take_snapshot
from roadmap.funding_list import unnamed_on
from roadmap.funding_queries import funding_position, funding_series, ledger_of
from roadmap.funding_rules import may_manage_funding, may_see_scenario, may_see_transaction
from roadmap.models import CostLine, ExchangeRate, FundingScenario, FundingSnapshot, FundingTransaction
from roadmap.scenario_queries import plans_for, proposal_for
from roadmap.snapshots import hash_of
from tests.factories import make_user
from tests.roadmap.funded import ON, make_budget, make_entry, make_line, make_rate, replace

pytestmark = pytest.mark.django_db

LATER = date(2024, 3, 1)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def named(error: Any) -> list[str]:
    return sorted(error.value.message_dict)


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("role", ["anonymous", "participant", "drafter", "admin", "focal_point", "staff"])
def test_rule_and_list_agree_for_everyone(role: str, public: bool, staff: Any) -> None:
    entry = make_entry(staff, public=public)
    scenario = create_scenario(actor=staff, guidelines=make_budget(), titles={"en": "S"}, public=public)
    person = AnonymousUser() if role == "anonymous" else make_user(role)
    seen = public or role == "staff"
    assert FundingTransaction.objects.visible_to(person).filter(pk=entry.pk).exists() == seen
    assert bool(may_see_transaction(person, entry)) == seen
    assert FundingScenario.objects.visible_to(person).filter(pk=scenario.pk).exists() == seen
    assert bool(may_see_scenario(person, scenario)) == seen
    assert bool(may_manage_funding(person)) == (role == "staff")


def test_only_the_secretariat_keeps_the_account(staff: Any) -> None:
    other, budget = make_user("drafter"), make_budget()
    line, entry, rate = make_line(staff), make_entry(staff), make_rate(staff)
    scenario = create_scenario(actor=staff, guidelines=budget, titles={"en": "S"})
    before = AuditEntry.objects.count()
    for act in (
        lambda: make_line(other),
        lambda: change_line(actor=other, line=line, unit_cost=Decimal(1), reason="x"),
        lambda: order_lines(actor=other, guidelines=budget, order={}),
        lambda: make_entry(other),
        lambda: replace(other, entry, "cancellation", on=LATER),
        lambda: make_rate(other, on=LATER),
        lambda: withdraw_rate(actor=other, rate=rate, reason="x"),
        lambda: take_snapshot(actor=other, guidelines=budget, titles={"en": "x"}, on=ON),
        lambda: create_scenario(actor=other, guidelines=budget, titles={"en": "x"}),
        lambda: decide_line(actor=other, scenario=scenario, line=line, fate="falls", reason="x", on=ON),
        lambda: adopt_proposal(actor=other, scenario=scenario, on=ON),
    ):
        with pytest.raises(Refusal):
            act()
    assert AuditEntry.objects.count() == before


def test_who_asks_later_not_to_be_named_isnt(staff: Any) -> None:
    entry = make_entry(staff)
    hidden = replace(staff, entry, "correction", public=False, reason="They asked.")
    entry = FundingTransaction.objects.get(pk=entry.pk)
    for each in (entry, hidden):
        assert not may_see_transaction(AnonymousUser(), each)
    assert not FundingTransaction.objects.public().exists()
    assert funding_position(make_budget(), at=ON).pledged == 100


def test_an_amount_is_turned_into_dollars_by_the_rate_of_its_day(staff: Any) -> None:
    make_rate(staff, "0.8")
    make_rate(staff, "0.5", on=ON + timedelta(days=5))
    made = [make_entry(staff, "100", currency="EUR", on=ON + timedelta(days=n)) for n in (0, 4, 5, 35)]
    assert [entry.amount_usd for entry in made] == [125, 125, 200, 200]
    assert make_entry(staff, "0.01", currency="EUR").amount_usd == Decimal("0.01")
    for day in (ON - timedelta(days=1), ON + timedelta(days=36)):
        with pytest.raises(ValidationError) as error:
            make_entry(staff, "100", currency="EUR", on=day)
        assert "There is no rate of EUR" in error.value.message_dict["currency"][0]


def test_a_wrong_rate_is_withdrawn_and_what_was_converted_says_so(staff: Any) -> None:
    rate = make_rate(staff, "8")
    assert make_rate(staff, "8").pk == rate.pk
    entry = make_entry(staff, "100", currency="EUR")
    with pytest.raises(ValidationError):
        make_rate(staff, "0.8")
    make_rate(staff, "0.00000001", currency="JPY")
    with pytest.raises(ValidationError):
        make_entry(staff, "999999999999", currency="JPY")
    withdraw_rate(actor=staff, rate=rate, reason="A decimal point.")
    with pytest.raises(Conflict):
        withdraw_rate(actor=staff, rate=rate, reason="Again.")
    make_rate(staff, "0.8")
    mended = replace(staff, entry, "correction")
    entry.refresh_from_db()
    assert (entry.amount_usd, mended.amount_usd) == (Decimal("12.50"), 125)
    assert entry.rate and entry.rate.withdrawn_at


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"currency": "USD"}, "currency"),
        ({"currency": "XYZ"}, "currency"),
        ({"per_usd": Decimal(0)}, "per_usd"),
        ({"per_usd": Decimal("NaN")}, "per_usd"),
        ({"source": " "}, "source"),
        ({"on": date(2199, 1, 1)}, "on"),
    ],
)
def test_rates_that_cant_be(fields: dict[str, Any], field: str, staff: Any) -> None:
    rate = {"currency": "EUR", "on": ON, "per_usd": Decimal("0.9"), "source": "UN", **fields}
    with pytest.raises(ValidationError) as error:
        enter_rate(actor=staff, **rate)
    assert named(error) == [field]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "gift"}, "kind"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"amount": "1000000000000"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"on": date(2199, 1, 1)}, "on"),
        ({"on": date(1999, 1, 1)}, "on"),
        ({"source": "", "country": None}, "source"),
        ({"source": "x" * 201}, "source"),
    ],
)
def test_entries_that_cant_be(fields: dict[str, Any], field: str, staff: Any) -> None:
    with pytest.raises(ValidationError) as error:
        make_entry(staff, **{"source": "A foundation", **fields})
    assert named(error) == [field] and not FundingTransaction.objects.exists()


def test_sent_twice_it_is_one(staff: Any) -> None:
    key = uuid4()
    assert make_entry(staff, uuid=key).pk == make_entry(staff, uuid=key).pk
    assert make_line(staff, uuid=key).pk == make_line(staff, uuid=key).pk
    assert FundingTransaction.objects.count() == CostLine.objects.count() == 1


def test_what_fulfils_what(staff: Any) -> None:
    pledge = make_entry(staff, "600", on=ON)
    commitment = make_entry(staff, "400", "commitment", on=LATER, fulfils=pledge)
    make_entry(staff, "150", "receipt", on=LATER, fulfils=commitment)
    position = funding_position(make_budget(), at=LATER)
    assert (position.pledged, position.committed, position.received) == (200, 250, 150)
    for kind, fulfils, more, field in (
        ("pledge", pledge, {}, "fulfils"),
        ("commitment", commitment, {}, "fulfils"),
        ("receipt", pledge, {"source": "Somebody else"}, "fulfils"),
        ("receipt", pledge, {"in_kind": True}, "fulfils"),
        ("receipt", commitment, {"on": ON}, "on"),
        ("receipt", make_entry(staff, guidelines=make_budget("other")), {}, "fulfils"),
    ):
        with pytest.raises(ValidationError) as error:
            make_entry(staff, "1", kind, **{"on": LATER, "fulfils": fulfils, **more})
        assert named(error) == [field]


def test_corrections_and_cancellations_are_new_entries_with_a_reason(staff: Any) -> None:
    entry = make_entry(staff, "100")
    with pytest.raises(ValidationError) as error:
        replace(staff, entry, "correction", amount=Decimal(90), reason=" ")
    assert named(error) == ["reason"]
    for how, more, field in (
        ("change", {"amount": Decimal(90)}, "on"),
        ("change", {"amount": Decimal(0), "on": LATER}, "amount"),
        ("cancellation", {"amount": Decimal(3), "on": LATER}, "amount"),
        ("cancellation", {"on": ON - timedelta(days=1)}, "on"),
        ("oblivion", {"on": LATER}, "replacement"),
    ):
        with pytest.raises(ValidationError) as error:
            replace(staff, entry, how, **more)
        assert named(error) == [field]
    changed = replace(staff, entry, "change", on=LATER, amount=Decimal(70))
    with pytest.raises(Conflict):
        replace(staff, entry, "change", on=LATER, amount=Decimal(60))
    cancelled = replace(staff, changed, "cancellation", on=LATER + timedelta(days=1))
    pledged = [p.pledged for p in funding_series(make_budget(), until=date(2024, 4, 1))]
    assert pledged == [100, 70, 0, 0]
    assert cancelled.thread == entry.uuid and FundingTransaction.objects.count() == 3


def test_the_estimate_as_of_any_earlier_day(staff: Any) -> None:
    line = make_line(staff, "100", quantity="3")
    with pytest.raises(ValidationError) as error:
        change_line(actor=staff, line=line, unit_cost=Decimal(200))
    assert named(error) == ["reason"]
    change_line(actor=staff, line=line, unit_cost=Decimal(200), on=LATER, reason="Dearer.")
    # Entered for a day before: what holds now stays.
    line = change_line(
        actor=staff,
        line=line,
        quantity=Decimal(4),
        unit_cost=Decimal(100),
        on=date(2024, 2, 1),
        reason="Four.",
    )
    assert line.amount_usd == 600
    budget = make_budget()
    days = (date(2024, 1, 9), ON, date(2024, 2, 1), LATER)
    assert [funding_position(budget, at=day).required for day in days] == [0, 300, 400, 600]
    change_line(actor=staff, line=line, dropped=True, reason="Given up.")
    assert funding_position(budget, at=today()).required == 0
    assert funding_position(budget, at=LATER).required == 600


def test_a_change_of_nothing_leaves_no_trace_and_a_stale_one_is_refused(staff: Any) -> None:
    line = make_line(staff)
    before = AuditEntry.objects.count()
    change_line(actor=staff, line=line, version=1, kind=line.kind, unit_cost=line.unit_cost)
    assert AuditEntry.objects.count() == before and line.changes.count() == 1
    change_line(actor=staff, line=line, version=1, titles={"fr": "Poste"})
    with pytest.raises(Conflict) as error:
        change_line(actor=staff, line=line, version=1, titles={"fr": "Ligne"})
    assert error.value.current == {"version": 2}


def test_lines_are_put_in_order(staff: Any) -> None:
    lines = [make_line(staff, title=title) for title in "abcd"]

    def order(**to: int) -> str:
        keys = {line.title_en: line.pk for line in CostLine.objects.all()}  # type: ignore[attr-defined]
        found = order_lines(actor=staff, guidelines=make_budget(), order={keys[k]: n for k, n in to.items()})
        return "".join(line.title for line in found)

    assert order(d=1) == "dabc"
    assert order(d=3) == "abdc"
    assert order(a=4, c=1) == "cbda"
    assert [line.priority for line in CostLine.objects.all()] == [1, 2, 3, 4] and len(lines) == 4


def test_a_snapshot_keeps_what_was_said(staff: Any) -> None:
    line, entry = make_line(staff, "1000"), make_entry(staff, "100")
    snapshot = take_snapshot(actor=staff, guidelines=make_budget(), titles={"en": "Board"}, on=ON)
    replace(staff, entry, "correction", amount=Decimal(50))
    change_line(actor=staff, line=line, unit_cost=Decimal(900), on=ON, reason="A slip.")
    kept = FundingSnapshot.objects.get(pk=snapshot.pk)
    assert (kept.required, kept.mobilised) == (1000, 100) and hash_of(kept) == kept.sha256
    assert "France" not in str(kept.content)
    assert funding_position(make_budget(), at=ON).pledged == 50


class TestTheDatabase:
    """Both databases refuse, whoever asks (roadmap/protection.py)."""

    @pytest.mark.parametrize(
        ("model", "change"),
        [
            (FundingTransaction, {"amount": 5, "amount_usd": 5}),
            (FundingTransaction, {"public": False}),
            (FundingSnapshot, {"pledged": 5}),
            (ExchangeRate, {"per_usd": 5}),
            ("changes", {"reason": "Other words."}),
        ],
    )
    def test_what_was_entered_stays(self, model: Any, change: dict[str, Any], staff: Any) -> None:
        line = make_line(staff)
        make_entry(staff)
        make_rate(staff)
        take_snapshot(actor=staff, guidelines=make_budget(), titles={"en": "Then"}, on=ON)
        rows = line.changes.all() if model == "changes" else model.objects.all()
        for act in (lambda: rows.update(**change), lambda: rows._raw_delete(rows.db)):
            with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
                act()
        assert rows.count() == 1

    def test_a_missing_trigger_is_reported(self) -> None:
        assert protection.check_protection(databases=["default"]) == []
        with connection.cursor() as cursor:
            on = " ON roadmap_fundingsnapshot" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER snapshot_no_update{on}")
        (warning,) = protection.check_protection(databases=["default"])
        assert "snapshot_no_update" in warning.msg
        protection.protect_after_migrate("default")
        assert protection.check_protection(databases=["default"]) == []


def test_givers_without_name_are_counted_and_few_not_even_numbered(staff: Any) -> None:
    budget = make_budget()
    make_entry(staff, "100")
    for n in range(1, 5):
        make_entry(staff, "10", source=f"Giver {n}", public=False)
        make_entry(staff, "5", source=f"Giver {n}", public=False)
        found = unnamed_on(budget, ledger_of(budget), ON)
        assert found and (found.usd, found.givers) == (15 * n, n if n >= 3 else None)
    assert funding_position(budget, at=ON).mobilised == 160


class TestScenarios:
    def test_money_is_spent_in_order_of_priority_in_whole_units(self, staff: Any) -> None:
        lines = [
            make_line(staff, "50", "Kept"),
            make_line(staff, "20", "Cut", quantity="5"),
            make_line(staff, "30", "Falls"),
            make_line(staff, "5", "Fits"),
            make_line(staff, "40", "Own"),
        ]
        make_entry(staff, "95")
        make_entry(staff, "45", line=lines[4])
        make_entry(staff, "1000", in_kind=True)
        proposal = proposal_for(make_budget(), ON)
        found = {p.line.title: (p.fate, p.quantity, p.left, p.cost) for p in proposal.lines.values()}
        assert found == {
            "Kept": ("kept", None, 95, 50),
            "Cut": ("changed", 2, 45, 40),
            "Falls": ("falls", None, 5, 0),
            "Fits": ("kept", None, 5, 5),
            "Own": ("kept", None, 0, 40),
        }
        assert proposal.money.unusable == 1000

    def test_a_person_overrules_with_a_reason_and_that_stays(self, staff: Any) -> None:
        budget = make_budget()
        dear, cheap = make_line(staff, "90", kind="consultation"), make_line(staff, "20")
        make_entry(staff, "100")
        scenario = create_scenario(actor=staff, guidelines=budget, titles={"en": "Leaner"})
        adopt_proposal(actor=staff, scenario=scenario, on=ON)
        (plan,) = plans_for(staff, budget, ON)
        assert [row.fate for row in plan.rows] == ["kept", "falls"] and plan.cost == 90
        with pytest.raises(ValidationError) as error:
            decide_line(actor=staff, scenario=scenario, line=dear, fate="falls", on=ON)
        assert named(error) == ["reason"]
        decide_line(actor=staff, scenario=scenario, line=dear, fate="falls", reason="Online.", on=ON)
        decide_line(actor=staff, scenario=scenario, line=cheap, fate="kept", reason="Needed.", on=ON)
        scenario = adopt_proposal(actor=staff, scenario=scenario, on=ON)
        (plan,) = plans_for(staff, budget, ON)
        assert [(row.fate, row.choice and row.choice.proposed) for row in plan.rows] == [
            ("falls", "kept"),
            ("kept", "falls"),
        ]
        assert [row.line for row in plan.consultations_lost] == [dear] and plan.gap == 0
        with pytest.raises(Conflict):
            adopt_proposal(actor=staff, scenario=scenario, on=ON, version=1)

    def test_what_is_changed_costs_by_its_lines_rate(self, staff: Any) -> None:
        make_rate(staff, "0.5")
        line = make_line(staff, "10", currency="EUR", quantity="4")
        scenario = create_scenario(actor=staff, guidelines=make_budget(), titles={"en": "S"})
        choice = {"fate": "changed", "quantity": Decimal(3), "reason": "Three do.", "on": ON}
        decide_line(actor=staff, scenario=scenario, line=line, **choice)
        (plan,) = plans_for(staff, make_budget(), ON)
        assert (plan.cost, plan.saved, plan.gap) == (60, 20, 60)
        for wrong, field in (({"quantity": None}, "quantity"), ({"fate": "lost"}, "fate")):
            with pytest.raises(ValidationError) as error:
                decide_line(actor=staff, scenario=scenario, line=line, **{**choice, **wrong})
            assert named(error) == [field]


def test_a_member_state_is_called_by_its_country(staff: Any) -> None:
    state = Organisation.objects.create(kind="member_state", country_id="KEN", name="Kenya's mission")
    entry = make_entry(staff, organisation=state, source="Something else")
    assert (entry.giver, entry.country_id, entry.source) == ("Kenya", "KEN", "")
