"""The secretariat's pages about groups and who is in them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.actions.groups import add_addresses
from accounts.forms.people import AddressesForm
from accounts.models import Group
from accounts.queries import groups_with_counts, members_of
from accounts.views.people import PER_PAGE, for_the_secretariat


@for_the_secretariat
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/group_list.html", {"groups": groups_with_counts()})


@for_the_secretariat
def group_detail(request: HttpRequest, group: str) -> HttpResponse:
    """A group's members; a pasted list of addresses puts people into it, with a report by line."""
    found = get_object_or_404(Group, slug=group)
    form = AddressesForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"group": found, "form": form, "report": []}
    if request.method == "POST" and form.is_valid():
        try:
            context["report"] = add_addresses(
                actor=request.user, group=found, text=form.cleaned_data["addresses"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            left = [line for line in context["report"] if line.outcome in ("unknown", "invalid")]
            context["form"] = AddressesForm(initial={"addresses": "\n".join(line.address for line in left)})
    context["page"] = Paginator(members_of(found), PER_PAGE).get_page(request.GET.get("page"))
    status = 400 if form.errors else 200
    return render(request, "accounts/group_detail.html", context, status=status)
