"""Who speaks for the member states: the secretariat's overview, and what a mission does about its own people."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.affiliations import appoint
from accounts.actions.invitations import resend_expired, resend_invitation, withdraw_invitation
from accounts.actions.missions import hand_over, invite_colleague
from accounts.forms.missions import ColleagueForm, HandOverForm, MissionSearch
from accounts.mission_queries import (
    Reach,
    counted_by_region,
    expired_invitations,
    mission_invitations,
    missions,
    narrowed,
)
from accounts.models import Affiliation, Organisation
from accounts.rules import may_invite, may_manage_mission
from accounts.views.people import for_the_secretariat

View = Callable[..., HttpResponse]


# --- The secretariat --------------------------------------------------------------------------------------


@for_the_secretariat
@require_safe
def mission_list(request: HttpRequest) -> HttpResponse:
    """Every member state with who speaks for it, whom an invitation asks to, and how far each region is."""
    form = MissionSearch(request.GET)
    every = missions()
    context = {
        "form": form,
        "missions": narrowed(every, **form.asked),
        "regions": counted_by_region(every),
        "reached": sum(mission.reach == Reach.REACHED for mission in every),
        "states": len(every),
        "expired": expired_invitations().count(),
    }
    return render(request, "accounts/mission_list.html", context)


@for_the_secretariat
@require_http_methods(["GET", "HEAD", "POST"])
def missions_resend(request: HttpRequest) -> HttpResponse:
    """Look at everyone who let an invitation expire, and send it to them again."""
    if request.method == "POST":
        try:
            seen = [UUID(value) for value in request.POST.getlist("seen")]
        except ValueError as error:
            raise SuspiciousOperation("no invitation") from error
        count = resend_expired(actor=request.user, uuids=seen)
        words = ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count
        )
        if count:
            messages.success(request, words % {"count": count})
        else:
            messages.info(request, _("No invitation of a focal point has expired."))
        return redirect("people:missions")
    invitations = [i for i in expired_invitations() if may_invite(request.user, i.role)]
    return render(request, "accounts/missions_resend.html", {"invitations": invitations})


# --- A mission --------------------------------------------------------------------------------------------


def for_the_mission(view: View) -> View:
    """Pages of a member state's mission, for its contact point and the secretariat; to others they aren't there."""

    @wraps(view)
    def checked(request: HttpRequest, organisation_id: int, **kwargs: Any) -> HttpResponse:
        rows = Organisation.objects.select_related("country")
        organisation: Organisation = get_object_or_404(rows, pk=organisation_id)
        if not may_manage_mission(request.user, organisation):
            raise Http404
        return view(request, organisation, **kwargs)

    return never_cache(login_required(checked))


@for_the_mission
@require_http_methods(["GET", "HEAD", "POST"])
def colleague(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Invite somebody of the mission."""
    sent = request.POST if request.method == "POST" else None
    form = ColleagueForm(sent, initial={"language": get_language() or "en"})
    if form.is_valid():
        try:
            invitation = invite_colleague(actor=request.user, organisation=organisation, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("A mail is on its way to %(name)s.") % {"name": invitation.name})
            return redirect("accounts:organisation", organisation.pk)
    context = {"organisation": organisation, "form": form}
    return render(request, "accounts/mission_colleague.html", context, status=400 if form.errors else 200)


@for_the_mission
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Hand the contact over."""
    sent = request.POST if request.method == "POST" else None
    form = HandOverForm(
        sent, organisation=organisation, user=request.user, initial={"language": get_language() or "en"}
    )
    if form.is_valid():
        try:
            invitation = hand_over(actor=request.user, organisation=organisation, **form.offer)
        except ValidationError as error:
            form.take_errors(error)
        else:
            words = _("A mail is on its way to %(name)s. Until they accept, nothing changes.")
            messages.success(request, words % {"name": invitation.name})
            return redirect("accounts:organisation", organisation.pk)
    context = {
        "organisation": organisation,
        "form": form,
        "offered": mission_invitations(organisation)
        .open_at(timezone.now())
        .filter(position=Affiliation.Position.CONTACT)
        .first(),
    }
    return render(request, "accounts/mission_contact.html", context, status=400 if form.errors else 200)


@for_the_mission
@require_POST
def invitation(request: HttpRequest, organisation: Organisation, uuid: UUID, act: str) -> HttpResponse:
    """Send an invitation of the mission again, or withdraw it."""
    found = get_object_or_404(mission_invitations(organisation), uuid=uuid)
    if act == "resend":
        resend_invitation(actor=request.user, invitation=found)
        messages.success(request, _("A new mail is on its way to %(name)s.") % {"name": found.name})
    else:
        withdraw_invitation(actor=request.user, invitation=found)
        messages.success(request, _("The invitation of %(name)s is withdrawn.") % {"name": found.name})
    return redirect("accounts:organisation", organisation.pk)


@login_required
@require_POST
def position(request: HttpRequest, affiliation_id: int) -> HttpResponse:
    """Make somebody of the mission deputy, or a plain member again."""
    rows = Affiliation.objects.select_related("user", "organisation__country")
    affiliation = get_object_or_404(rows, pk=affiliation_id)
    if not may_manage_mission(request.user, affiliation.organisation):
        raise Http404
    try:
        appoint(actor=request.user, affiliation=affiliation, position=request.POST.get("position", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The position is saved."))
    return redirect("accounts:organisation", affiliation.organisation_id)
