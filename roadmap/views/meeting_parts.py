"""The secretariat's pages of what a meeting is made of: agenda, papers, invitations."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from core.punctuation import listed
from core.verdicts import require
from roadmap.actions.agendas import add_item, change_item, move_item, remove_item
from roadmap.actions.invitations import (
    answer_invitation,
    answers_open_to,
    invite_addresses,
    invite_people,
    withdraw_invitation,
)
from roadmap.actions.meeting_papers import add_paper, change_paper, remove_paper
from roadmap.forms.meeting_parts import AgendaItemForm, PaperForm
from roadmap.forms.meetings import AnswerForm, InviteForm
from roadmap.meeting_queries import agenda_of, guest_list, numbers_of, papers_of, people_in
from roadmap.meeting_rules import may_answer, may_change_plan
from roadmap.models import AgendaItem, Meeting, MeetingInvitation
from roadmap.views.meeting_planning import managed
from roadmap.views.saving import afresh, entered, saved, status_of


@login_required
def agenda(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The points in order; a POST adds one."""
    meeting = managed(request, uuid)
    form = AgendaItemForm(request.POST if request.method == "POST" else None, meeting=meeting)
    status = 0
    if request.method == "POST" and form.is_valid():
        add = partial(add_item, actor=request.user, meeting=meeting, **form.content)
        made, status = entered(request, form, AgendaItem, add)
        if made is not None:
            messages.success(request, _("The point is on the agenda."))
            return redirect("meetings:agenda", uuid)
    lines = agenda_of(meeting, request.user, inside=True)
    context = {
        "meeting": meeting,
        "form": form,
        "lines": lines,
        "minutes": sum(line.item.minutes for line in lines),
        "room": round((meeting.ends_at - meeting.starts_at).total_seconds() / 60),
        "changeable": may_change_plan(request.user, meeting),
    }
    return render(request, "roadmap/meeting_agenda.html", context, status=status_of(form, status))


@login_required
def agenda_item(request: HttpRequest, uuid: UUID, item_id: int) -> HttpResponse:
    meeting = managed(request, uuid)
    require(may_change_plan(request.user, meeting))
    item = get_object_or_404(meeting.agenda, pk=item_id)
    form = AgendaItemForm(request.POST if request.method == "POST" else None, meeting=meeting, item=item)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        change = partial(change_item, actor=request.user, item=item, version=version, **form.content)
        if not (
            status := saved(form, change, standing=lambda: AgendaItemForm(meeting=meeting, item=afresh(item)))
        ):
            messages.success(request, _("The point is saved."))
            return redirect("meetings:agenda", uuid)
    context = {"meeting": meeting, "item": item, "form": form}
    return render(request, "roadmap/meeting_agenda_item.html", context, status=status_of(form, status))


@login_required
@require_POST
def agenda_move(request: HttpRequest, uuid: UUID, item_id: int) -> HttpResponse:
    item = get_object_or_404(managed(request, uuid).agenda, pk=item_id)
    move_item(actor=request.user, item=item, up=request.POST.get("way") == "up")
    return redirect("meetings:agenda", uuid)


@login_required
@require_POST
def agenda_remove(request: HttpRequest, uuid: UUID, item_id: int) -> HttpResponse:
    item = get_object_or_404(managed(request, uuid).agenda, pk=item_id)
    remove_item(actor=request.user, item=item)
    messages.success(request, _("The point is off the agenda."))
    return redirect("meetings:agenda", uuid)


