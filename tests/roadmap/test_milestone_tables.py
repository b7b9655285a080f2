"""The road map as a spreadsheet, out and in, and as a calendar that a second implementation reads."""

import io
from datetime import date
from typing import Any

import pytest
import vobject
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.spreadsheets import read_table
from core.tables import as_csv
from core.verdicts import Refusal
from roadmap.actions.milestone_import import Fate, import_milestones, preview_milestones
from roadmap.actions.milestones import change_milestone
from roadmap.milestone_queries import entries_for
from roadmap.milestone_sheet import Sheet, as_xlsx, find_columns, rows_of
from roadmap.models import DateChange, Milestone
from roadmap.plan import State
from tests.factories import make_user
from tests.roadmap.milestones_made import make_milestone, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff", email="staff@example.org")


def sheet(*lines: str) -> Sheet:
    return find_columns(read_table("\n".join(lines).encode()))


def plan(staff: Any) -> list[Milestone]:
    """Dates of every exactness, words that look like a formula, and a state that a person stated."""
    first = make_milestone(
        staff, "=First, and more", tentative=on("2024-02"), actual=on("2024-04-17", "2024-04-18")
    )
    change_milestone(
        actor=staff, milestone=first, descriptions={"en": "Two\n\nparagraphs.", "zh-hans": "会议"}
    )
    second = make_milestone(
        staff, "Second", tentative=on("2031-01", "2031-05"), depends_on=[first], owner=staff
    )
    third = make_milestone(
        staff, "Third", forecast=on("2031-03-05"), depends_on=[first, second], state="done"
    )
    return [first, second, third]


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_what_goes_out_comes_back_and_changes_nothing(write: Any, staff: Any) -> None:
    plan(staff)
    history = DateChange.objects.count()
    content = write(rows_of(entries_for(staff), staff=True))
    rows = import_milestones(actor=staff, sheet=find_columns(read_table(content)))
    assert [(row.fate, row.changes, row.problems) for row in rows] == [(Fate.SAME, [], [])] * 3
    assert DateChange.objects.count() == history
    assert list(Milestone.objects.values_list("version", flat=True)) == [2, 1, 1]


def test_cells_are_text_and_the_public_gets_what_is_public(staff: Any) -> None:
    plan(staff)
    make_milestone(staff, "Canary", public=False)
    answer = Client().get("/en/roadmap/milestones.xlsx")
    cells = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows())  # type: ignore[union-attr]
    assert {cell.data_type for row in cells for cell in row if cell.value} == {"s"}
    heads = [cell.value for cell in cells[0]]
    assert "owner" not in heads and len(cells) == 4
    table = Client().get("/en/roadmap/milestones.csv").content.decode()
    assert "Canary" not in table and staff.email not in table and "'=First" in table
    assert "2024-04-17,2024-04-18" in table and "2031-01,2031-05" in table
    assert Client().get("/en/roadmap/milestones.pdf").status_code == 404


def test_a_new_plan_and_changes_come_in_as_they_were_shown(staff: Any) -> None:
    first = make_milestone(staff, "First", tentative=on("2024-02"))
    table = sheet(
        "no,title (old),title_en,planned_from,planned_until,forecast_from,actual_from,actual_until,depends_on,reason",
        "1,,first,,,2024-03,,,,Later.",
        "2,x,Second,2024-05,2024-07,,,,1; 3,",
        "3,,Third,2024-04,,,2024-04-02,2024-04-03,,Held.",
        "4,,Fourth,April,,,,,,",
        "5,,Fifth,,,,,,77,",
    )
    assert table.unread == ["title (old)"]
    before = preview_milestones(actor=staff, sheet=table)
    assert Milestone.objects.count() == 1 and DateChange.objects.count() == 1
    after = import_milestones(actor=staff, sheet=table)
    assert before == after
    assert [row.fate for row in after] == ["changed", "new", "new", "wrong", "new"]
    assert after[3].problems == [("planned_from", "Write a day as 2024-04-17, a month as 2024-04.")]
    assert [column for column, _what in after[4].problems] == ["depends_on"]
    assert after[0].changes == [("title_en", "First", "first"), ("forecast", None, on("2024-03"))]
    second, third = (Milestone.objects.get(title=title) for title in ("Second", "Third"))
    assert second.dates("tentative") == on("2024-05", "2024-07") and third.state == State.DONE
    assert {link.on for link in second.dependencies.all()} == {first, third}
    change = first.changes.get(kind="forecast")
    assert (change.cause, change.reason, change.by) == ("imported", "Later.", staff)
    again = import_milestones(actor=staff, sheet=table)
    assert [row.fate for row in again] == ["same", "same", "same", "wrong", "wrong"]


