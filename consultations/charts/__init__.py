"""Figures of a round, drawn in templates: bars by dimension, comments over time, answers to questions."""

from consultations.charts.bars import Bar, Chart, chart_of, charts_of
from consultations.charts.results import QuestionResult, median_of, result_of
from consultations.charts.timeline import Timeline, timeline_of

__all__ = [
    "Bar",
    "Chart",
    "QuestionResult",
    "Timeline",
    "chart_of",
    "charts_of",
    "median_of",
    "result_of",
    "timeline_of",
]
