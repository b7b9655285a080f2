"""The pages of the funding: what readers see, and what the secretariat does with them."""

import re
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from roadmap.actions.scenarios import adopt_proposal, create_scenario
from roadmap.actions.snapshots import take_snapshot
from roadmap.models import CostLine, ExchangeRate, FundingScenario, FundingSnapshot, FundingTransaction
from tests.factories import make_user
from tests.roadmap.funded import ON, make_budget, make_entry, make_line, make_rate, replace

pytestmark = pytest.mark.django_db

PAGE = "/en/roadmap/funding/"


@pytest.fixture
def staff() -> Any:
    make_budget()
    return make_user("staff")


@pytest.fixture
def desk(staff: Any) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&nbsp;", " "))


def test_everyone_reads_what_is_required_mobilised_and_missing(staff: Any) -> None:
    make_line(staff, "1179384", "All of it")
    make_entry(staff, "311700")
    page = text(Client().get(PAGE))
    for words in ("USD 1,179,384", "USD 311,700", "USD 867,684", "73.6 % of what is required", "France"):
        assert words in page
    assert "Enter a pledge" not in page
    assert "USD 311,700" not in text(Client().get(f"{PAGE}?at=2024-01-09"))
    assert not re.search(
        r'(x|y|width|height)\d?="\d+,\d', Client().get("/fr/roadmap/funding/").content.decode()
    )


def test_before_anything_is_known_that_is_said() -> None:
    assert "Nothing is known yet" in text(Client().get(PAGE))
    assert Client().get(f"{PAGE}?guidelines=nowhere").status_code == 404


@pytest.mark.parametrize("at", ["soon", "2199-01-01", "2024-02-31"])
def test_a_day_that_cant_be_is_told(at: str, staff: Any) -> None:
    page = Client().get(f"{PAGE}?at={at}")
    assert page.status_code == 400 and "Give a day that has come" in text(page)


def test_givers_without_name_are_counted_without(staff: Any, desk: Client) -> None:
    make_line(staff, "1000")
    for n in range(3):
        make_entry(staff, "10", source=f"Canary {n}", note="Sings", public=False)
    page = text(Client().get(PAGE))
    assert "Canary" not in page and "3 givers who aren’t named" in page and "USD 30" in page
    assert "Canary 2" in text(desk.get(PAGE))
    for table in ("lines", "transactions", "course"):
        assert b"Canary" not in Client().get(f"/en/roadmap/funding/{table}.csv").content


def test_the_tables_for_spreadsheets(staff: Any) -> None:
    make_rate(staff, "0.8")
    make_line(staff, "1000", "=SUM(A1)")
    make_entry(staff, "100", currency="EUR", note="Sings")
    book = load_workbook(BytesIO(Client().get(f"{PAGE}transactions.xlsx").content))
    heads, row = ([cell.value for cell in line] for line in book.active.iter_rows())
    told = dict(zip(heads, row, strict=True))
    assert (told["iati_type"], told["amount"], told["amount_usd"], told["from"]) == (13, 100, 125, "France")
    assert "Sings" not in row
    assert b"'=SUM(A1)" in Client().get(f"{PAGE}lines.csv").content
    assert (
        b"2024-01-10,1000.00,125.00,0.00,0.00,125.00,875.00,87.5,USD"
        in Client().get(f"{PAGE}course.csv").content
    )
    for wrong in ("donors.csv", "lines.pdf"):
        assert Client().get(f"{PAGE}{wrong}").status_code == 404


