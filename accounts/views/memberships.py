"""The secretariat's page of one membership: its term, its role, whose place it took, its end, and its record."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.memberships import end_membership, set_replaced, set_role, set_term
from accounts.forms.groups import EndForm, ReplacedForm, RoleForm, TermForm
from accounts.models import Membership
from accounts.rules import may_change_membership
from accounts.views.people import for_the_secretariat
from core.verdicts import require


def _membership(membership_id: int) -> Membership:
    rows = Membership.objects.select_related("group", "user__country", "organisation__country")
    rows = rows.select_related("replaces__user", "replaces__organisation__country")
    return get_object_or_404(rows.prefetch_related("changes__by"), pk=membership_id)


@for_the_secretariat
@require_safe
def membership(request: HttpRequest, membership_id: int) -> HttpResponse:
    """What holds now, what may be changed, and everything that was done."""
    return _page(request, _membership(membership_id))


def _page(request: HttpRequest, found: Membership, *, status: int = 200, **forms: Any) -> HttpResponse:
    made = {
        "term_form": TermForm(membership=found),
        "role_form": RoleForm(membership=found),
        "replaced_form": ReplacedForm(membership=found),
        "end_form": EndForm(),
        **forms,
    }
    context = {
        "membership": found,
        "may_change": may_change_membership(request.user, found),
        "wrong": next(iter(forms.values()), None),
        **made,
    }
    return render(request, "accounts/membership_detail.html", context, status=status)


def _change(
    request: HttpRequest,
    membership_id: int,
    name: str,
    make: Callable[[Membership], Any],
    act: Callable[[Membership, Any], Any],
    done: str,
) -> HttpResponse:
    """Carry out what one of the page's forms asks; what is wrong is told beside its field."""
    found = _membership(membership_id)
    require(may_change_membership(request.user, found))
    form = make(found)
    if form.is_valid():
        try:
            act(found, form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, done)
            return redirect("people:membership", found.pk)
    return _page(request, _membership(membership_id), status=400, **{name: form})


@for_the_secretariat
@require_POST
def membership_term(request: HttpRequest, membership_id: int) -> HttpResponse:
    return _change(
        request,
        membership_id,
        "term_form",
        lambda found: TermForm(request.POST, membership=found),
        lambda found, given: set_term(actor=request.user, membership=found, **given),
        _("The term is saved. The member is told."),
    )


@for_the_secretariat
@require_POST
def membership_role(request: HttpRequest, membership_id: int) -> HttpResponse:
    return _change(
        request,
        membership_id,
        "role_form",
        lambda found: RoleForm(request.POST, membership=found),
        lambda found, given: set_role(actor=request.user, membership=found, **given),
        _("The role is saved. The member is told."),
    )


@for_the_secretariat
@require_POST
def membership_replaced(request: HttpRequest, membership_id: int) -> HttpResponse:
    return _change(
        request,
        membership_id,
        "replaced_form",
        lambda found: ReplacedForm(request.POST, membership=found),
        lambda found, given: set_replaced(actor=request.user, membership=found, **given),
        _("It is noted whose place this is."),
    )


@for_the_secretariat
@require_POST
def membership_end(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take a person or an organization out of a group, with a reason."""
    return _change(
        request,
        membership_id,
        "end_form",
        lambda found: EndForm(request.POST),
        lambda found, given: end_membership(actor=request.user, membership=found, **given),
        _("The membership is ended. The member is told."),
    )