def test_a_circle_or_the_same_twice_is_told_and_the_rest_stands(staff: Any) -> None:
    rows = import_milestones(
        actor=staff,
        sheet=sheet("no;title;depends_on", "1;A;2", "2;B;1", "3;C;3", "4;C;"),
    )
    assert [(row.fate, [column for column, _what in row.problems]) for row in rows] == [
        ("new", []),
        ("new", ["depends_on"]),
        ("new", ["depends_on"]),
        ("new", []),
    ]
    twice = import_milestones(actor=staff, sheet=sheet("title;state", "A;done", "A;dropped"))
    assert [row.fate for row in twice] == ["changed", "wrong"]
    assert Milestone.objects.filter(stated="done").count() == 1


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("id,x", "id"),
        ("id,00000000-0000-4000-8000-000000000000", "id"),
        ("state,late", "state"),
        ("public,perhaps", "public"),
        ("owner,nobody@example.org", "owner"),
        ("depends_on,a;b", "depends_on"),
        ("actual_from,2099-01-01", "actual_from"),
        ("planned_until,2024-02-30", "planned_until"),
    ],
)
def test_each_problem_is_told_with_its_column(cell: str, column: str, staff: Any) -> None:
    name, value = cell.split(",")
    (row,) = preview_milestones(actor=staff, sheet=sheet(f"title,{name}", f"Title,{value}"))
    assert row.fate == Fate.WRONG and [told for told, _what in row.problems] == [column]


def test_only_the_secretariat_imports() -> None:
    with pytest.raises(Refusal):
        import_milestones(actor=make_user("drafter"), sheet=sheet("title", "Title"))
    assert not Milestone.objects.exists()


def test_the_page_shows_each_row_before_anything_is_written(staff: Any) -> None:
    desk = Client()
    desk.force_login(staff)
    file = SimpleUploadedFile("plan.csv", b"title,planned_from\nFirst,2031-02\nSecond,soon\n")
    page = desk.post("/en/roadmap/import/", {"file": file, "preview": "1"})
    shown = page.content.decode()
    assert page.status_code == 200 and "Import 1 milestone" in shown and "Write a day as" in shown
    assert not Milestone.objects.exists()
    carried = page.context["form"].carried
    seen = page.context["seen"]
    assert f'name="seen" value="{seen}"' in shown
    sent = {"sheet": carried, "seen": seen, "send": "1"}
    assert desk.post("/en/roadmap/import/", sent).status_code == 302
    assert desk.post("/en/roadmap/import/", sent).status_code == 302 and Milestone.objects.count() == 1
    assert Milestone.objects.get().dates("tentative") == on("2031-02")
    forged = desk.post("/en/roadmap/import/", {"sheet": f"{carried}x", "send": "1"})
    assert forged.status_code == 400 and Milestone.objects.count() == 1
    no_table = SimpleUploadedFile("plan.csv", b"a,b\n1,2\n")
    assert desk.post("/en/roadmap/import/", {"file": no_table}).status_code == 400


