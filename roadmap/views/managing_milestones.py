"""The secretariat's pages of milestones: enter, change, forecast with what follows, drop, order, let follow."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.verdicts import require
from roadmap.actions.milestones import change_milestone, create_milestone, let_follow, place_milestone
from roadmap.actions.shifting import mark_of, move_forecast, what_follows
from roadmap.forms.milestones import DropForm, ForecastForm, MilestoneForm
from roadmap.milestone_queries import seen_milestones
from roadmap.milestone_rules import may_manage_milestones
from roadmap.models import Milestone
from roadmap.plan import Dates, State, slippage
from roadmap.views.saving import (
    afresh,
    entered,
    saved,
    status_of,
    take_conflict,
)


def _managed(request: HttpRequest, uuid: UUID) -> Milestone:
    """The milestone, for the secretariat: 404 for who doesn't see it, 403 for who sees but doesn't manage it."""
    milestone = get_object_or_404(seen_milestones(request.user), uuid=uuid)
    require(may_manage_milestones(request.user))
    return milestone


@login_required
def milestone_create(request: HttpRequest) -> HttpResponse:
    require(may_manage_milestones(request.user))
    form = MilestoneForm(request.POST or None)
    status = 0
    if request.method == "POST" and form.is_valid():
        create = partial(create_milestone, actor=request.user, **form.plan)
        made, status = entered(request, form, Milestone, create)
        if made is not None:
            messages.success(request, _("The milestone is entered."))
            return redirect("roadmap:milestone_detail", made.uuid)
    return _form_page(request, form, None, status)


@login_required
def milestone_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    milestone = _managed(request, uuid)
    form = MilestoneForm(request.POST or None, milestone=milestone)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        change = partial(
            change_milestone, actor=request.user, milestone=milestone, version=version, **form.plan
        )
        if not (
            status := saved(
                form,
                change,
                on_conflict=take_conflict,
                standing=lambda: MilestoneForm(milestone=afresh(milestone)),
            )
        ):
            messages.success(request, _("The milestone is saved."))
            return redirect("roadmap:milestone_detail", milestone.uuid)
    return _form_page(request, form, milestone, status)


@login_required
def milestone_forecast(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A new forecast: first what would follow through the dependencies, then it is saved with them, or alone."""
    milestone = _managed(request, uuid)
    form = ForecastForm(request.POST or None, milestone=milestone)
    status, found, forecast = 0, {}, None
    if request.method == "POST" and form.is_valid() and form.forecast:
        forecast = form.forecast
        found = what_follows(milestone, forecast)
        if "all" in request.POST or "one" in request.POST:
            move = partial(
                move_forecast,
                actor=request.user,
                milestone=milestone,
                forecast=forecast,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                others="all" in request.POST,
                seen=request.POST.get("seen", ""),
            )
            moved: list[Milestone] = []
            if not (
                status := saved(
                    form,
                    lambda: moved.extend(move()),
                    on_conflict=take_conflict,
                    standing=lambda: ForecastForm(milestone=afresh(milestone)),
                )
            ):
                return _moved(request, milestone, len(moved) - 1)
    context = {
        "form": form,
        "milestone": milestone,
        "forecast": forecast,
        "follow": _rows(found),
        "final": _final(milestone, forecast, found) if forecast else None,
        "seen": mark_of(found),
    }
    status = status_of(form, status)
    return render(request, "roadmap/milestone_forecast.html", context, status=status)


def _rows(found: dict[int, Dates]) -> list[dict[str, Any]]:
    """What would move, in the order of the road map: from when to when, and by how many days."""
    rows = Milestone.objects.filter(pk__in=found)
    return [
        {
            "milestone": row,
            "before": row.standing.planned,
            "after": found[row.pk],
            "days": slippage(row.standing.planned, found[row.pk]) if row.standing.planned else None,
        }
        for row in rows
    ]


def _final(milestone: Milestone, forecast: Dates, found: dict[int, Dates]) -> dict[str, Any] | None:
    """The last milestone of the road map, now and after the move."""
    ends = [
        (row, expected, found.get(row.pk, forecast if row.pk == milestone.pk else expected))
        for row in Milestone.objects.all()
        if (expected := row.standing.expected) is not None and row.state != State.DROPPED
    ]
    if not ends:
        return None
    row, before, after = max(ends, key=lambda each: (each[1].end or each[1].start, each[0].position))
    return {"milestone": row, "before": before, "after": after, "days": slippage(before, after)}


def _moved(request: HttpRequest, milestone: Milestone, others: int) -> HttpResponse:
    if others:
        words = ngettext(
            "The forecast is saved, and %(count)d milestone moved along.",
            "The forecast is saved, and %(count)d milestones moved along.",
            others,
        )
        messages.success(request, words % {"count": others})
    else:
        messages.success(request, _("The forecast is saved."))
    return redirect("roadmap:milestone_detail", milestone.uuid)


@login_required
def milestone_drop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say that a milestone won't come, and why. It stays on the road map, struck through."""
    milestone = _managed(request, uuid)
    form = DropForm(request.POST or None, initial={"version": milestone.version})
    status = 0
    if request.method == "POST" and form.is_valid():
        drop = partial(
            change_milestone,
            actor=request.user,
            milestone=milestone,
            state=State.DROPPED,
            **form.cleaned_data,
        )
        if not (status := saved(form, drop, on_conflict=take_conflict)):
            messages.success(request, _("The milestone is dropped."))
            return redirect("roadmap:milestone_detail", milestone.uuid)
    context = {"form": form, "milestone": milestone}
    status = status_of(form, status)
    return render(request, "roadmap/milestone_drop.html", context, status=status)


@login_required
@require_POST
def milestone_follow(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a person's word back."""
    milestone = _managed(request, uuid)
    let_follow(actor=request.user, milestone=milestone)
    messages.success(request, _("Dates and state follow by themselves again."))
    return redirect("roadmap:milestone_detail", milestone.uuid)


@login_required
@require_POST
def milestone_place(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One up or down in the order."""
    milestone = _managed(request, uuid)
    step = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)
    place_milestone(actor=request.user, milestone=milestone, position=milestone.position + step)
    return redirect("roadmap:milestone_detail", milestone.uuid)


def _form_page(
    request: HttpRequest, form: MilestoneForm, milestone: Milestone | None, status: int = 0
) -> HttpResponse:
    context = {"form": form, "milestone": milestone}
    status = status_of(form, status)
    return render(request, "roadmap/milestone_form.html", context, status=status)
