"""The scoring board, the sheet of all scores, and what reviewers said of one nomination."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.verdicts import Conflict
from experts.actions.scoring import flag_for_discussion, write_note
from experts.actions.screening import close_scoring, reopen_scoring
from experts.blinding import candidate_name
from experts.board import BoardRow, board_rows, leanings, progress_of
from experts.links import nomination_page, reviews_pages
from experts.models import WEIGHED, Call, Criterion, Nomination, Review
from experts.phases import phase_of
from experts.score_sheet import score_sheet
from experts.scoring import DOUBTFUL_SPREAD, OUTLYING
from experts.views.scoring import csv_response
from experts.views.screening import PER_PAGE, for_screening, frame

S = Nomination.State
ORDERS: dict[str, list[Any]] = {
    "merit": [F("merit").desc(nulls_last=True), "pk"],
    "spread": [F("spread").desc(nulls_last=True), "pk"],
    "code": ["candidate_number", "pk"],
}
SHOWN = (
    "uuid",
    "name",
    "country",
    "candidate_number",
    "discussed_since",
    "merit",
    "merit_imported",
    "imported_merit",
    "spread",
)


@for_screening
@require_safe
def board(request: HttpRequest, call: Call) -> HttpResponse:
    """Nominations by criteria with mean, spread and progress; each reviewer's leaning."""
    sort = request.GET.get("sort", "")
    sort = sort if sort in ORDERS else "merit"
    known = Nomination.objects.weighed_by(request.user).filter(call=call, state__in=WEIGHED)
    doubtful = request.GET.get("show") == "doubtful"
    if doubtful:
        known = known.filter(Q(discussed_since__isnull=False) | Q(spread__gt=DOUBTFUL_SPREAD))
    rows = known.only(*SHOWN).select_related("country").order_by(*ORDERS[sort])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    criteria, reviewers = list(Criterion.objects.filter(call=call)), leanings(call, request.user)
    page_of = reviews_pages(call.pk)
    all_states = set(
        Nomination.objects.weighed_by(request.user).filter(call=call).values_list("state", flat=True)
    )
    context = {
        **frame(call, "board"),
        "page": page,
        "closes": call.decided_at is None and S.ELIGIBLE in all_states,
        "reopens": call.decided_at is None and S.SCORED in all_states,
        "rows": [(row, page_of(row.nomination.uuid)) for row in board_rows(list(page), criteria)],
        "criteria": criteria,
        "leanings": reviewers,
        "progress": progress_of(reviewers),
        "phase": phase_of(call, timezone.now()),
        "sort": sort,
        "doubtful": doubtful,
        "sorts": [("merit", _("Merit")), ("spread", _("Spread")), ("code", _("Code"))],
        "query": f"sort={sort}" + ("&show=doubtful" if doubtful else ""),
        "outlying": OUTLYING,
        "doubtful_spread": DOUBTFUL_SPREAD,
    }
    return render(request, "experts/board.html", context)


@for_screening
@require_safe
def scores_csv(request: HttpRequest, call: Call) -> StreamingHttpResponse:
    """Every submitted review that counts, of what the caller may know of, as CSV."""
    known = Nomination.objects.weighed_by(request.user).filter(call=call)
    reviews = Review.objects.counted().filter(nomination__in=known)
    lines = score_sheet(reviews, list(Criterion.objects.filter(call=call)), names=True)
    return csv_response(lines, f"scores-{call.pk}.csv")


@for_screening
@require_POST
def scoring_close(request: HttpRequest, call: Call) -> HttpResponse:
    """What has a merit becomes scored, or (``reopen``) eligible again for a reason."""
    try:
        if "reopen" in request.POST:
            n = reopen_scoring(actor=request.user, call=call, reason=request.POST.get("reason", ""))
            said = ngettext("%(n)d nomination is eligible again.", "%(n)d nominations are eligible again.", n)
        else:
            n = close_scoring(actor=request.user, call=call)
            said = ngettext("%(n)d nomination is scored.", "%(n)d nominations are scored.", n)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as conflict:
        messages.error(request, str(conflict.reason))
    else:
        messages.success(request, said % {"n": n})
    return redirect("reviewing:board", call.pk)


def _nomination(request: HttpRequest, call: Call, uuid: UUID) -> Nomination:
    known = Nomination.objects.weighed_by(request.user).select_related("call", "country")
    return get_object_or_404(known, call=call, uuid=uuid)


@for_screening
@require_safe
def nomination_reviews(request: HttpRequest, call: Call, uuid: UUID) -> HttpResponse:
    """What each reviewer gave and said of one nomination, and the discussion."""
    nomination = _nomination(request, call, uuid)
    criteria = list(Criterion.objects.filter(call=call))
    reviews = (
        Review.objects.standing()
        .filter(nomination=nomination)
        .select_related("reviewer__user")
        .prefetch_related("scores")
        .order_by("pk")
    )
    rows = []
    for review in reviews:
        given = {score.criterion_id: score.value for score in review.scores.all()}
        values = [given.get(c.pk) if review.submitted_at else None for c in criteria]
        rows.append({"review": review, "values": values})
    context = {
        **frame(call, "board"),
        "nomination": nomination,
        "code": candidate_name(nomination) if nomination.candidate_number else "",
        "path": nomination_page(nomination.uuid),
        "criteria": criteria,
        "rows": rows,
        "row": next(iter(board_rows([nomination], criteria)), BoardRow(nomination)),
        "notes": nomination.discussion.select_related("author"),
    }
    return render(request, "experts/nomination_reviews.html", context)


@for_screening
@require_POST
def nomination_discuss(request: HttpRequest, call: Call, uuid: UUID) -> HttpResponse:
    """Put it up for discussion (``flag`` 1), or no longer (0), or write a note (``body``)."""
    nomination = _nomination(request, call, uuid)
    if request.POST.get("flag") in ("0", "1"):
        flag_for_discussion(actor=request.user, nomination=nomination, wanted=request.POST["flag"] == "1")
    else:
        try:
            write_note(actor=request.user, nomination=nomination, body=request.POST.get("body", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("reviewing:nomination_reviews", call.pk, uuid)
