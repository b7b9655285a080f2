"""The secretariat's pages of calls: prepare, change, announce, close early, reopen for a country."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.verdicts import Conflict, require
from experts.actions.announcing import announce_call, close_call, reopen_for_country
from experts.actions.call_promises import scoring_began
from experts.actions.calls import create_call, update_call
from experts.criteria_chart import bars_of
from experts.deadlines import in_full
from experts.forms.calls import CallForm, ReasonForm, ReopeningForm
from experts.models import Call
from experts.queries import whole_calls
from experts.readiness import open_points
from experts.rules import may_manage_calls
from experts.telling import reach_in_words, reach_of_call


def _managed(request: HttpRequest, call_id: int) -> Call:
    """The call, for the secretariat: 404 for who doesn't see it, 403 for who sees but doesn't manage it."""
    call = get_object_or_404(whole_calls(request.user), pk=call_id)
    require(may_manage_calls(request.user))
    return call


@login_required
def call_create(request: HttpRequest) -> HttpResponse:
    require(may_manage_calls(request.user))
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            call = create_call(actor=request.user, **form.plan, **form.fixed)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The call is prepared. Nobody else sees it until you announce it."))
            messages.info(request, _closing_of(request, call))
            return redirect("calls:call_detail", call.pk)
    return _form_page(request, form, None)


@login_required
def call_edit(request: HttpRequest, call_id: int) -> HttpResponse:
    call = _managed(request, call_id)
    form = CallForm(request.POST or None, call=call)
    status = 0
    if request.method == "POST" and form.is_valid():
        before = (call.closes_at, call.zone)
        try:
            changed = update_call(actor=request.user, call=call, **form.change, **form.plan)
        except ValidationError as error:
            form.take_errors(error)
        except Conflict as conflict:
            form.take_version(conflict.current["version"])
            form.add_error(
                None,
                _(
                    "This call has changed since you opened it. What you wrote is below, unsaved; look at the call"
                    " as it is now in another window. If you save again, yours takes its place."
                ),
            )
            status = 409
        else:
            messages.success(request, _("The call is saved."))
            if (changed.closes_at, changed.zone) != before:
                messages.info(request, _closing_of(request, changed))
            return redirect("calls:call_detail", call.pk)
    return _form_page(request, form, call, status)


@login_required
def call_announce(request: HttpRequest, call_id: int) -> HttpResponse:
    """A summary to confirm; it is announced as it was shown, or not at all."""
    call = _managed(request, call_id)
    if request.method == "POST":
        version = request.POST.get("version", "")
        shown = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
        announce_call(actor=request.user, call=call, version=shown)
        said = (_("The call is announced."), reach_in_words(reach_of_call()))
        messages.success(request, " ".join(said))
        return redirect("calls:call_detail", call.pk)
    if call.announced_at:
        return redirect("calls:call_detail", call.pk)
    now = timezone.now()
    context = {
        "call": call,
        "points": open_points(call, now),
        "reach": reach_in_words(reach_of_call()),
        "bars": bars_of(call.criteria.all()),
        "papers": call.papers.all(),
        "questions": call.questions.all(),
    }
    return render(request, "experts/call_announce.html", context)


@login_required
def call_close(request: HttpRequest, call_id: int) -> HttpResponse:
    """Close an open call before its time, with a reason."""
    call = _managed(request, call_id)
    form = ReasonForm(request.POST or None, initial={"version": call.version})
    if request.method == "POST" and form.is_valid():
        try:
            close_call(actor=request.user, call=call, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The call is closed."))
            return redirect("calls:call_detail", call.pk)
    context = {"call": call, "form": form, "is_open": call.state == Call.State.OPEN}
    return render(request, "experts/call_close.html", context, status=400 if form.errors else 200)


@login_required
def call_reopen(request: HttpRequest, call_id: int) -> HttpResponse:
    """Give one country later deadlines, with a reason."""
    call = _managed(request, call_id)
    form = ReopeningForm(request.POST or None, zone=call.zone)
    if request.method == "POST" and form.is_valid():
        try:
            reopening = reopen_for_country(actor=request.user, call=call, **form.plan)
        except ValidationError as error:
            form.take_errors(error)
        else:
            when = in_full(reopening.closes_at, call.zone, request.user)
            said = _("Open for %(country)s until: %(when)s. Whoever speaks for it is told by mail.")
            messages.success(request, said % {"country": reopening.country, "when": when})
            return redirect("calls:call_detail", call.pk)
    context = {
        "call": call,
        "form": form,
        "may_reopen": call.announced_at is not None and call.decided_at is None,
    }
    return render(request, "experts/call_reopen.html", context, status=400 if form.errors else 200)


def _closing_of(request: HttpRequest, call: Call) -> str:
    return _("It closes: %(when)s") % {"when": in_full(call.closes_at, call.zone, request.user)}


def _form_page(request: HttpRequest, form: CallForm, call: Call | None, status: int = 0) -> HttpResponse:
    wrong = form.is_bound and (form.errors or not form.parts.is_valid())
    context: dict[str, Any] = {
        "form": form,
        "call": call,
        "scoring_began": call is not None and scoring_began(call, timezone.now()),
    }
    return render(request, "experts/call_form.html", context, status=status or (400 if wrong else 200))
