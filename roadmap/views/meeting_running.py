"""The secretariat's pages while a meeting runs and after it: who came, who spoke, what was decided, the summary."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Group
from core.punctuation import listed
from core.verdicts import require
from roadmap.actions.agendas import MOST_MINUTES, note_speaking
from roadmap.actions.attendance import STATES, note_attendance
from roadmap.actions.meeting_records import remove_decision, set_decision, set_task, write_record
from roadmap.actions.meetings import hold_meeting, publish_summary
from roadmap.attendance_balance import balance_of, members_attendance
from roadmap.forms.languages import LanguagesForm
from roadmap.forms.meeting_parts import DecisionForm, RecordForm, TaskForm
from roadmap.meeting_queries import agenda_of, guest_list, numbers_of
from roadmap.meeting_rules import (
    may_hold,
    may_manage_meetings,
    may_note_presence,
    may_publish,
    may_write_record,
)
from roadmap.models import Attendance, Meeting, MeetingDecision, MeetingRecord, MeetingTask
from roadmap.views.meeting_planning import managed
from roadmap.views.saving import afresh, entered, saved, status_of


@login_required
def run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The list of who came, and for how long people spoke; on a phone, too. A POST notes what differs."""
    meeting = managed(request, uuid)
    now = timezone.now()
    verdict = may_note_presence(request.user, meeting, at=now)
    require(verdict)
    error = ""
    if request.method == "POST":
        try:
            clashes = _note(request, meeting)
        except ValidationError as wrong:
            error = " ".join(wrong.messages)
        else:
            if clashes:
                names = listed(clashes)
                told = _("Somebody else noted otherwise meanwhile, and theirs stands: %(names)s")
                messages.warning(request, told % {"names": names})
            messages.success(request, _("Noted."))
            return redirect("meetings:run", uuid)
    context = {
        "meeting": meeting,
        "guests": list(guest_list(meeting)),
        "agenda": [line for line in agenda_of(meeting, request.user, inside=True) if line.speakers],
        "states": Attendance.State.choices,
        "numbers": numbers_of(meeting),
        "balance": balance_of([meeting], request.user),
        "may_hold": may_hold(request.user, meeting, at=now),
        "error": error,
    }
    return render(request, "roadmap/meeting_run.html", context, status=400 if error else 200)


@transaction.atomic
def _note(request: HttpRequest, meeting: Meeting) -> list[str]:
    """Note all that was sent, or nothing; the names of those of whom somebody else noted otherwise meanwhile."""
    came = note_attendance(
        actor=request.user,
        meeting=meeting,
        states=_sent(request, "state-"),
        seen=_sent(request, "seen-"),
    )
    spoke = note_speaking(
        actor=request.user,
        meeting=meeting,
        minutes=_minutes(request, "spoken-"),
        seen=_minutes(request, "heard-"),
    )
    people = [row.person for row in came.clashes] + [row.person for row in spoke.clashes]
    return list(dict.fromkeys(str(person.shown_name) for person in people))


def _sent(request: HttpRequest, prefix: str) -> dict[int, str]:
    """What was sent for each invitation; anything else is passed over."""
    found = {}
    for name, value in request.POST.items():
        key = name.removeprefix(prefix)
        if name.startswith(prefix) and key.isascii() and key.isdecimal() and len(key) < 16:
            found[int(key)] = str(value) if value in STATES else "?"
    return found


def _minutes(request: HttpRequest, prefix: str) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for name, value in request.POST.items():
        key = name.removeprefix(prefix)
        if not name.startswith(prefix) or not key.isascii() or not key.isdecimal() or len(key) > 15:
            continue
        text = str(value).strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 6):
            span = {"first": 0, "last": MOST_MINUTES}
            raise ValidationError(_("Give a number from %(first)d to %(last)d.") % span)
        found[int(key)] = int(text) if text else None
    return found


@login_required
@require_POST
def hold(request: HttpRequest, uuid: UUID) -> HttpResponse:
    hold_meeting(actor=request.user, meeting=managed(request, uuid))
    messages.success(request, _("It is noted that the meeting was held."))
    return redirect("meetings:detail", uuid)