def test_what_changed_since_it_was_shown_isnt_overwritten(staff: Any) -> None:
    milestone = make_milestone(staff, "First", tentative=on("2031-02"))
    desk = Client()
    desk.force_login(staff)
    file = SimpleUploadedFile("plan.csv", b"title,planned_from\nFirst,2031-03\n")
    page = desk.post("/en/roadmap/import/", {"file": file, "preview": "1"})
    change_milestone(actor=staff, milestone=milestone, tentative=on("2031-09"))
    sent = {"sheet": page.context["form"].carried, "seen": page.context["seen"], "send": "1"}
    clash = desk.post("/en/roadmap/import/", sent)
    assert clash.status_code == 409 and "has changed meanwhile" in clash.content.decode()
    assert Milestone.objects.get().dates("tentative") == on("2031-09")
    assert desk.post("/en/roadmap/import/", {**sent, "seen": clash.context["seen"]}).status_code == 302
    assert Milestone.objects.get().dates("tentative") == on("2031-03")


def test_queries_grow_with_the_rows_of_a_table_not_with_their_square(staff: Any) -> None:
    def queries(n: int) -> int:
        lines = [f"{i},Row {n} {i},{i + 1}" for i in range(1, n)] + [f"{n},Row {n} {n},"]
        with CaptureQueriesContext(connection) as asked:
            rows = preview_milestones(actor=staff, sheet=sheet("no,title,depends_on", *lines))
        assert {row.fate for row in rows} == {Fate.NEW}
        assert sum('FROM "roadmap_milestone"' in each["sql"] and "JOIN" in each["sql"] for each in asked) < 5
        return len(asked)

    assert queries(40) < 5 * queries(10)


@pytest.mark.parametrize("day", ["2024-04-17 to 2024-05-01", "2024-04-170"])
def test_what_follows_a_day_isnt_passed_over(day: str, staff: Any) -> None:
    (row,) = preview_milestones(actor=staff, sheet=sheet("title,planned_from", f"Title,{day}"))
    assert row.fate == Fate.WRONG


def test_two_who_enter_at_once_get_places_of_their_own(staff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make_milestone(staff, "First")
    # The other entered theirs while this one waited: it isn't among the rows locked.
    monkeypatch.setattr("roadmap.actions.milestones.lock_plan", dict)
    assert make_milestone(staff, "Second").position == 2


def test_another_implementation_reads_the_calendar(staff: Any) -> None:
    first, second, third = plan(staff)
    change_milestone(actor=staff, milestone=second, state="dropped")
    make_milestone(staff, "Canary", public=False)
    answer = Client().get("/roadmap.ics")
    assert answer["Content-Type"].startswith("text/calendar") and b"Canary" not in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    (calendar,) = vobject.readComponents(answer.content.decode())
    events = {event.summary.value: event for event in calendar.vevent_list}
    assert list(events) == ["=First, and more", "Second", "Third"]
    held = events["=First, and more"]
    assert (held.dtstart.value, held.dtend.value) == (date(2024, 4, 17), date(2024, 4, 19))
    assert held.status.value == "CONFIRMED" and "48 days late" not in held.description.value
    assert "49 days late\nTwo\n\nparagraphs." in held.description.value
    assert events["Second"].status.value == "CANCELLED"
    assert "on a day that isn’t known" in events["Third"].description.value
    before = held.uid.value, int(held.sequence.value)
    change_milestone(actor=staff, milestone=first, actual=on("2024-04-16"), reason="Noted wrongly.")
    again = Client().get("/roadmap.ics").content.decode()
    moved = next(e for e in vobject.readOne(again).vevent_list if e.uid.value == before[0])
    assert int(moved.sequence.value) == before[1] + 1 and moved.dtstart.value == date(2024, 4, 16)
    assert "会议" in Client().get("/roadmap.ics?language=zh-hans").content.decode()
    assert third.uuid


@pytest.mark.parametrize("sign", ["\x0b", "\x1f", "\x08", "\ufffe"])
def test_signs_that_no_workbook_holds_spoil_no_spreadsheet(sign: str, staff: Any) -> None:
    milestone = make_milestone(staff, f"Held{sign}up")
    assert sign not in milestone.title
    Milestone.objects.update(title_en=f"Held{sign}up")  # kept by an earlier version
    for form in ("xlsx", "csv"):
        assert Client().get(f"/en/roadmap/milestones.{form}").status_code == 200