@login_required
def papers(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All papers, those under an embargo too; a POST adds one."""
    meeting = managed(request, uuid)
    posted = request.method == "POST"
    form = PaperForm(request.POST if posted else None, request.FILES if posted else None, meeting=meeting)
    status = 0
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        add = partial(add_paper, actor=request.user, meeting=meeting, file=file, **form.content)
        if not (status := saved(form, add)):
            messages.success(request, _("The paper is added."))
            return redirect("meetings:papers", uuid)
    context = {"meeting": meeting, "form": form, "papers": papers_of(meeting, request.user)}
    return render(request, "roadmap/meeting_papers.html", context, status=status_of(form, status))


@login_required
def paper_edit(request: HttpRequest, uuid: UUID, paper_id: int) -> HttpResponse:
    meeting = managed(request, uuid)
    paper = get_object_or_404(meeting.papers.select_related("file"), pk=paper_id)
    form = PaperForm(request.POST if request.method == "POST" else None, meeting=meeting, paper=paper)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        change = partial(change_paper, actor=request.user, paper=paper, version=version, **form.content)
        status = saved(form, change, standing=lambda: PaperForm(meeting=meeting, paper=afresh(paper)))
        if not status:
            messages.success(request, _("The paper is saved."))
            return redirect("meetings:papers", uuid)
    context = {"meeting": meeting, "paper": paper, "form": form}
    return render(request, "roadmap/meeting_paper.html", context, status=status_of(form, status))


@login_required
@require_POST
def paper_remove(request: HttpRequest, uuid: UUID, paper_id: int) -> HttpResponse:
    paper = get_object_or_404(managed(request, uuid).papers, pk=paper_id)
    remove_paper(actor=request.user, paper=paper)
    messages.success(request, _("The paper is removed."))
    return redirect("meetings:papers", uuid)


@login_required
def invitations(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who is invited and what they answered; a POST invites further people by their addresses."""
    meeting = managed(request, uuid)
    form = InviteForm(request.POST if request.method == "POST" else None)
    unknown: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            text = form.cleaned_data["addresses"]
            made, unknown = invite_addresses(actor=request.user, meeting=meeting, text=text)
        except ValidationError as error:
            form.take_errors(error)
        else:
            _tell_invited(request, len(made))
            if not unknown:
                return redirect("meetings:invitations", uuid)
            form = InviteForm(initial={"addresses": "\n".join(unknown)})
            told = _("Nobody has an account with: %(addresses)s") % {"addresses": listed(unknown)}
            messages.warning(request, told)
    return _invitations_page(request, meeting, form, 400 if form.errors else 200)


def _tell_invited(request: HttpRequest, n: int) -> None:
    words = ngettext("%(n)d person is invited.", "%(n)d people are invited.", n)
    messages.success(request, words % {"n": n})


def _invitations_page(request: HttpRequest, meeting: Meeting, form: InviteForm, status: int) -> HttpResponse:
    guests = list(guest_list(meeting))
    for guest in guests:
        guest.meeting = meeting
    now = timezone.now()
    context = {
        "meeting": meeting,
        "form": form,
        "guests": guests,
        "answers": answers_open_to(meeting),
        "answerable": bool(guests) and may_answer(request.user, guests[0], at=now).code in ("", "consent"),
        "changeable": may_change_plan(request.user, meeting),
        "numbers": numbers_of(meeting),
        "newcomers": _newcomers(meeting).count() if meeting.announced_at else 0,
    }
    return render(request, "roadmap/meeting_invitations.html", context, status=status)


def _newcomers(meeting: Meeting) -> "QuerySet[User]":
    """Members of the meeting's groups who were never invited to it."""
    return people_in(meeting.groups.all()).exclude(pk__in=meeting.invitations.values("person"))


@login_required
@require_POST
def bring(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Invite whoever joined the meeting's groups since it was announced."""
    meeting = managed(request, uuid)
    made = invite_people(actor=request.user, meeting=meeting, people=_newcomers(meeting))
    _tell_invited(request, len(made))
    return redirect("meetings:invitations", uuid)


def _guest(request: HttpRequest, uuid: UUID, guest: UUID) -> MeetingInvitation:
    rows = managed(request, uuid).invitations.select_related("meeting", "person")
    return get_object_or_404(rows, uuid=guest)


@login_required
@require_POST
def invitation_answer(request: HttpRequest, uuid: UUID, guest: UUID) -> HttpResponse:
    """An answer on somebody's behalf. What they said themselves meanwhile stands."""
    invitation = _guest(request, uuid, guest)
    form = AnswerForm(request.POST, invitation=invitation)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        answer = form.cleaned_data["answer"]
        answer_invitation(actor=request.user, invitation=invitation, answer=answer, version=version)
        named = {"name": invitation.person.shown_name}
        messages.success(request, _("Noted on behalf of %(name)s.") % named)
        return redirect("meetings:invitations", uuid)
    require(may_answer(request.user, invitation, at=timezone.now()))
    messages.error(request, _("Choose an answer first."))
    return _invitations_page(request, invitation.meeting, InviteForm(), 400)


@login_required
@require_POST
def invitation_withdraw(request: HttpRequest, uuid: UUID, guest: UUID) -> HttpResponse:
    invitation = withdraw_invitation(actor=request.user, invitation=_guest(request, uuid, guest))
    messages.success(
        request, _("The invitation of %(name)s is withdrawn.") % {"name": invitation.person.shown_name}
    )
    return redirect("meetings:invitations", uuid)
