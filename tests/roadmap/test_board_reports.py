"""The report to the Board: the same day gives the same report; its documents in six languages; who sees it."""

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from core.verdicts import Refusal
from roadmap.actions.board_reports import (
    ask_for_report_document,
    close_period,
    issue_report,
    make_report,
    make_report_document,
    set_document,
)
from roadmap.actions.reporting import add_line, change_entry, change_period
from roadmap.actions.resolutions import change_resolution
from roadmap.board_reports.content import annex_number
from roadmap.models import BoardReport, BoardReportDocument, EntryLine, ReportingPeriod
from roadmap.report_words import operative_words
from roadmap.resolution_queries import seen_reports
from roadmap.resolution_rules import may_see_report
from tests.factories import make_draft, make_user
from tests.roadmap.milestones_made import make_milestone, on
from tests.roadmap.reports import entry_of, make_period, make_resolution

pytestmark = pytest.mark.django_db

ENDS = date(2024, 12, 31)
EVE = date(2024, 12, 30)
Kind = EntryLine.Kind


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def period(staff: Any) -> ReportingPeriod:
    """Two resolutions of two sessions, something told of one of them."""
    told = make_resolution(staff, titles={"en": "Smart cities", "ar": "المدن الذكية"})
    make_resolution(staff, session=1, number=3, titles={"en": "Capacity"})
    period = make_period(staff, introduction={"en": "What was done."}, symbol="HSP/EB.2025/1")
    entry = entry_of(period, told)
    change_entry(
        actor=staff, entry=entry, status="under_way", required=Decimal(1_179_384), mobilised=Decimal(311_700)
    )
    both = {"en": "Experts met.", "ar": "اجتمع الخبراء."}
    add_line(actor=staff, entry=entry, kind=Kind.DONE, words=both, operative=["1 (a)"])
    add_line(actor=staff, entry=entry, kind=Kind.FORESEEN, words={"en": "They meet again."})
    return period


def content(report: BoardReport, language: str = "en") -> dict[str, Any]:
    return dict(json.loads(report.texts.get(language=language).content))


def paragraphs(report: BoardReport, language: str = "en") -> list[dict[str, Any]]:
    sections = content(report, language)["sections"]
    return [
        paragraph
        for section in sections
        for part in (section, *section["resolutions"])
        for paragraph in part["paragraphs"]
    ]


def test_sections_are_by_session_and_paragraphs_numbered_through(staff: Any, period: Any) -> None:
    report = make_report(actor=staff, period=period, as_of=EVE)
    sections = content(report)["sections"]
    assert [section["number"] for section in sections] == ["I.", "II.", "III."]
    assert [each["symbol"] for section in sections for each in section["resolutions"]] == ["1/3", "2/1"]
    assert [p["number"] for p in paragraphs(report)] == [1, 2, 3, 4]
    assert "1,179,384" in sections[2]["resolutions"][0]["money"]
    assert "867,684" in content(report)["annexes"][0]["rows"][1][4]


def test_a_missing_translation_says_which_language_it_is_in(staff: Any, period: Any) -> None:
    report = make_report(actor=staff, period=period, as_of=EVE)
    told = {p["text"]: p for p in paragraphs(report, "ar")}
    assert told["اجتمع الخبراء."]["notice"] == ""
    assert told["They meet again."]["language"] == "en" and "الإنجليزية" in told["They meet again."]["notice"]
    assert content(report, "ar")["notices"] and not content(report)["notices"]


