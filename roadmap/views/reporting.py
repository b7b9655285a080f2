"""The secretariat's pages of reporting: periods, what is reported on each resolution, closing."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.verdicts import require
from roadmap.actions.board_reports import close_period, closing_day
from roadmap.actions.milestone_dates import today
from roadmap.actions.reporting import (
    add_line,
    change_entry,
    change_period,
    leave_out,
    open_period,
    remove_line,
    take_proposal,
    word_line,
)
from roadmap.forms.resolutions import EntryForm, LeaveOutForm, LineForm, PeriodForm, ReportForm
from roadmap.models import EntryLine, ReportingPeriod, ResolutionEntry
from roadmap.report_proposals import proposals_for
from roadmap.resolution_queries import seen_periods
from roadmap.resolution_rules import may_change_period, may_manage_resolutions
from roadmap.views.saving import (
    afresh,
    entered,
    saved,
    status_of,
    take_conflict,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def periods(request: HttpRequest) -> HttpResponse:
    """Every period, and a form to open the next."""
    require(may_manage_resolutions(request.user))
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        year, half = form.cleaned_data["year"], form.cleaned_data["half"]
        try:
            made = open_period(actor=request.user, year=year, half=half, **form.head)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The period is open."))
            return redirect("resolutions:period", made.code)
    context = {"form": form, "periods": seen_periods(request.user)}
    return render(request, "roadmap/report_periods.html", context, status=status_of(form))


def _period(request: HttpRequest, code: str) -> ReportingPeriod:
    require(may_manage_resolutions(request.user))
    year, _dash, half = code.partition("-")
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and half in ("1", "2")):
        year, half = "0", "0"
    return get_object_or_404(ReportingPeriod, year=int(year), half=int(half))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def period_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A period: its entries, the first page of its report, the reports made of it."""
    period = _period(request, code)
    form = PeriodForm(request.POST or None, period=period)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        change = partial(change_period, actor=request.user, period=period, version=version, **form.head)
        if not (
            status := saved(
                form, change, on_conflict=take_conflict, standing=lambda: PeriodForm(period=afresh(period))
            )
        ):
            messages.success(request, _("Saved."))
            return redirect("resolutions:period", period.code)
    context = {
        "period": period,
        "form": form,
        "entries": period.entries.select_related("resolution").prefetch_related("lines"),
        "reports": period.reports.all(),
        "report_form": ReportForm(initial={"as_of": _day_to_report(period)}),
        "changeable": may_change_period(request.user, period),
    }
    return render(request, "roadmap/report_period.html", context, status=status_of(form, status))


def _day_to_report(period: ReportingPeriod) -> date:
    """The last day as of which a report can be made now."""
    day = closing_day(period)
    return day if period.is_closed else max(day - timedelta(days=1), period.starts)


@login_required
@require_POST
def period_close(request: HttpRequest, code: str) -> HttpResponse:
    period = _period(request, code)
    try:
        close_period(actor=request.user, period=period)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The period is closed, and its report is made."))
    return redirect("resolutions:period", period.code)


# --- Entries ---------------------------------------------------------------------------------------------


def _entry(request: HttpRequest, uuid: UUID) -> ResolutionEntry:
    require(may_manage_resolutions(request.user))
    entries = ResolutionEntry.objects.select_related("period", "resolution__guidelines")
    return get_object_or_404(entries, uuid=uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is reported on a resolution: status and money, what is told, and what the portal proposes."""
    entry = _entry(request, uuid)
    form = EntryForm(request.POST or None, entry=entry)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        change = partial(change_entry, actor=request.user, entry=entry, version=version, **form.facts)
        if not (
            status := saved(
                form, change, on_conflict=take_conflict, standing=lambda: EntryForm(entry=afresh(entry))
            )
        ):
            messages.success(request, _("Saved."))
            return redirect("resolutions:entry", entry.uuid)
    return _entry_page(request, entry, form=form, status=status)


def _entry_page(
    request: HttpRequest, entry: ResolutionEntry, *, status: int = 0, **forms: Any
) -> HttpResponse:
    lines = list(entry.lines.select_related("decided_by", "corrects__entry__period"))
    decided = {line.source for line in lines}
    changeable = may_change_period(request.user, entry.period)
    proposals = proposals_for(entry, at=today()) if changeable else []
    context = {
        "entry": entry,
        "lines": [line for line in lines if not line.left_out],
        "left_out": [line for line in lines if line.left_out],
        "proposals": [each for each in proposals if each.source not in decided],
        "form": forms.get("form") or EntryForm(entry=entry),
        "line_form": forms.get("line_form") or LineForm(entry=entry),
        "changeable": changeable,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "roadmap/report_entry.html", context, status=status or (400 if wrong else 200))


@login_required
@require_POST
def entry_take(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Tell what the portal proposes."""
    entry = _entry(request, uuid)
    return _acted(
        request, entry, lambda: take_proposal(actor=request.user, entry=entry, source=_source(request))
    )


@login_required
@require_POST
def entry_leave_out(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Be silent on it, with a reason."""
    entry = _entry(request, uuid)
    reason = LeaveOutForm(request.POST)
    if not reason.is_valid():
        messages.error(request, " ".join(str(words) for told in reason.errors.values() for words in told))
        return redirect("resolutions:entry", entry.uuid)
    why = reason.cleaned_data["reason"]
    return _acted(
        request,
        entry,
        lambda: leave_out(actor=request.user, entry=entry, source=_source(request), reason=why),
    )


def _source(request: HttpRequest) -> str:
    return request.POST.get("source", "")[:60]


def _acted(request: HttpRequest, entry: ResolutionEntry, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("resolutions:entry", entry.uuid)


@login_required
@require_POST
def line_add(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Something that the portal doesn't know."""
    entry = _entry(request, uuid)
    form = LineForm(request.POST, entry=entry)
    status = 0
    if form.is_valid():
        add = partial(
            add_line,
            actor=request.user,
            entry=entry,
            kind=form.cleaned_data["kind"],
            words=form.words("text"),
            operative=form.numbers,
            corrects=form.cleaned_data["corrects"],
        )
        made, status = entered(request, form, EntryLine, add)
        if made is not None:
            messages.success(request, _("Saved."))
            return redirect("resolutions:entry", entry.uuid)
    return _entry_page(request, entry, line_form=form, status=status)


def _line(request: HttpRequest, uuid: UUID) -> EntryLine:
    require(may_manage_resolutions(request.user))
    lines = EntryLine.objects.select_related("entry__period", "entry__resolution")
    return get_object_or_404(lines, uuid=uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def line_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Other words, or other operative paragraphs."""
    line = _line(request, uuid)
    form = LineForm(request.POST or None, entry=line.entry, line=line)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        change = partial(
            word_line,
            actor=request.user,
            line=line,
            version=version,
            words=form.words("text"),
            operative=form.numbers,
        )
        if not (
            status := saved(
                form,
                change,
                on_conflict=take_conflict,
                standing=lambda: LineForm(entry=line.entry, line=afresh(line)),
            )
        ):
            messages.success(request, _("Saved."))
            return redirect("resolutions:entry", line.entry.uuid)
    context = {"line": line, "form": form, "changeable": may_change_period(request.user, line.entry.period)}
    return render(request, "roadmap/report_line.html", context, status=status_of(form, status))


@login_required
@require_POST
def line_remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    line = _line(request, uuid)
    return _acted(request, line.entry, lambda: remove_line(actor=request.user, line=line))
