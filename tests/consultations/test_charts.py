"""Figures drawn: what the pictures hold and what their sentences say."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from consultations.charts import median_of, result_of, timeline_of
from consultations.charts.bars import sentence_of
from consultations.charts.timeline import Timeline
from consultations.models import Question, Round, Tally

OPENS = datetime(2026, 11, 2, 9, tzinfo=UTC)


def timeline(counts: dict[str, int], *, days: int = 20, at: int = 9, **fields: Any) -> Timeline:
    round = Round(opens_at=OPENS, closes_at=OPENS + timedelta(days=days), **fields)
    cells = [Tally(dimension="day", key=key, comments=n) for key, n in counts.items()]
    found = timeline_of(round, cells, total=sum(counts.values()), at=OPENS + timedelta(days=at))
    assert found is not None
    return found


def test_without_a_day_there_is_no_chart() -> None:
    round = Round(opens_at=OPENS, closes_at=OPENS + timedelta(days=9))
    assert timeline_of(round, [], total=2, at=OPENS) is None


def test_bars_are_days_and_the_line_grows_to_all_of_them() -> None:
    found = timeline({"2026-11-03": 2, "2026-11-05": 4})
    assert (found.days, found.most, found.total, len(found.spans)) == (1, 4, 6, 21)
    assert [(span.label, span.comments, span.total) for span in found.filled] == [
        ("3 November 2026", 2, 2),
        ("5 November 2026", 4, 6),
    ]
    assert found.filled[1].height == "60.00" and found.filled[0].height == "30.00"
    assert found.points.startswith("0,100") and found.points.endswith(",0.00")
    assert found.sentence == "The busiest day was 5 November 2026, with 4 of 6 comments."


def test_a_long_round_is_drawn_by_weeks_and_a_very_long_one_stays_readable() -> None:
    weeks = timeline({"2026-11-03": 2, "2026-11-08": 1, "2026-11-09": 1}, days=100)
    assert (weeks.days, [span.comments for span in weeks.filled]) == (7, [3, 1])
    assert weeks.filled[0].label == "2 November 2026 to 8 November 2026"
    assert "busiest days were" in weeks.sentence
    years = timeline({"2026-11-03": 2}, days=10 * 365)
    assert len(years.spans) <= 60 and years.days % 7 == 0


def test_opening_closing_and_today_are_marked_and_mirrored() -> None:
    found = timeline({"2026-11-03": 1})
    assert [(mark.name, mark.label) for mark in found.marks] == [
        ("opens", "opened 2 Nov"),
        ("closes", "closes 22 Nov"),
        ("today", "today"),
    ]
    assert [mark.place for mark in found.marks] == ["0.00%", "100.00%", "47.62%"]
    with translation.override("ar"):
        assert [mark.place for mark in timeline({"2026-11-03": 1}).marks] == ["100.00%", "0.00%", "52.38%"]
    over = timeline({"2026-11-03": 1}, at=30)
    assert [mark.label for mark in over.marks] == ["opened 2 Nov", "closed 22 Nov"]
    early = timeline({"2026-11-03": 1}, closed_at=OPENS + timedelta(days=3))
    assert [mark.label for mark in early.marks] == ["opened 2 Nov", "closed 5 Nov"]


def test_what_came_after_closing_for_some_is_on_the_picture() -> None:
    found = timeline({"2026-11-25": 1}, at=30)
    assert found.spans[-1].last.isoformat() == "2026-11-25"


def test_numbers_of_a_picture_have_points_whatever_the_language() -> None:
    with translation.override("fr"):
        found = timeline({"2026-11-03": 2, "2026-11-05": 4})
    assert all("," not in part for span in found.filled for part in (span.x, span.width, span.y, span.height))


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ([("A", 3), ("B", 1)], "Most: A, 3 of 4."),
        ([("A", 2), ("B", 2), ("C", 1)], "Most: A and B, 2 each of 5."),
        ([("A", 1), ("B", 1)], "All are equal: 1 each of 2."),
        ([("A", 4)], "Most: A, 4 of 4."),
        ([("A", 0)], "Nothing to compare yet."),
    ],
)
def test_the_sentence_names_the_longest(counts: list[tuple[str, int]], sentence: str) -> None:
    assert sentence_of(counts) == sentence


@pytest.mark.parametrize(
    ("counts", "median"),
    [({}, None), ({"4": 1}, 4), ({"1": 2, "5": 1}, 1), ({"2": 1, "5": 1}, 3.5), ({"3": 2, "4": 2}, 3.5)],
)
def test_the_median_of_a_scale(counts: dict[str, int], median: float | None) -> None:
    assert median_of(Counter(counts)) == median


def test_the_result_of_a_scale_marks_its_median() -> None:
    question = Question(kind="scale", wording_en="How far?")  # type: ignore[misc]
    even = result_of(question, 2, Counter({"3": 1, "4": 1}))
    assert [bar.median for bar in even.bars] == [False, False, True, True, False]
    assert even.sentence == "The median of 2 answers is 3.5, on a scale from 1 to 5."
    odd = result_of(question, 3, Counter({"2": 1, "4": 1, "5": 1}))
    assert [bar.median for bar in odd.bars] == [False, False, False, True, False]
    assert result_of(question, 0, Counter()).sentence == "Nobody has answered yet."


def test_options_in_a_sentence_are_plain_words() -> None:
    options = [{"key": "1", "words": {"fr": "R & D"}}, {"key": "2", "words": {"en": "No"}}]
    found = result_of(Question(kind="choice", wording_en="?", options=options), 3, Counter({"1": 2, "2": 1}))  # type: ignore[misc]
    assert found.sentence == "Most: R & D, 2 of 3."
    assert found.bars[0].label == '<span lang="fr" dir="ltr">R &amp; D</span>'
