"""The organizations that I belong to, and who belongs to mine."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.affiliations import (
    ask_to_join,
    confirm_affiliation,
    decline_affiliation,
    end_affiliation,
    name_organisation,
)
from accounts.facts import facts_of
from accounts.forms.my_data import NewOrganisationForm
from accounts.mission_queries import mission_invitations
from accounts.models import Affiliation, Organisation, StakeholderGroup, User
from accounts.queries import affiliations_of, find_organisations, waiting_affiliations
from accounts.rules import may_change_place, may_manage_mission, may_see_organisation


@login_required
@require_safe
@never_cache
def organisations(request: HttpRequest) -> HttpResponse:
    """My organizations, and a search for one to join."""
    return _page(request)


def _page(
    request: HttpRequest, form: NewOrganisationForm | None = None, *, status: int = 200
) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    mine = list(affiliations_of(User.objects.get(pk=request.user.pk)))
    belongs = {affiliation.organisation_id for affiliation in mine}
    speaks_as = facts_of(request.user).stakeholder_group
    context = {
        "mine": mine,
        "speaks_as": dict(StakeholderGroup.choices).get(speaks_as, speaks_as),
        "words": words,
        "found": [(organisation, organisation.pk in belongs) for organisation in find_organisations(words)],
        "form": form or NewOrganisationForm(initial={"name": words}),
        "form_open": form is not None,
    }
    return render(request, "accounts/organisations.html", context, status=status)


@login_required
@require_POST
def ask(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Ask for a place in an organization that the portal knows."""
    organisation = get_object_or_404(Organisation, pk=organisation_id)
    try:
        ask_to_join(
            actor=request.user, person=User.objects.get(pk=request.user.pk), organisation=organisation
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("You asked to join. You get a mail once it is decided."))
    return redirect("accounts:organisations")


@login_required
@require_POST
def name_new(request: HttpRequest) -> HttpResponse:
    """Name an organization that the portal doesn't know yet."""
    form = NewOrganisationForm(request.POST)
    if form.is_valid():
        try:
            name_organisation(
                actor=request.user, person=User.objects.get(pk=request.user.pk), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("You asked to join. You get a mail once it is decided."))
            return redirect("accounts:organisations")
    return _page(request, form, status=400)


@login_required
@require_safe
@never_cache
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Who belongs to an organization and who asks to; for its contact point and the secretariat."""
    found: Organisation = get_object_or_404(
        Organisation.objects.select_related("country"), pk=organisation_id
    )
    if not may_see_organisation(request.user, found):
        raise Http404
    members = found.affiliations.filter(confirmed_at__isnull=False).select_related("user__country")
    places = sorted(
        members.order_by("user__name", "pk"), key=lambda p: -Affiliation.Position.values.index(p.role)
    )
    is_mission = bool(may_manage_mission(request.user, found))
    now = timezone.now()
    offered = mission_invitations(found).standing() if is_mission else []
    context = {
        "organisation": found,
        "waiting": waiting_affiliations(found).select_related("user__country"),
        "members": [(place, bool(may_change_place(request.user, place))) for place in places],
        "is_mission": is_mission,
        "contact": next((p for p in places if p.role == Affiliation.Position.CONTACT), None),
        "offered": [(invitation, invitation.state_at(now)) for invitation in offered],
    }
    return render(request, "accounts/organisation_detail.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, affiliation_id: int, act: str) -> HttpResponse:
    """Confirm or decline a place in an organization, or leave one."""
    affiliation = get_object_or_404(
        Affiliation.objects.select_related("user", "organisation__country"), pk=affiliation_id
    )
    own = affiliation.user_id == request.user.pk
    if not own and not may_see_organisation(request.user, affiliation.organisation):
        raise Http404
    if act == "end":
        end_affiliation(actor=request.user, affiliation=affiliation)
        messages.success(request, _("The place in the organization is ended."))
    elif act == "confirm":
        confirm_affiliation(actor=request.user, affiliation=affiliation)
        messages.success(request, _("Confirmed. The person is told."))
    else:
        decline_affiliation(actor=request.user, affiliation=affiliation)
        messages.success(request, _("Declined. The person is told."))
    return _back(request, affiliation, own)


def _back(request: HttpRequest, affiliation: Affiliation, own: bool) -> HttpResponse:
    if own:
        return redirect("accounts:organisations")
    if request.POST.get("from") == "person":
        return redirect("people:person", affiliation.user_id)
    return redirect("accounts:organisation", affiliation.organisation_id)