def test_a_line_is_entered_and_changed_with_a_reason(desk: Client, staff: Any) -> None:
    sent = {"key": uuid4(), "title_en": "Meeting", "kind": "consultation", "quantity": "2"}
    sent |= {"unit_cost": "50", "currency": "USD", "on": "2024-01-10"}
    for _n in range(2):
        assert desk.post(f"{PAGE}lines/new/", sent).status_code == 302
    line = CostLine.objects.get()
    change = {**sent, "version": 1, "unit_cost": "60", "reason": "", "on": "2024-02-01"}
    page = desk.post(f"{PAGE}lines/{line.uuid}/edit/", change)
    assert page.status_code == 400 and "Say why the estimate changes." in text(page)
    assert desk.post(f"{PAGE}lines/{line.uuid}/edit/", {**change, "reason": "Dearer."}).status_code == 302
    again = desk.post(f"{PAGE}lines/{line.uuid}/edit/", {**change, "unit_cost": "70", "reason": "x"})
    assert again.status_code == 409
    history = text(Client().get(f"{PAGE}lines/{line.uuid}/"))
    assert "Dearer." in history and "USD 100" in history and "USD 120" in history
    assert staff.name not in history and staff.name in text(desk.get(f"{PAGE}lines/{line.uuid}/"))


def test_the_order_of_priority(desk: Client, staff: Any) -> None:
    first, second = make_line(staff, title="a"), make_line(staff, title="b")
    assert desk.post(f"{PAGE}lines/order/", {f"place-{second.pk}": "1"}).status_code == 302
    assert [line.title for line in CostLine.objects.all()] == ["b", "a"]
    assert desk.post(f"{PAGE}lines/order/", {f"place-{first.pk}": "first"}).status_code == 400
    # Opened before: it would put the lines back as they were.
    stale = {
        f"place-{first.pk}": "1",
        f"seen-{first.pk}": "1",
        f"place-{second.pk}": "2",
        f"seen-{second.pk}": "2",
    }
    clash = desk.post(f"{PAGE}lines/order/", stale)
    assert clash.status_code == 409 and "Somebody has changed this meanwhile" in text(clash)
    assert [line.title for line in CostLine.objects.all()] == ["b", "a"]


def test_a_pledge_from_entry_to_cancellation(desk: Client, staff: Any) -> None:
    sent = {"key": uuid4(), "kind": "pledge", "on": "2024-01-10", "amount": "100", "currency": "EUR"}
    sent |= {"country": "FRA", "public": "on"}
    page = desk.post(f"{PAGE}transactions/new/", sent)
    assert page.status_code == 400 and "There is no rate of EUR for 10 January 2024" in text(page)
    rate = {"currency": "EUR", "on": "2024-01-01", "per_usd": "0.8", "source": "UN"}
    assert desk.post(f"{PAGE}rates/", rate).status_code == 302
    for _n in range(2):
        assert desk.post(f"{PAGE}transactions/new/", sent).status_code == 302
    entry = FundingTransaction.objects.get()
    assert "0.80 EUR for USD 1, rate of 1 January 2024" in text(
        Client().get(f"{PAGE}transactions/{entry.uuid}/")
    )
    one = f"{PAGE}transactions/{entry.uuid}/replace/"
    cancel = {**sent, "key": uuid4(), "replacement": "cancellation", "reason": "Elections."}
    assert desk.post(one, {**cancel, "on": "2024-01-20"}).status_code == 302
    assert desk.post(one, {**cancel, "key": uuid4(), "on": "2024-01-21"}).status_code == 409
    page = text(Client().get(f"{PAGE}transactions/{entry.uuid}/"))
    assert "Another entry stands in its stead" in page and "Elections." in page
    assert "Another stands in its stead" in text(desk.get(f"{PAGE}transactions/"))
    assert "USD 125" in text(Client().get(f"{PAGE}?at=2024-01-19"))


def test_what_replaces_begins_as_what_it_replaces(desk: Client, staff: Any) -> None:
    pledge = make_entry(staff, "100")
    corrected = replace(staff, pledge, "correction", amount=Decimal(90))
    receipt = make_entry(staff, "40", "receipt", fulfils=pledge)
    page = desk.get(f"{PAGE}transactions/{receipt.uuid}/replace/").content.decode()
    assert f'<option value="{corrected.pk}" selected' in page and 'value="40.00"' in page


