"""A reviewer's own pages: what is assigned, one candidate at a time, the discussion."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.verdicts import Conflict
from experts.actions.conflicts import declare_conflict, take_back_conflict
from experts.actions.scoring import save_review, write_note
from experts.blinding import blinded, candidate_name, identifying_words
from experts.forms.scoring import ConflictForm, ReviewForm
from experts.forms.screening import expertise_label
from experts.links import call_page, nomination_page
from experts.models import Call, ConflictOfInterest, Criterion, Nomination, Review
from experts.phases import is_blind, phase_of
from experts.review_rules import may_discuss, may_score, may_see_others, reviews_of
from experts.rules import reviewer_of
from experts.score_sheet import score_sheet
from experts.scoring import is_doubtful


def for_reviewers(view: Callable[..., Any]) -> Callable[..., Any]:
    """Pages of a call for its reviewers; to everyone else they aren't there. Kept by no cache."""

    @wraps(view)
    def checked(request: HttpRequest, call_id: int, **kwargs: Any) -> Any:
        call = get_object_or_404(Call.objects.visible_to(request.user), pk=call_id)
        if reviewer_of(request.user, call) is None:
            raise Http404
        return view(request, call, **kwargs)

    return never_cache(login_required(checked))


@for_reviewers
@require_safe
def scoring_overview(request: HttpRequest, call: Call) -> HttpResponse:
    """What I have to score, how far I am, until when."""
    now = timezone.now()
    reviews = _my_reviews(request.user, call, now)
    blind = is_blind(call, now)
    submitted = sum(review.submitted_at is not None for review in reviews)
    context = {
        **_frame(call, now),
        "rows": [_row(review, blind, now) for review in reviews],
        "submitted": submitted,
        "total": len(reviews),
        "percent": round(100 * submitted / len(reviews)) if reviews else 0,
        "next": next((r.nomination.candidate_number for r in reviews if not r.submitted_at), None),
        "declared": _declared(request.user, call),
    }
    return render(request, "experts/scoring_overview.html", context)


def _frame(call: Call, now: datetime) -> dict[str, Any]:
    return {
        "call": call,
        "phase": phase_of(call, now),
        "blind": is_blind(call, now),
        "call_path": call_page(call.pk),
    }


def _my_reviews(user: Any, call: Call, now: datetime) -> list[Review]:
    rows = reviews_of(user, call, at=now).select_related("nomination__country", "nomination__call")
    return list(rows.order_by("nomination__candidate_number", "pk"))


def _row(review: Review, blind: bool, now: datetime) -> dict[str, Any]:
    nomination = review.nomination
    return {
        "review": review,
        "number": nomination.candidate_number,
        "code": candidate_name(nomination),
        "name": "" if blind else nomination.name,
        "country": "" if blind else str(nomination.country),
        "may_score": bool(may_score(review, at=now)),
        # That reviews lie apart tells of the scores of others.
        "doubtful": may_see_others(review, at=now) and is_doubtful(nomination),
    }


def _declared(user: Any, call: Call) -> list[dict[str, Any]]:
    """What the reviewer declared and may take back: by code, which is all they are told again."""
    rows = ConflictOfInterest.objects.standing().filter(
        user=user, nomination__call=call, pinned=False, declared_by=user
    )
    return [
        {"conflict": row, "code": candidate_name(row.nomination)} for row in rows.select_related("nomination")
    ]


def _review(user: Any, call: Call, number: int, now: datetime) -> Review:
    """The caller's review of one candidate; 404 for what they may not know of."""
    rows = reviews_of(user, call, at=now).select_related(
        "nomination__country", "nomination__call", "reviewer"
    )
    return get_object_or_404(rows, nomination__candidate_number=number)


@for_reviewers
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, call: Call, number: int) -> HttpResponse:
    """One candidate, and what I give them. POST keeps a draft, submits, or submits and goes on."""
    review = _review(request.user, call, number, timezone.now())
    criteria = list(Criterion.objects.filter(call=call))
    if request.method != "POST":
        return _score_page(request, review, ReviewForm(review=review, criteria=criteria))
    form = ReviewForm(request.POST, review=review, criteria=criteria)
    if not form.is_valid():
        return _score_page(request, review, form, status=400)
    submit = "draft" not in request.POST
    try:
        save_review(
            actor=request.user,
            review_id=review.pk,
            version=form.cleaned_data["version"],
            values=form.values,
            comment=form.cleaned_data["comment"],
            submit=submit,
        )
    except ValidationError as error:
        form.take_errors(error)
        return _score_page(request, review, form, status=400)
    except Conflict as conflict:
        review.refresh_from_db(fields=["comment", "version", "submitted_at"])
        form.take_version(conflict.current["version"])
        return _score_page(request, review, form, status=409, conflict=conflict)
    messages.success(request, _("Your review is submitted.") if submit else _("Your draft is saved."))
    return redirect(_after(request, call, number))


