"""The secretariat's pages before a meeting: its plan, agenda, papers, invitations."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.verdicts import require
from experts.models import HostingSlot
from roadmap.actions.meetings import announce_meeting, cancel_meeting, change_meeting, plan_meeting
from roadmap.forms.meetings import CancelForm, MeetingForm
from roadmap.meeting_queries import numbers_of, people_in
from roadmap.meeting_rules import may_announce, may_change_plan, may_manage_meetings
from roadmap.models import Meeting
from roadmap.views.meetings import found_meeting
from roadmap.views.saving import afresh, entered, saved, status_of


def managed(request: HttpRequest, uuid: UUID) -> Meeting:
    """The meeting, for the secretariat: 404 for who doesn't see it, 403 for who doesn't manage it."""
    meeting = found_meeting(request, uuid)
    require(may_manage_meetings(request.user))
    return meeting


@login_required
def meeting_create(request: HttpRequest) -> HttpResponse:
    """A new meeting; ``?slot=`` begins it from a meeting of a call to host."""
    require(may_manage_meetings(request.user))
    slot = _slot(request.GET.get("slot", ""))
    form = MeetingForm(request.POST if request.method == "POST" else None, slot=slot)
    status = 0
    if request.method == "POST" and form.is_valid():
        plan = partial(plan_meeting, actor=request.user, slot=slot, **form.plan)
        meeting, status = entered(request, form, Meeting, plan)
        if meeting is not None:
            messages.success(request, _("The meeting is planned. Only the secretariat sees it so far."))
            return redirect("meetings:detail", meeting.uuid)
    context = {"form": form, "meeting": None, "slot": slot}
    return render(request, "roadmap/meeting_form.html", context, status=status_of(form, status))


def _slot(asked: str) -> HostingSlot | None:
    if not asked:
        return None
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 15:
        raise Http404
    return get_object_or_404(HostingSlot.objects.select_related("call"), pk=int(asked))


@login_required
def meeting_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    meeting = managed(request, uuid)
    require(may_change_plan(request.user, meeting))
    form = MeetingForm(request.POST if request.method == "POST" else None, meeting=meeting)
    status = 0
    if request.method == "POST" and form.is_valid():
        version, changed = form.cleaned_data["version"] or 0, list[Meeting]()
        change = partial(change_meeting, actor=request.user, meeting=meeting, version=version, **form.plan)
        if not (
            status := saved(
                form, lambda: changed.append(change()), standing=lambda: MeetingForm(meeting=afresh(meeting))
            )
        ):
            told = changed[0].sequence > meeting.sequence
            messages.success(
                request,
                _("The meeting is saved. Whoever is invited is told.")
                if told
                else _("The meeting is saved."),
            )
            return redirect("meetings:detail", uuid)
    context = {"form": form, "meeting": meeting, "slot": meeting.slot}
    return render(request, "roadmap/meeting_form.html", context, status=status_of(form, status))


@login_required
def announce(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A summary to confirm: it is announced as it was shown, or not at all."""
    meeting = managed(request, uuid)
    require(may_announce(request.user, meeting))
    errors: list[str] = []
    if request.method == "POST":
        try:
            announce_meeting(actor=request.user, meeting=meeting, version=_shown(request))
        except ValidationError as error:
            errors = [text for told in error.message_dict.values() for text in told]
        else:
            messages.success(request, _("The meeting is announced. Whoever is invited is told by mail."))
            return redirect("meetings:detail", uuid)
    known = set(meeting.invitations.standing().values_list("person", flat=True))
    brought = set(people_in(meeting.groups.all()).values_list("pk", flat=True))
    context = {"meeting": meeting, "errors": errors, "invited": len(known | brought)}
    return render(request, "roadmap/meeting_announce.html", context, status=400 if errors else 200)


def _shown(request: HttpRequest) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0


@login_required
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What it means, and a word to those invited."""
    meeting = managed(request, uuid)
    require(may_change_plan(request.user, meeting))
    form = CancelForm(
        request.POST if request.method == "POST" else None, initial={"version": meeting.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            cancel_meeting(actor=request.user, meeting=meeting, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The meeting is cancelled."))
            return redirect("meetings:detail", uuid)
    context = {"form": form, "meeting": meeting, "numbers": numbers_of(meeting)}
    return render(request, "roadmap/meeting_cancel.html", context, status=400 if form.errors else 200)