def test_the_same_day_gives_the_same_report_whatever_happened_since(staff: Any, period: Any) -> None:
    entry = period.entries.first()
    report = make_report(actor=staff, period=period, as_of=EVE)
    before = {text.language: (text.content, text.sha256) for text in report.texts.all()}
    files = {form: set_document(report.texts.get(language="ar"), form) for form in ("pdf", "docx", "html")}
    add_line(actor=staff, entry=entry, kind=Kind.DONE, words={"en": "More was done."})
    change_period(actor=staff, period=period, symbol="HSP/EB.2025/99")
    change_resolution(actor=staff, resolution=entry.resolution, titles={"en": "Another title"})
    make_milestone(staff, "New", actual=on("2024-08-05"))
    again = make_report(actor=staff, period=period, as_of=EVE)
    assert again.pk == report.pk
    assert {text.language: (text.content, text.sha256) for text in again.texts.all()} == before
    for form, made in files.items():
        with translation.override("fr"):  # whoever asks, in whatever language
            assert set_document(again.texts.get(language="ar"), form) == made
    assert "More was done." in str(
        paragraphs(make_report(actor=staff, period=period, as_of=date(2024, 12, 29)))
    )


def test_closing_counts_and_makes_the_report_which_is_then_issued_once(staff: Any, period: Any) -> None:
    with pytest.raises(ValidationError, match="Close the period first"):
        issue_report(actor=staff, report=make_report(actor=staff, period=period, as_of=date(2024, 9, 1)))
    close_period(actor=staff, period=period)
    report = BoardReport.objects.get(as_of=ENDS)
    issued = issue_report(actor=staff, report=report)
    assert issued.issued_by == staff
    assert issue_report(actor=staff, report=report).issued_at == issued.issued_at
    with pytest.raises(ValidationError, match="Another report"):
        issue_report(actor=staff, report=BoardReport.objects.get(as_of=date(2024, 9, 1)))


def test_what_is_told_until_the_closing_stands_in_the_closing_report(staff: Any, period: Any) -> None:
    with pytest.raises(ValidationError, match="when the period is closed"):
        make_report(actor=staff, period=period, as_of=ENDS)
    add_line(actor=staff, entry=period.entries.first(), kind=Kind.DONE, words={"en": "Said at last."})
    close_period(actor=staff, period=period)
    report = make_report(actor=staff, period=period, as_of=ENDS)
    assert "Said at last." in {paragraph["text"] for paragraph in paragraphs(report)}


@pytest.mark.parametrize("day", [date(2024, 6, 30), date(2999, 1, 1)])
def test_a_day_before_the_period_or_to_come_is_refused(staff: Any, period: Any, day: date) -> None:
    with pytest.raises(ValidationError, match="Give a day"):
        make_report(actor=staff, period=period, as_of=day)


def test_only_the_secretariat_makes_and_sees_what_isnt_issued(staff: Any, period: Any) -> None:
    drafter = make_user("drafter")
    with pytest.raises(Refusal):
        make_report(actor=drafter, period=period, as_of=EVE)
    close_period(actor=staff, period=period)
    make_report(actor=staff, period=period, as_of=date(2024, 10, 1))
    issue_report(actor=staff, report=BoardReport.objects.get(as_of=ENDS))
    for user, seen in ((staff, 2), (drafter, 1)):
        allowed = {row.pk for row in BoardReport.objects.all() if may_see_report(user, row)}
        assert allowed == set(seen_reports(user).values_list("pk", flat=True)) and len(allowed) == seen


# --- Documents -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh-hans"])
def test_the_pdf_holds_every_paragraph(staff: Any, period: Any, language: str) -> None:
    report = make_report(actor=staff, period=period, as_of=EVE)
    reader = PdfReader(io.BytesIO(set_document(report.texts.get(language=language), "pdf")))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "HSP/EB.2025/1" in text and "They meet again." in text.replace("\n", " ")
    assert len(reader.pages) >= 2
    assert reader.metadata and reader.metadata.title == content(report, language)["title"]


@pytest.mark.parametrize(("language", "rtl"), [("ar", True), ("en", False), ("zh-hans", False)])
def test_the_word_file_has_headings_tables_and_its_direction(
    staff: Any, period: Any, language: str, rtl: bool
) -> None:
    report = make_report(actor=staff, period=period, as_of=EVE)
    made = Document(io.BytesIO(set_document(report.texts.get(language=language), "docx")))
    styles = [p.style.name for p in made.paragraphs if p.style]
    assert styles.count("Heading 1") == 4 and styles.count("Heading 2") == 2  # three sections and an annex
    assert all((p._p.find(f".//{qn('w:bidi')}") is not None) is rtl for p in made.paragraphs if p.text)
    annex = made.tables[-1]
    assert [row.cells[0].text for row in annex.rows][1:] == ["1/3", "2/1"]
    assert (annex._tbl.tblPr.find(qn("w:bidiVisual")) is not None) is rtl