def test_a_rate_is_withdrawn_with_a_reason(desk: Client, staff: Any) -> None:
    rate = make_rate(staff, "8")
    entry = make_entry(staff, currency="EUR")
    page = f"{PAGE}rates/{rate.pk}/withdraw/"
    assert str(entry.uuid) in desk.get(page).content.decode()
    assert desk.post(page, {"reason": " "}).status_code == 400
    assert desk.post(page, {"reason": "A slip."}).status_code == 302
    assert desk.post(page, {"reason": "Again."}).status_code == 409
    assert ExchangeRate.objects.get().withdrawn_reason == "A slip."
    assert "Its rate is withdrawn" in text(desk.get(f"{PAGE}transactions/"))


def test_a_snapshot_stays_and_says_what_is_known_otherwise_now(desk: Client, staff: Any) -> None:
    make_line(staff, "1000")
    entry = make_entry(staff, "100")
    sent = {"key": uuid4(), "title_en": "Board", "on": "2024-01-31"}
    for _n in range(2):
        assert desk.post(f"{PAGE}snapshots/new/", sent).status_code == 302
    page = f"{PAGE}snapshots/{FundingSnapshot.objects.get().uuid}/"
    assert "looked otherwise" not in text(Client().get(page))
    replace(staff, entry, "correction", amount=Decimal(40))
    assert "looked otherwise" in text(Client().get(page)) and "USD 900" in text(Client().get(page))


def test_a_leaner_plan_is_proposed_explained_and_overruled(desk: Client, staff: Any) -> None:
    make_line(staff, "90", "Research")
    meeting = make_line(staff, "20", "Meeting", kind="consultation")
    make_entry(staff, "100")
    sent = {"key": uuid4(), "title_en": "Leaner", "public": "on"}
    assert desk.post(f"{PAGE}scenarios/new/", sent).status_code == 302
    scenario = FundingScenario.objects.get()
    one = f"{PAGE}scenarios/{scenario.uuid}/"
    unpaid = "Consultations that the money doesn’t reach if the gap stays: Meeting"
    assert unpaid in text(Client().get(PAGE)) and "No consultation falls." not in text(Client().get(PAGE))
    assert "USD 10 was left when its turn came, and it costs USD 20: not even one can be paid." in text(
        desk.get(one)
    )
    assert desk.post(f"{one}adopt/", {"version": scenario.version}).status_code == 302
    assert "Consultations that fall: Meeting" in text(Client().get(PAGE))
    line = f"{one}lines/{meeting.uuid}/"
    changed = {"fate": "changed", "quantity": "1", "unit_cost": "10", "version": "2"}
    page = desk.post(line, {**changed, "reason": ""})
    assert page.status_code == 400 and "Say why it isn’t as proposed." in text(page)
    assert desk.post(line, {**changed, "reason": "Online."}).status_code == 302
    assert desk.post(line, {**changed, "reason": "Twice."}).status_code == 409
    read = text(Client().get(one))
    assert "Online." in read and "Decided by the secretariat" in read and staff.name not in read
    assert staff.name in text(desk.get(one)) and "USD 10 each instead of USD 20" in read
    assert "No consultation falls." in text(Client().get(PAGE))


def test_a_scenario_that_isnt_public_is_hidden(desk: Client, staff: Any) -> None:
    make_line(staff, "90")
    scenario = create_scenario(actor=staff, guidelines=make_budget(), titles={"en": "Canary"})
    assert Client().get(f"{PAGE}scenarios/{scenario.uuid}/").status_code == 404
    assert "Canary" not in text(Client().get(PAGE)) and "Canary" in text(desk.get(PAGE))


def test_few_and_many_rows_cost_the_same(staff: Any) -> None:
    def rows(count: int) -> int:
        for n in range(count):
            line = make_line(staff)
            entry = make_entry(staff, line=line, source=f"S{n}")
            replace(staff, entry, "correction", amount=entry.amount + 1)
            take_snapshot(actor=staff, guidelines=make_budget(), titles={"en": "T"}, on=ON)
            scenario = create_scenario(actor=staff, guidelines=make_budget(), titles={"en": "S"}, public=True)
            adopt_proposal(actor=staff, scenario=scenario, on=ON)
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(PAGE).status_code == 200
        return len(queries)

    rows(1)
    assert rows(1) == rows(4)
