"""The secretariat's pages about people: who they are, what they may do, what they did."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.affiliations import appoint, place_person
from accounts.actions.groups import add_to_group
from accounts.actions.roles import grant_role, set_active, withdraw_role
from accounts.forms.people import GrantForm, MembershipForm, PeopleSearch, PlaceForm, TrailSearch
from accounts.models import Affiliation, Membership, RoleGrant, StakeholderGroup, User
from accounts.queries import (
    affiliations_of,
    audit_trail,
    find_people,
    trail_about,
    trail_by,
    with_subjects,
)
from accounts.rules import may_assign_roles, may_disable, may_place, may_see_people
from accounts.slots import scope_labels
from core import audit
from core.pagination import UncountedPaginator
from core.verdicts import require

PER_PAGE = 30
TRAIL_SHOWN = 8
View = Callable[..., HttpResponse]


def for_the_secretariat(view: View) -> View:
    """Pages for staff and administrators, never kept by a cache: they are full of addresses."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(may_see_people(request.user))
        return view(request, *args, **kwargs)

    return never_cache(login_required(checked))


@for_the_secretariat
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """Everyone with an account, searched and filtered."""
    form = PeopleSearch(request.GET)
    page = Paginator(find_people(**form.asked), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "query": _query(request)}
    return render(request, "accounts/people_list.html", context)


@for_the_secretariat
@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: roles, groups, organizations, and the audit trail of and by them."""
    return _person_page(request, _person(person_id))


def _person_page(request: HttpRequest, person: User, *, status: int = 200, **forms: Any) -> HttpResponse:
    may_assign = may_assign_roles(request.user, person)
    labels = scope_labels()
    grants = person.role_grants.select_related("granted_by").order_by("role", "scope_type", "pk")
    context = {
        "person": person,
        "grants": [
            (grant, labels.get((grant.scope_type, grant.scope_id), grant.scope_id)) for grant in grants
        ],
        "memberships": Membership.objects.current()
        .filter(user=person)
        .select_related("group")
        .order_by("pk"),
        "affiliations": affiliations_of(person),
        "positions": Affiliation.Position.choices,
        "speaks_as": dict(StakeholderGroup.choices).get(person.facts.stakeholder_group, ""),
        "about": with_subjects(trail_about(person, reader=request.user)[:TRAIL_SHOWN], request.user),
        "by": with_subjects(trail_by(person, reader=request.user)[:TRAIL_SHOWN], request.user),
        "may_assign": may_assign,
        "may_disable": may_disable(request.user, person),
        "own": person.pk == request.user.pk,
        "grant_form": forms.get("grant_form") or GrantForm(),
        "may_place": may_place(request.user, person),
        "place_form": forms.get("place_form") or PlaceForm(person=person),
        "membership_form": forms.get("membership_form") or MembershipForm(),
    }
    return render(request, "accounts/person_detail.html", context, status=status)


@for_the_secretariat
@require_POST
def role_grant(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a role, everywhere or for one round."""
    person = _person(person_id)
    require(may_assign_roles(request.user, person))
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            grant_role(actor=request.user, person=person, **form.grant)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The role is given."))
            return redirect("people:person", person.pk)
    return _person_page(request, person, status=400, grant_form=form)


@for_the_secretariat
@require_POST
def role_withdraw(request: HttpRequest, person_id: int, grant_id: int) -> HttpResponse:
    grant = RoleGrant.objects.select_related("user").filter(user=person_id, pk=grant_id).first()
    if grant is None:
        require(may_assign_roles(request.user, _person(person_id)))
    else:
        withdraw_role(actor=request.user, grant=grant)
    messages.success(request, _("The role is withdrawn."))
    return redirect("people:person", person_id)


@for_the_secretariat
@require_POST
def membership_add(request: HttpRequest, person_id: int) -> HttpResponse:
    """Put the person into a group."""
    person, form = _person(person_id), MembershipForm(request.POST)
    if form.is_valid():
        try:
            add_to_group(actor=request.user, group=form.cleaned_data["group"], person=person)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Added to the group."))
            return redirect("people:person", person.pk)
    return _person_page(request, person, status=400, membership_form=form)


@for_the_secretariat
@require_POST
def affiliation_appoint(request: HttpRequest, affiliation_id: int) -> HttpResponse:
    """Make the person contact point, deputy or member of their organization."""
    rows = Affiliation.objects.select_related("user", "organisation__country")
    affiliation = get_object_or_404(rows, pk=affiliation_id)
    try:
        appoint(actor=request.user, affiliation=affiliation, position=request.POST.get("position", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The position is saved."))
    return redirect("people:person", affiliation.user_id)


@for_the_secretariat
@require_POST
def place(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give the person a place in a Member State or another organization."""
    person = _person(person_id)
    require(may_place(request.user, person))
    form = PlaceForm(request.POST, person=person)
    if form.is_valid():
        try:
            place_person(actor=request.user, person=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The place is given. The person is told."))
            return redirect("people:person", person.pk)
    return _person_page(request, person, status=400, place_form=form)


@for_the_secretariat
@require_POST
def active(request: HttpRequest, person_id: int) -> HttpResponse:
    """Disable the account, or enable it again."""
    if request.POST.get("active") not in ("0", "1"):
        raise SuspiciousOperation("neither enable nor disable")
    enable = request.POST["active"] == "1"
    set_active(actor=request.user, person=_person(person_id), active=enable)
    messages.success(request, _("The account is enabled.") if enable else _("The account is disabled."))
    return redirect("people:person", person_id)


@for_the_secretariat
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The audit trail: who did what to what, when."""
    form = TrailSearch(request.GET)
    page = UncountedPaginator(audit_trail(reader=request.user, **form.asked), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "entries": with_subjects(page, request.user),
        "acts": audit.acts(),
        "query": _query(request),
    }
    return render(request, "accounts/audit_list.html", context)


def _person(person_id: int) -> User:
    return get_object_or_404(User.objects.select_related("country"), pk=person_id)


def _query(request: HttpRequest) -> str:
    """The filters as they stand in the address, for the pager."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