def test_the_html_file_escapes_and_needs_nothing_else(staff: Any, period: Any) -> None:
    entry = period.entries.first()
    add_line(actor=staff, entry=entry, kind=Kind.DONE, words={"en": "<script>alert(1)</script>"})
    report = make_report(actor=staff, period=period, as_of=EVE)
    made = set_document(report.texts.get(language="en"), "html").decode()
    assert "&lt;script&gt;" in made and "<script" not in made and "http" not in made
    arabic = set_document(report.texts.get(language="ar"), "html").decode()
    assert '<html lang="ar" dir="rtl">' in arabic


def test_a_document_is_made_once_in_the_background(
    staff: Any, period: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    report = make_report(actor=staff, period=period, as_of=EVE)
    first, second = (
        ask_for_report_document(actor=staff, report=report, language="en", form="html") for _n in range(2)
    )
    assert first.pk == second.pk and first.job_id == second.job_id is not None
    progress: Any = type("P", (), {"set_total": lambda *a: None, "advance": lambda *a: None})()
    assert first.job
    file = make_report_document(job=first.job, progress=progress)
    assert file is not None and BoardReportDocument.objects.get().file == file
    third = ask_for_report_document(actor=staff, report=report, language="en", form="html")
    assert third.job_id == first.job_id
    with pytest.raises(Refusal):
        ask_for_report_document(actor=make_user("drafter"), report=report, language="en", form="pdf")
    with pytest.raises(ValidationError):
        ask_for_report_document(actor=staff, report=report, language="en", form="exe")


def test_signs_that_word_cant_hold_spoil_no_report(staff: Any, period: Any) -> None:
    line = add_line(actor=staff, entry=period.entries.first(), kind=Kind.DONE, words={"en": "Held\x0bup"})
    assert line.text == "Held\nup"
    EntryLine.objects.filter(pk=line.pk).update(text_en="Kept\x1f\ufffe before")  # by an earlier version
    report = make_report(actor=staff, period=period, as_of=EVE)
    made = Document(io.BytesIO(set_document(report.texts.get(language="en"), "docx")))
    assert "Kept before" in " ".join(paragraph.text for paragraph in made.paragraphs)


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Annex II"), ("fr", "Annexe II"), ("ar", "المرفق الثاني"), ("zh-hans", "附件二")],
)
def test_an_annex_is_called_as_the_language_prints_it(language: str, name: str) -> None:
    with translation.override(language):
        assert annex_number(1, language) == name


def test_numbers_of_operative_paragraphs_stay_whole_from_right_to_left() -> None:
    with translation.override("fr"):
        assert operative_words(["2 (a)", "4"]) == "2 (a), 4"
    with translation.override("ar"):
        assert operative_words(["2 (a)", "4"]) == "\u20662 (a)\u2069، \u20664\u2069"


def test_a_step_whose_day_has_passed_is_overdue_and_not_as_planned(staff: Any, period: Any) -> None:
    with time_machine.travel(datetime(2024, 1, 15, 12, tzinfo=UTC), tick=False):
        make_milestone(staff, "Late", tentative=on("2024-08"))
        make_milestone(staff, "Ahead", tentative=on("2025-08"))
    resolution = period.entries.last().resolution
    change_resolution(actor=staff, resolution=resolution, guidelines=make_draft().guidelines)
    rows = content(make_report(actor=staff, period=period, as_of=EVE))["annexes"][-1]["rows"]
    assert [row[3:] for row in rows] == [["Planned, overdue", "–"], ["Planned", "as planned"]]
