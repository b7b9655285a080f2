"""Calendars: a meeting's and a round's file, and a person's own under a secret address."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultations.models import Round
from roadmap.actions.calendar_links import find_person, renew_link, stop_link
from roadmap.calendars import has_place_in_calendar, meeting_calendar, personal_calendar, round_calendar
from roadmap.meeting_queries import own_invitations, own_tasks
from roadmap.meeting_rules import may_see_inside
from roadmap.models import Meeting

LANGUAGES = dict(settings.LANGUAGES)


@require_safe
@never_cache
def meeting_ics(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One meeting, for whoever may know of it; where to join it only for those invited."""
    seen = Meeting.objects.visible_to(request.user).select_related("country")
    meeting = get_object_or_404(seen, uuid=uuid)
    if not has_place_in_calendar(meeting):
        raise Http404
    inside = bool(may_see_inside(request.user, meeting))
    with translation.override(_language(request)):
        return _file(meeting_calendar(meeting, inside=inside), f"meeting-{meeting.uuid}.ics")


@require_safe
@never_cache
def round_ics(request: HttpRequest, round_id: int) -> HttpResponse:
    """When a round opens and closes, for whoever may know of it."""
    round = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    with translation.override(_language(request)):
        return _file(round_calendar(round), f"round-{round.pk}.ics")


@require_safe
@never_cache
def personal_ics(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own calendar: what they may know of at this moment. An address that was renewed leads nowhere."""
    person = find_person(token)
    if person is None:
        raise Http404
    with translation.override(person.language):
        return _file(personal_calendar(own_invitations(person), own_tasks(person)), "calendar.ics")


def _language(request: HttpRequest) -> str:
    """The address has no language: the one that is asked for, else the reader's."""
    asked = request.GET.get("language", "")
    if asked in LANGUAGES:
        return asked
    user: Any = request.user
    return user.language if user.is_authenticated else translation.get_language() or "en"


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def link_renew(request: HttpRequest) -> HttpResponse:
    renew_link(actor=request.user)
    messages.success(request, _("Your calendar has a new address. An earlier one leads nowhere now."))
    return redirect("meetings:mine")


@login_required
@require_POST
def link_stop(request: HttpRequest) -> HttpResponse:
    stop_link(actor=request.user)
    messages.success(request, _("Your calendar has no address any more."))
    return redirect("meetings:mine")
