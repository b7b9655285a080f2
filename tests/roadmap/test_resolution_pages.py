"""Pages of resolutions: what everybody sees, what the secretariat decides, and the report's documents."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roadmap.actions.board_reports import close_period, issue_report
from roadmap.actions.reporting import add_line, change_entry
from roadmap.models import BoardReport, BoardReportDocument, EntryLine, ReportingPeriod, Resolution
from tests.factories import make_draft, make_user
from tests.roadmap.milestones_made import make_milestone, on
from tests.roadmap.reports import entry_of, make_period, make_resolution

pytestmark = pytest.mark.django_db

ROOT = "/en/resolutions/"


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_open_is_seen_by_the_secretariat_alone(staff: Any, client: Client) -> None:
    resolution = make_resolution(staff)
    period = make_period(staff)
    add_line(actor=staff, entry=entry_of(period, resolution), kind="done", words={"en": "Still secret."})
    for path in (ROOT, f"{ROOT}{resolution.uuid}/"):
        shown = client.get(path)
        assert shown.status_code == 200 and "Still secret." not in shown.content.decode()
    assert client.get(f"{ROOT}?period=2024-2").status_code == 404
    close_period(actor=staff, period=period)
    assert "Still secret." in client.get(f"{ROOT}{resolution.uuid}/").content.decode()
    assert client.get(f"{ROOT}?period=2024-2").status_code == 200


def test_periods_stand_beside_each_other(staff: Any, client: Client) -> None:
    resolution = make_resolution(staff)
    for half, status, mobilised in ((1, "not_begun", 10), (2, "under_way", 60)):
        period = make_period(staff, 2024, half)
        entry = entry_of(period, resolution)
        change_entry(actor=staff, entry=entry, status=status, required=100, mobilised=mobilised)
        close_period(actor=staff, period=period)
    page = client.get(f"{ROOT}?period=2024-2&compare=2024-1").content.decode()
    assert "Under way" in page and "was: Not begun" in page and "was: USD\u00a090" in page and "40" in page


def test_a_longer_tracker_asks_no_more_queries(staff: Any, client: Client) -> None:
    make_resolution(staff, number=1)
    close_period(actor=staff, period=make_period(staff))
    counts = []
    for numbers in ((), (2, 3, 4, 5)):
        for number in numbers:
            make_resolution(staff, number=number)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ROOT).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_somebody_takes_over_leaves_out_and_adds(staff: Any) -> None:
    guidelines = make_draft(status="published").guidelines
    resolution = make_resolution(staff, guidelines=guidelines)
    entry = entry_of(make_period(staff), resolution)
    first = make_milestone(staff, "First step", actual=on("2024-08-05"))
    second = make_milestone(staff, "Second step", actual=on("2024-09-05"))
    client, page = signed_in(staff), f"{ROOT}entries/{entry.uuid}/"
    assert "First step" in client.get(page).content.decode()
    client.post(f"{page}take/", {"source": f"milestone:{first.pk}"})
    client.post(f"{page}leave-out/", {"source": f"milestone:{second.pk}", "reason": ""})
    assert EntryLine.objects.count() == 1
    client.post(f"{page}leave-out/", {"source": f"milestone:{second.pk}", "reason": "Not ours."})
    client.post(f"{page}add/", {"kind": "constraint", "text_en": "Little money.", "operative": "2, 1 (a)"})
    lines = {line.source: line for line in EntryLine.objects.all()}
    assert lines[f"milestone:{second.pk}"].left_out and lines[""].operative == ["2", "1 (a)"]
    shown = client.get(page).content.decode()
    assert "Not ours." in shown and "Little money." in shown and staff.name in shown


def test_a_resolution_is_entered_and_changed_with_its_paragraphs(staff: Any) -> None:
    client = signed_in(staff)
    sent = {"title_en": "Cities", "session": 2, "number": 1, "year": 2023}
    sent |= {
        "paragraphs_en": "1. Asks for much,\nand for more;\n1 (a) Fairly;\n2. Reports.",
        "paragraphs_fr": "2. Fait",
    }
    client.post(f"{ROOT}new/", sent)
    resolution = Resolution.objects.get()
    rows = {row.number: row for row in resolution.operative_paragraphs.all()}
    assert list(rows) == ["1", "1 (a)", "2"] and rows["1"].text_en == "Asks for much, and for more;"
    assert rows["2"].text_fr == "Fait"
    stale = {**sent, "version": 99, "title_en": "Towns"}
    assert client.post(f"{ROOT}{resolution.uuid}/edit/", stale).status_code == 409
    client.post(f"{ROOT}{resolution.uuid}/edit/", {**sent, "version": 1, "paragraphs_en": "2. Reports."})
    assert [row.number for row in resolution.operative_paragraphs.all()] == ["2"]


def test_the_report_is_read_by_everybody_once_it_is_issued(staff: Any, client: Client) -> None:
    make_resolution(staff)
    close_period(actor=staff, period=make_period(staff))
    report = BoardReport.objects.get()
    page = f"{ROOT}reports/{report.uuid}/"
    assert client.get(page).status_code == 404
    assert client.post(f"{page}en/pdf/make/").status_code == 404
    issue_report(actor=staff, report=report)
    assert "Resolution 2/1" in client.get(page).content.decode()
    assert 'dir="rtl"' in client.get(f"{page}?text=ar").content.decode()
    assert client.post(f"{page}en/pdf/make/").status_code == 302
    assert BoardReportDocument.objects.count() == 1
    assert client.get(f"{page}en/pdf/")["Location"] == page  # not made yet
    assert client.post(f"{page}en/exe/make/").status_code == 404


def test_a_closed_period_says_so_and_takes_nothing(staff: Any) -> None:
    resolution = make_resolution(staff)
    period = make_period(staff)
    entry = entry_of(period, resolution)
    close_period(actor=staff, period=period)
    client = signed_in(staff)
    assert "This period is closed." in client.get(f"{ROOT}entries/{entry.uuid}/").content.decode()
    sent = {"status": "done", "currency": "USD", "version": 1}
    assert client.post(f"{ROOT}entries/{entry.uuid}/", sent).status_code == 403
    assert client.post(f"{ROOT}periods/2024-2/close/").status_code == 403
    for code in ("2024-3", "2024", "x-1", "9999-1", "２０２４-2"):
        assert client.get(f"{ROOT}periods/{code}/").status_code == 404
    assert ReportingPeriod.objects.get().entries.get().status == "not_begun"
