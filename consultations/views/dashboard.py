"""The figures of a round, for all to whom it shows what was said."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from consultations.asked import answer_counts, latest_words
from consultations.charts import charts_of, result_of, timeline_of
from consultations.charts.results import QuestionResult
from consultations.models import Question, Round
from consultations.queries import cells_by_dimension
from consultations.rules import is_secretariat, is_staff, may_see_figures
from consultations.views.rounds import pillar_names
from consultations.views.voices import visible_round
from core.verdicts import require
from drafts.queries import contents

CHARTS = ("pillar", "region", "stakeholder", "kind", "language", "disposition")
WORDS_SHOWN = 5


def dashboard(request: HttpRequest, round_id: int) -> HttpResponse:
    """Over time, by each dimension, and what was answered to the round's questions; all from the tallies."""
    round = visible_round(request, round_id)
    require(may_see_figures(request.user, round))
    now = timezone.now()
    cells = cells_by_dimension(round, request.user, ("total", "day", *CHARTS))
    total = cells["total"][0] if "total" in cells else None
    comments = total.comments if total else 0
    outcomes = cells.get("disposition", [])
    units = contents(round.draft, get_language() or "en")
    context = {
        "round": round,
        "state": round.state_at(now),
        "total": total,
        "answered": sum(cell.comments for cell in outcomes if cell.key),
        "timeline": timeline_of(round, cells.get("day", []), total=comments, at=now),
        "charts": charts_of(cells, CHARTS, comments, pillars=pillar_names(units)),
        "results": results_of(request, round),
        "secretariat": is_secretariat(request.user, round),
        "names": is_staff(request.user, round),
    }
    return render(request, "consultations/dashboard.html", context)


def results_of(request: HttpRequest, round: Round) -> list[QuestionResult]:
    """What was answered to each question, with the latest answers in own words."""
    questions = list(Question.objects.filter(round=round))
    if not questions:
        return []
    counts = answer_counts(round, request.user)
    written = [question for question in questions if question.kind == Question.Kind.OPEN]
    words = latest_words(round, request.user, written, WORDS_SHOWN)
    return [
        result_of(question, *counts.get(question.pk, (0, Counter())), words.get(question.pk, ()))
        for question in questions
    ]
