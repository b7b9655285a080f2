"""Reviewers of a call, their conflicts of interest, and who scores what."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.verdicts import Conflict, Refusal
from experts.actions.conflicts import lift_conflict, pin_conflict
from experts.actions.reviewers import add_reviewer, assign_reviews, remove_reviewer
from experts.board import leanings, with_conflicts
from experts.distribution import Pair, Proposal, distribute
from experts.forms.screening import PinForm, ReviewerForm
from experts.models import Call, ConflictOfInterest, Nomination, Review, Reviewer
from experts.views.screening import PER_PAGE, for_screening, frame

MOST_EACH = 20


@for_screening
@require_http_methods(["GET", "HEAD", "POST"])
def reviewers(request: HttpRequest, call: Call) -> HttpResponse:
    """Who scores, with load and progress; POST adds somebody."""
    form = ReviewerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_reviewer(actor=request.user, call=call, person=form.person)
        except Refusal as refusal:
            form.add_error("email", str(refusal.verdict.reason))
        else:
            messages.success(request, _("The reviewer is added. Conflicts of interest were looked for."))
            return redirect("reviewing:reviewers", call.pk)
    rows = with_conflicts(leanings(call, request.user), call, request.user)
    context = {
        **frame(call, "reviewers"),
        "form": form,
        "rows": rows,
        "most": max((row.assigned for row in rows), default=0) or 1,
    }
    return render(request, "experts/reviewers.html", context, status=400 if form.errors else 200)


@for_screening
@require_POST
def reviewer_remove(request: HttpRequest, call: Call, reviewer_id: int) -> HttpResponse:
    reviewer = get_object_or_404(Reviewer.objects.select_related("call"), call=call, pk=reviewer_id)
    remove_reviewer(actor=request.user, reviewer=reviewer)
    messages.success(request, _("The reviewer is removed. What they submitted stays and counts."))
    return redirect("reviewing:reviewers", call.pk)


# --- Conflicts of interest -------------------------------------------------------------------------------


@for_screening
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest, call: Call) -> HttpResponse:
    """Conflicts that stand or were lifted; POST sets one."""
    known = Nomination.objects.weighed_by(request.user).filter(call=call).order_by("name", "pk")
    acting = Reviewer.objects.filter(call=call, removed_at=None).select_related("user")
    form = PinForm(request.POST if request.method == "POST" else None, reviewers=acting, nominations=known)
    if request.method == "POST" and form.is_valid():
        pin_conflict(actor=request.user, call=call, **form.cleaned_data)
        messages.success(request, _("The conflict of interest is set."))
        return redirect("reviewing:conflicts", call.pk)
    rows = (
        ConflictOfInterest.objects.filter(nomination__in=known)
        .select_related("user", "nomination__country", "declared_by", "lifted_by")
        .order_by("-declared_at", "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {**frame(call, "conflicts"), "form": form, "page": page}
    return render(request, "experts/conflicts.html", context, status=400 if form.errors else 200)


@for_screening
@require_POST
def conflict_lift(request: HttpRequest, call: Call, conflict_id: int) -> HttpResponse:
    known = Nomination.objects.weighed_by(request.user).filter(call=call)
    rows = ConflictOfInterest.objects.select_related("nomination__call").filter(nomination__in=known)
    conflict = get_object_or_404(rows, pk=conflict_id)
    try:
        lift_conflict(actor=request.user, conflict=conflict, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as conflict_error:
        messages.error(request, str(conflict_error.reason))
    else:
        messages.success(request, _("The conflict of interest is lifted."))
    return redirect("reviewing:conflicts", call.pk)


# --- Assignments -----------------------------------------------------------------------------------------


class ProposalForm(forms.Form):
    """How many reviews each nomination is to have."""

    each = forms.IntegerField(min_value=1, max_value=MOST_EACH)


@for_screening
@require_http_methods(["GET", "HEAD", "POST"])
def assignments(request: HttpRequest, call: Call) -> HttpResponse:
    """Who scores what, as a table to tick; ``?each=3`` fills in a proposal. POST keeps what is ticked."""
    given = request.POST if request.method == "POST" else request.GET
    form = ProposalForm(given if given.get("each") else None)
    each = form.cleaned_data["each"] if form.is_bound and form.is_valid() else None
    table = Table(call, request.user, each)
    page = Paginator(table.nominations, PER_PAGE).get_page(given.get("page"))
    conflict: Any = None
    errors: list[str] = []
    if request.method == "POST":
        try:
            added, removed = _keep(request, table)
        except ValidationError as error:
            errors = list(error.messages)
        except Conflict as stale:
            conflict = stale
        else:
            _tell(request, added, removed)
            return redirect(f"{reverse('reviewing:assignments', args=[call.pk])}?page={page.number}")
    context = {
        **frame(call, "assignments"),
        "form": form,
        "each": each or "",
        "table": table,
        "page": page,
        "rows": table.rows(list(page)),
        "conflict": conflict,
        "errors": errors,
        "query": f"each={each}" if each else "",
    }
    return render(
        request, "experts/assignments.html", context, status=409 if conflict else 400 if errors else 200
    )


def _tell(request: HttpRequest, added: int, removed: int) -> None:
    messages.success(
        request,
        ngettext("%(n)d review assigned.", "%(n)d reviews assigned.", added) % {"n": added}
        + " "
        + ngettext("%(n)d taken back.", "%(n)d taken back.", removed) % {"n": removed},
    )


def _keep(request: HttpRequest, table: "Table") -> tuple[int, int]:
    """What is ticked on this page; with ``all``, also what is proposed on the others."""
    shown, known = set(request.POST.getlist("row")), {str(row.pk) for row in table.nominations}
    if not shown <= known:
        raise Conflict(_("The assignments have changed since you opened the page. Nothing was changed."))
    numbers = {int(number) for number in shown}
    ticked = {pair for value in request.POST.getlist("pair") if (pair := _pair(value))}
    before = {pair for value in request.POST.getlist("standing") if (pair := _pair(value))}
    reach = {pair for pair in ticked if pair[0] in numbers}
    add, remove = reach - before, {pair for pair in before if pair[0] in numbers} - reach
    if "all" in request.POST:
        if request.POST.get("proposal") != table.proposal.fingerprint:
            raise Conflict(_("The proposal is another one by now. Look at it again."))
        add |= {pair for pair in table.proposal.pairs if pair[0] not in numbers}
    seen = {pair for pair in table.standing if pair[0] not in numbers} | before
    touched = {n for n, _r in add | remove} | numbers
    return assign_reviews(
        actor=request.user,
        call=table.call,
        add=add,
        remove=remove,
        seen={pair for pair in seen if pair[0] in touched},
    )


def _pair(value: str) -> Pair | None:
    nomination, _dash, reviewer = value.partition("-")
    if all(part.isascii() and part.isdecimal() and len(part) < 16 for part in (nomination, reviewer)):
        return int(nomination), int(reviewer)
    return None


class Table:
    """Eligible nominations by acting reviewers, as far as the caller may know of them: what stands, what bars, what
    is proposed. Six queries, however many there are."""

    def __init__(self, call: Call, user: Any, each: int | None) -> None:
        self.call = call
        self.nominations = list(
            Nomination.objects.weighed_by(user)
            .filter(call=call, state=Nomination.State.ELIGIBLE)
            .select_related("country")
            .order_by("candidate_number", "pk")
        )
        acting = Reviewer.objects.filter(call=call, removed_at=None).select_related("user").order_by("pk")
        self.reviewers = list(acting)
        known = Nomination.objects.weighed_by(user).filter(call=call)
        reviews = Review.objects.filter(nomination__in=known, reviewer__removed_at=None).unbarred()
        states = {
            (n, r): at is not None
            for n, r, at in reviews.values_list("nomination_id", "reviewer_id", "submitted_at")
        }
        self.submitted = {pair for pair, done in states.items() if done}
        here = {row.pk for row in self.nominations}
        self.standing = {pair for pair in states if pair[0] in here}
        by_user = {row.user_id: row.pk for row in self.reviewers}
        rows = ConflictOfInterest.objects.standing().filter(nomination__in=known, user__in=by_user)
        self.barred = {(n, by_user[u]) for n, u in rows.values_list("nomination_id", "user_id")}
        self.load = {row.pk: sum(r == row.pk for _n, r in states) for row in self.reviewers}
        self.proposal = Proposal()
        if each:
            self.proposal = distribute(
                [row.pk for row in self.nominations],
                [row.pk for row in self.reviewers],
                each=each,
                barred=self.barred,
                standing=self.standing,
                load=self.load,
                seed=call.pk,
            )

    @property
    def missing(self) -> int:
        return len(self.proposal.short)

    @property
    def loads(self) -> list[dict[str, Any]]:
        """Each reviewer with what stands and what is proposed; ``most`` fills a bar."""
        proposed = {row.pk: sum(r == row.pk for _n, r in self.proposal.pairs) for row in self.reviewers}
        most = max((self.load[pk] + proposed[pk] for pk in self.load), default=0) or 1
        return [
            {
                "reviewer": row,
                "load": self.load[row.pk],
                "proposed": proposed[row.pk],
                "total": self.load[row.pk] + proposed[row.pk],
                "width": round(400 * (self.load[row.pk] + proposed[row.pk]) / most),
                "standing_width": round(400 * self.load[row.pk] / most),
            }
            for row in self.reviewers
        ]

    def rows(self, nominations: list[Nomination]) -> list[dict[str, Any]]:
        return [
            {
                "nomination": row,
                "cells": [self._cell(row.pk, reviewer) for reviewer in self.reviewers],
            }
            for row in nominations
        ]

    def _cell(self, nomination: int, reviewer: Reviewer) -> dict[str, Any]:
        pair = (nomination, reviewer.pk)
        return {
            "value": f"{nomination}-{reviewer.pk}",
            "reviewer": reviewer,
            "barred": pair in self.barred,
            "standing": pair in self.standing,
            "submitted": pair in self.submitted,
            "proposed": pair in self.proposal.pairs,
        }