def _after(request: HttpRequest, call: Call, number: int) -> str:
    """Back to the same candidate, or on to the next one that waits: further down first, then from the top."""
    if "next" not in request.POST:
        return reverse("reviewing:score", args=[call.pk, number])
    waiting = [
        row.nomination.candidate_number
        for row in _my_reviews(request.user, call, timezone.now())
        if row.submitted_at is None
    ]
    following = next((n for n in waiting if n and n > number), waiting[0] if waiting else None)
    if following is None:
        return reverse("reviewing:scoring_overview", args=[call.pk])
    return reverse("reviewing:score", args=[call.pk, following])


def _score_page(
    request: HttpRequest, review: Review, form: ReviewForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    now = timezone.now()
    nomination, call = review.nomination, review.nomination.call
    blind = is_blind(call, now)
    reviews = _my_reviews(request.user, call, now)
    verdict = may_score(review, at=now)
    context = {
        **_frame(call, now),
        "number": nomination.candidate_number,
        "code": candidate_name(nomination),
        "candidate": _shown(nomination, blind=blind),
        "path": "" if blind else nomination_page(nomination.uuid),
        "form": form,
        "standing": [
            (str(row.criterion), row.value)
            for row in review.scores.select_related("criterion").order_by("criterion__position")
        ],
        "review": review,
        "verdict": verdict,
        "mine": [_row(each, blind, now) for each in reviews],
        "submitted": sum(each.submitted_at is not None for each in reviews),
        "total": len(reviews),
        "conflict_form": ConflictForm(),
        **_discussion(review, now),
        **more,
    }
    return render(request, "experts/score.html", context, status=status)


def _shown(nomination: Nomination, *, blind: bool) -> dict[str, Any]:
    """What a reviewer reads of a candidate; blind, without anything that says who it is."""
    words = identifying_words(nomination) if blind else []

    def read(text: str) -> str:
        return blinded(text, words) if blind else text

    traits = list(nomination.traits.all())
    answers = nomination.answers.select_related("question").order_by("question__position")
    shown: dict[str, Any] = {
        "level": nomination.get_level_of_government_display(),
        "expertise": [expertise_label(t.value) for t in traits if t.kind == t.Kind.EXPERTISE],
        "years": nomination.years_of_experience,
        "experience": read(nomination.experience),
        "motivation": read(nomination.motivation),
        "answers": [(str(answer.question), read(answer.text)) for answer in answers],
    }
    if not blind:
        shown |= {
            "name": nomination.name,
            "country": str(nomination.country),
            "position": nomination.position,
            "workplace": nomination.workplace,
        }
    return shown


def _discussion(review: Review, now: datetime) -> dict[str, Any]:
    if not may_see_others(review, at=now):
        return {"others": None, "notes": None, "may_discuss": False}
    others = (
        Review.objects.counted()
        .filter(nomination=review.nomination)
        .exclude(pk=review.pk)
        .select_related("reviewer__user")
        .prefetch_related("scores__criterion")
        .order_by("pk")
    )
    return {
        "others": list(others),
        "notes": list(review.nomination.discussion.select_related("author")),
        "may_discuss": bool(may_discuss(review, at=now)),
        "doubtful": is_doubtful(review.nomination),
    }


@for_reviewers
@require_POST
def note(request: HttpRequest, call: Call, number: int) -> HttpResponse:
    """Say something to the other reviewers of a doubtful nomination."""
    review = _review(request.user, call, number, timezone.now())
    try:
        write_note(
            actor=request.user, nomination=review.nomination, body=request.POST.get("body", ""), review=review
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('reviewing:score', args=[call.pk, number])}#discussion")


@for_reviewers
@require_POST
def conflict_declare(request: HttpRequest, call: Call, number: int) -> HttpResponse:
    """I have nothing to do with this candidate: out of my sight."""
    review = _review(request.user, call, number, timezone.now())
    try:
        declare_conflict(actor=request.user, nomination=review.nomination, kind=request.POST.get("kind", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("reviewing:score", call.pk, number)
    messages.success(
        request,
        _("Noted: %(candidate)s is no longer among yours.")
        % {"candidate": candidate_name(review.nomination)},
    )
    return redirect("reviewing:scoring_overview", call.pk)


@for_reviewers
@require_POST
def conflict_take_back(request: HttpRequest, call: Call, conflict_id: int) -> HttpResponse:
    """What I declared by mistake."""
    rows = ConflictOfInterest.objects.filter(nomination__call=call, user=request.user.pk)
    conflict = get_object_or_404(rows.filter(pinned=False, declared_by=request.user.pk), pk=conflict_id)
    try:
        take_back_conflict(actor=request.user, conflict=conflict)
    except Conflict as done:
        messages.error(request, str(done.reason))
    else:
        messages.success(request, _("Taken back."))
    return redirect("reviewing:scoring_overview", call.pk)


@for_reviewers
@require_safe
def own_scores(request: HttpRequest, call: Call) -> StreamingHttpResponse:
    """My own submitted scores as CSV, candidates by their code."""
    mine = reviews_of(request.user, call, at=timezone.now()).filter(submitted_at__isnull=False)
    lines = score_sheet(mine, list(Criterion.objects.filter(call=call)), names=False)
    return csv_response(lines, f"my-scores-{call.pk}.csv")


def csv_response(lines: Any, name: str) -> StreamingHttpResponse:
    """Lines as a file to keep, sent as they are read."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
