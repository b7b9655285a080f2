"""The demonstration's resolutions: fifteen in six languages, the second half of 2024 closed and issued."""

import json

import pytest

from core.six_languages import LANGUAGES, words_of
from guidelines_portal.demonstration.resolutions import load_resolutions
from roadmap.models import BoardReport, EntryLine, ReportingPeriod, Resolution
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> BoardReport:
    return load_resolutions(make_user("staff"), make_draft(status="published").guidelines)


def test_fifteen_resolutions_are_reported_on_in_every_language(report: BoardReport) -> None:
    assert [row.symbol for row in Resolution.objects.all()] == [
        *(f"1/{n}" for n in range(1, 6)),
        *(f"2/{n}" for n in range(1, 11)),
    ]
    rows = [*Resolution.objects.all(), *EntryLine.objects.all()]
    fields = {Resolution: "title", EntryLine: "text"}
    assert all(set(words_of(row, fields[type(row)])) == set(LANGUAGES) for row in rows)
    assert Resolution.objects.get(session=2, number=1).operative_paragraphs.count() == 9


def test_the_half_year_is_closed_and_issued_and_the_present_one_open(report: BoardReport) -> None:
    assert report.period.code == "2024-2" and report.period.is_closed and report.issued_at
    assert ReportingPeriod.objects.filter(closed_at__isnull=True).count() == 1
    assert report.period.entries.count() == 15
    for text in report.texts.all():
        assert json.loads(text.content)["notices"] == [], text.language  # nothing falls back
