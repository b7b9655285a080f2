"""Meetings as everybody, and whoever is invited, sees them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultations.search import asked_words
from core.mail import absolute
from core.verdicts import require
from experts.hosting_queries import host_of
from experts.models import HostingOffer
from experts.standing import is_staff
from roadmap.actions.calendar_links import token_of
from roadmap.actions.invitations import answer_invitation, set_named
from roadmap.actions.meeting_records import finish_task
from roadmap.attendance_balance import public_regions
from roadmap.forms.meetings import AnswerForm
from roadmap.meeting_queries import (
    agenda_of,
    cards,
    found_meetings,
    numbers_of,
    own_invitations,
    own_tasks,
    papers_of,
    seen_decisions,
)
from roadmap.meeting_rules import may_answer, may_hold, may_note_presence, may_see_inside
from roadmap.models import CalendarLink, Meeting, MeetingInvitation, MeetingTask

S = Meeting.State
AHEAD = (S.ANNOUNCED, S.RUNNING)


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """What is to come first, then what was; what is in preparation for the secretariat alone."""
    words = asked_words(request.GET.get("words", ""))
    found = cards(request.user, found_meetings(request.user, words), at=timezone.now())
    past = [card for card in found if card.state not in (*AHEAD, S.PREPARED)]
    context = {
        "words": words,
        "ahead": [card for card in found if card.state in AHEAD],
        "prepared": [card for card in found if card.state == S.PREPARED],
        "past": past[::-1],
        "found": len(found),
        "staff": is_staff(request.user),
    }
    return render(request, "roadmap/meeting_list.html", context)


def found_meeting(request: HttpRequest, uuid: UUID) -> Meeting:
    """The meeting, for whoever may know of it; 404 for everybody else."""
    seen = Meeting.objects.visible_to(request.user).select_related("country", "record", "slot__call")
    return get_object_or_404(seen, uuid=uuid)


@require_safe
def meeting_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return meeting_page(request, found_meeting(request, uuid))


def meeting_page(
    request: HttpRequest, meeting: Meeting, *, answering: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    """One meeting, with what this reader may see of it and may do now."""
    now, user = timezone.now(), request.user
    inside = bool(may_see_inside(user, meeting))
    invitation = _own_invitation(user, meeting)
    told = bool(meeting.published_at)
    staff = is_staff(user)
    context: dict[str, Any] = {
        "meeting": meeting,
        "state": meeting.state_at(now),
        "ahead": not meeting.cancelled_at and now < meeting.ends_at,
        "inside": inside,
        "staff": staff,
        "invitation": invitation,
        "answerable": may_answer(user, invitation, at=now) if invitation else None,
        "answering": answering or (AnswerForm(invitation=invitation) if invitation else None),
        "agenda": agenda_of(meeting, user, inside=inside) if inside or told else [],
        "papers": [paper for paper in papers_of(meeting, user) if paper.item_id is None],
        "decisions": seen_decisions(meeting, user),
        "tasks": own_tasks(user).filter(meeting=meeting) if user.is_authenticated else [],
        "numbers": numbers_of(meeting) if staff or told else None,
        "regions": public_regions(meeting) if told else [],
        "record": getattr(meeting, "record", None),
        "may_hold": may_hold(user, meeting, at=now) if staff else None,
        "may_run": may_note_presence(user, meeting, at=now) if staff else None,
        "groups": list(meeting.groups.order_by("pk")) if inside else [],
    }
    context |= _hosting_of(meeting, user)
    return render(request, "roadmap/meeting_detail.html", context, status=status)


def _hosting_of(meeting: Meeting, user: Any) -> dict[str, Any]:
    """Who hosts the meeting, once that is announced, and whether this reader may read the offer."""
    host = host_of(meeting.slot.call, meeting.slot) if meeting.slot else None
    if host is None:
        return {}
    return {"host": host, "offer_readable": HostingOffer.objects.visible_to(user).filter(pk=host.pk).exists()}


def _own_invitation(user: Any, meeting: Meeting) -> MeetingInvitation | None:
    if not user.is_authenticated:
        return None
    found = own_invitations(user).filter(meeting=meeting).first()
    if found:
        found.meeting = meeting
    return found


def _found_invitation(request: HttpRequest, uuid: UUID) -> MeetingInvitation:
    """The reader's own invitation to the meeting; 404 where there is none."""
    own = own_invitations(request.user) if request.user.is_authenticated else MeetingInvitation.objects.none()
    return get_object_or_404(own, meeting__uuid=uuid)


@login_required
@require_POST
def meeting_answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The reader's own answer."""
    invitation = _found_invitation(request, uuid)
    form = AnswerForm(request.POST, invitation=invitation)
    if form.is_valid():
        try:
            answer_invitation(actor=request.user, invitation=invitation, answer=form.cleaned_data["answer"])
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Thank you. You can change your answer until the meeting begins."))
            return redirect("meetings:detail", uuid)
    require(may_answer(request.user, invitation, at=timezone.now()))
    return meeting_page(request, found_meeting(request, uuid), answering=form, status=400)


@login_required
@require_POST
def meeting_named(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Whether the reader is named in public with this meeting."""
    named = request.POST.get("named") == "1"
    set_named(actor=request.user, invitation=_found_invitation(request, uuid), named=named)
    messages.success(
        request,
        _("Your name may now be shown with this meeting.")
        if named
        else _("Your name is no longer shown with this meeting."),
    )
    return redirect("meetings:detail", uuid)


@login_required
@require_safe
@never_cache
def my_meetings(request: HttpRequest) -> HttpResponse:
    """The reader's invitations, tasks, and the address of their calendar."""
    now = timezone.now()
    found = list(own_invitations(request.user))
    ahead = [row for row in found if row.meeting.state_at(now) in AHEAD]
    link = CalendarLink.objects.filter(person=request.user.pk).first()
    tasks = list(own_tasks(request.user))
    context = {
        "waiting": [row for row in ahead if not row.answer and row.meeting.starts_at > now],
        "ahead": [row for row in ahead if row.answer or row.meeting.starts_at <= now],
        "past": [row for row in found if row not in ahead][::-1],
        "tasks": [task for task in tasks if task.done_at is None],
        "done": [task for task in tasks if task.done_at],
        "today": timezone.localdate(),
        "link": link,
        "address": _address(link),
    }
    return render(request, "roadmap/my_meetings.html", context)


def _address(link: CalendarLink | None) -> str:
    token = token_of(link) if link else ""
    return absolute(reverse("calendars:personal", args=[token])) if token else ""


@login_required
@require_POST
def task_done(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say that a task is done, or isn't after all."""
    task = get_object_or_404(MeetingTask.objects.visible_to(request.user), uuid=uuid)
    done = request.POST.get("done") != "0"
    finish_task(actor=request.user, task=task, done=done)
    messages.success(
        request, _("Done: %(task)s") % {"task": task.title} if done else _("The task is open again.")
    )
    if task.owner_id != request.user.pk:
        return redirect("meetings:outcomes", task.meeting.uuid)
    return redirect("meetings:mine")
