"""What the people see who were offered a place, and what everybody sees of the panel."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.verdicts import Refusal
from experts.actions.appointing import (
    CLOSED,
    OPEN,
    SUPERSEDED,
    answer_by_link,
    change_listing,
    may_still_accept,
    state_at,
)
from experts.actions.offering import find_appointment
from experts.links import call_page
from experts.member_counts import counts_of_listed
from experts.models import Appointment, Call, Nomination
from experts.panel_group import is_regional, name_of_group
from experts.panel_mails import letter_name, letter_of
from experts.papers import pdf_of

S = Nomination.State
KEPT_SECONDS = 3600
SITS = (S.ACCEPTED, S.PUBLISHED)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """See the invitation, and answer it. Opening the link changes nothing: mail programs open links too."""
    place = find_appointment(token)
    if place is None:
        reason: Any = _(
            "This link opens no invitation. It may be incomplete, or a later mail may have brought another one."
        )
        return render(request, "experts/place_closed.html", {"reason": reason}, status=404)
    error = ""
    if request.method == "POST":
        try:
            return _answered(request, place, token)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        except Refusal:
            place = find_appointment(token) or place
    state = state_at(place, timezone.now())
    context = {
        "place": place,
        "nomination": place.nomination,
        "call": place.nomination.call,
        "token": token,
        "state": state,
        "regional": is_regional(place),
        "error": error,
    }
    if state == OPEN and "decline" in request.GET and not error:
        return render(request, "experts/place_decline.html", context)
    if state == OPEN:
        return render(request, "experts/place.html", context, status=400 if error else 200)
    if state == Appointment.Answer.ACCEPTED:
        return render(request, "experts/place_accepted.html", context)
    if may_still_accept(place, timezone.now()):
        return render(request, "experts/place_declined.html", context)
    reason = CLOSED.get(state, CLOSED[SUPERSEDED])
    return render(request, "experts/place_closed.html", {"reason": reason}, status=410)


def _answered(request: HttpRequest, place: Appointment, token: str) -> HttpResponse:
    sent = request.POST
    name, country = "publish_name" in sent, "publish_country" in sent
    if "list" in sent:
        change_listing(appointment=place, actor=None, publish_name=name, publish_country=country)
        messages.success(request, _("It is recorded."))
    else:
        answer_by_link(
            appointment=place,
            answer=sent.get("answer", ""),
            publish_name=name,
            publish_country=country,
            reason=sent.get("reason", ""),
        )
    return redirect("panel:answer", token)


@require_safe
@never_cache
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """The letter of invitation, in the language of the page."""
    place = find_appointment(token)
    if place is None or state_at(place, timezone.now()) not in (OPEN, Appointment.Answer.ACCEPTED):
        raise Http404
    place = Appointment.objects.select_related(
        "group", "nomination__call__guidelines", "nomination__country"
    ).get(pk=place.pk)
    language = translation.get_language()
    key = f"place-letter:{place.uuid}:{place.mailing}:{language}"
    content = cache.get(key)
    if content is None:
        content = pdf_of(letter_of(place))
        cache.set(key, content, KEPT_SECONDS)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, letter_name(place)) or "inline"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def members(request: HttpRequest, call_id: int) -> HttpResponse:
    """The panel for everybody: who agreed to be named, how many accepted, and the balance of those who are named."""
    call = get_object_or_404(
        Call.objects.visible_to(request.user), pk=call_id, kind=Call.Kind.EXPERTS, announced_at__isnull=False
    )
    sitting: list[Nomination] = []
    if call.decided_at:
        # In these states is only who has a place of the panel, whichever group that is in.
        sitting = list(Nomination.objects.filter(call=call, state__in=SITS).select_related("country"))
    listed = sorted(
        (nomination for nomination in sitting if nomination.state == S.PUBLISHED and nomination.listed_name),
        key=lambda nomination: nomination.listed_name.casefold(),
    )
    context = {
        "call": call,
        "call_address": call_page(call.pk),
        "group": name_of_group(call),
        "listed": listed,
        "count": len(sitting),
        "unnamed": len(sitting) - len(listed),
        "charts": counts_of_listed(listed),
    }
    return render(request, "experts/members.html", context)