@login_required
def record(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Notes and summary in six languages."""
    meeting = managed(request, uuid)
    require(may_write_record(request.user, meeting))
    standing = getattr(meeting, "record", None)
    form = RecordForm(request.POST if request.method == "POST" else None, record=standing)
    status = 0
    if request.method == "POST" and form.is_valid():
        write = partial(
            write_record,
            actor=request.user,
            meeting=meeting,
            notes=form.words("notes"),
            summary=form.words("summary"),
            version=form.cleaned_data["version"] or 0,
        )
        if not (
            status := saved(
                form,
                write,
                standing=lambda: RecordForm(record=MeetingRecord.objects.filter(meeting=meeting).first()),
            )
        ):
            messages.success(request, _("Notes and summary are saved."))
            return redirect("meetings:record", uuid)
    context = {
        "meeting": meeting,
        "form": form,
        "record": standing,
        "publishable": may_publish(request.user, meeting),
    }
    return render(request, "roadmap/meeting_record.html", context, status=status_of(form, status))


@login_required
@require_POST
def publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    meeting = managed(request, uuid)
    try:
        publish_summary(actor=request.user, meeting=meeting)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("meetings:record", uuid)
    messages.success(request, _("The summary is published."))
    return redirect("meetings:detail", uuid)


@login_required
def outcomes(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Decisions and tasks; a POST adds the one that it names."""
    meeting = managed(request, uuid)
    require(may_write_record(request.user, meeting))
    what = request.POST.get("what", "")
    data = request.POST if request.method == "POST" else None
    decision = DecisionForm(data if what == "decision" else None, meeting=meeting, auto_id="d_%s")
    task = TaskForm(data if what == "task" else None, meeting=meeting, staff=_person(request), auto_id="t_%s")
    sent: LanguagesForm | None = {"decision": decision, "task": task}.get(what)
    if data is not None and sent is None:
        return _outcomes_page(request, meeting, decision, task, 400)
    status = 200
    if sent is not None and sent.is_valid():
        made: Any
        if what == "decision":
            item, words = decision.cleaned_data["item"], decision.words("wording")
            note = partial(set_decision, actor=request.user, meeting=meeting, wording=words, item=item)
            made, status = entered(request, sent, MeetingDecision, note)
        else:
            give = partial(set_task, actor=request.user, meeting=meeting, **task.content)
            made, status = entered(request, sent, MeetingTask, give)
        if made is not None:
            messages.success(
                request, _("The decision is noted.") if what == "decision" else _("The task is given.")
            )
            return redirect("meetings:outcomes", uuid)
    elif sent is not None:
        status = 400
    return _outcomes_page(request, meeting, decision, task, status)


def _person(request: HttpRequest) -> Any:
    return request.user


def _outcomes_page(
    request: HttpRequest, meeting: Meeting, decision: DecisionForm, task: TaskForm, status: int
) -> HttpResponse:
    context = {
        "meeting": meeting,
        "decisions": meeting.decisions.select_related("item"),
        "tasks": meeting.tasks.select_related("owner"),
        "today": timezone.localdate(),
        "decision_form": decision,
        "task_form": task,
    }
    return render(request, "roadmap/meeting_outcomes.html", context, status=status)


@login_required
def decision_edit(request: HttpRequest, uuid: UUID, decision_id: int) -> HttpResponse:
    meeting = managed(request, uuid)
    require(may_write_record(request.user, meeting))
    standing: MeetingDecision = get_object_or_404(meeting.decisions, pk=decision_id)
    form = DecisionForm(
        request.POST if request.method == "POST" else None, meeting=meeting, decision=standing
    )
    status = 0
    if request.method == "POST" and form.is_valid():
        change = partial(
            set_decision,
            actor=request.user,
            meeting=meeting,
            decision=standing,
            wording=form.words("wording"),
            item=form.cleaned_data["item"],
            version=form.cleaned_data["version"] or 0,
        )
        if not (
            status := saved(
                form, change, standing=lambda: DecisionForm(meeting=meeting, decision=afresh(standing))
            )
        ):
            messages.success(request, _("The decision is noted."))
            return redirect("meetings:outcomes", uuid)
    context = {"meeting": meeting, "form": form, "decision": standing}
    return render(request, "roadmap/meeting_outcome.html", context, status=status_of(form, status))


@login_required
@require_POST
def decision_remove(request: HttpRequest, uuid: UUID, decision_id: int) -> HttpResponse:
    standing = get_object_or_404(managed(request, uuid).decisions, pk=decision_id)
    remove_decision(actor=request.user, decision=standing)
    messages.success(request, _("The decision is removed."))
    return redirect("meetings:outcomes", uuid)


@login_required
def task_edit(request: HttpRequest, uuid: UUID, task: UUID) -> HttpResponse:
    meeting = managed(request, uuid)
    require(may_write_record(request.user, meeting))
    standing: MeetingTask = get_object_or_404(meeting.tasks.select_related("owner"), uuid=task)
    data = request.POST if request.method == "POST" else None
    form = TaskForm(data, meeting=meeting, staff=_person(request), task=standing)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        plan = {**form.content, "decision": standing.decision}
        change = partial(
            set_task, actor=request.user, meeting=meeting, task=standing, version=version, **plan
        )
        if not (
            status := saved(
                form,
                change,
                standing=lambda: TaskForm(meeting=meeting, staff=_person(request), task=afresh(standing)),
            )
        ):
            messages.success(request, _("The task is saved."))
            return redirect("meetings:outcomes", uuid)
    context = {"meeting": meeting, "form": form, "task": standing}
    return render(request, "roadmap/meeting_outcome.html", context, status=status_of(form, status))


@login_required
@require_safe
def attendance(request: HttpRequest, group: str) -> HttpResponse:
    """Who of a group came to its meetings, and the balance of those who did."""
    require(may_manage_meetings(request.user))
    found = get_object_or_404(Group, slug=group)
    meetings = list(
        found.meetings.filter(announced_at__isnull=False, cancelled_at__isnull=True).order_by("starts_at")
    )
    context = {
        "group": found,
        "meetings": [(meeting, numbers_of(meeting)) for meeting in meetings],
        "members": members_attendance(found, meetings),
        "balance": balance_of(meetings, request.user),
    }
    return render(request, "roadmap/group_attendance.html", context)
