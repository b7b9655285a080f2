"""The secretariat's pages about groups: their terms of reference, who is in them, and who was."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actions.groups import add_addresses, set_terms
from accounts.actions.memberships import TOLD_BEFORE
from accounts.forms.groups import MembersForm, TermsForm
from accounts.models import Group, day_of
from accounts.queries import groups_with_counts, history_of, members_of
from accounts.slots import group_sections
from accounts.views.people import PER_PAGE, for_the_secretariat
from core.six_languages import words_of
from core.verdicts import Conflict


@for_the_secretariat
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/group_list.html", {"groups": groups_with_counts()})


@for_the_secretariat
def group_detail(request: HttpRequest, group: str) -> HttpResponse:
    """A group: its members, what other apps know of it; a pasted list of addresses puts people into it."""
    found = get_object_or_404(Group, slug=group)
    form = MembersForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"group": found, "form": form, "report": []}
    if request.method == "POST" and form.is_valid():
        try:
            context["report"] = add_addresses(
                actor=request.user,
                group=found,
                text=form.cleaned_data["addresses"],
                ends_on=form.cleaned_data["ends_on"],
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            form.take_errors(error)
        else:
            left = [line for line in context["report"] if line.outcome in ("unknown", "invalid")]
            context["form"] = MembersForm(initial={"addresses": "\n".join(line.address for line in left)})
    members = members_of(found)
    context |= {
        "page": Paginator(members, PER_PAGE).get_page(request.GET.get("page")),
        "ending": members.filter(ends_on__lte=day_of(timezone.now()) + TOLD_BEFORE).count(),
        "languages": words_of(found, "terms"),
        "sections": group_sections(found, request.user),
    }
    status = 400 if form.errors else 200
    return render(request, "accounts/group_detail.html", context, status=status)


@for_the_secretariat
@require_safe
def group_history(request: HttpRequest, group: str) -> HttpResponse:
    """Everybody who is or was in the group: from when to when, why, and in whose place."""
    found = get_object_or_404(Group, slug=group)
    page = Paginator(history_of(found), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/group_history.html", {"group": found, "page": page})


@for_the_secretariat
def group_terms(request: HttpRequest, group: str) -> HttpResponse:
    """Write the group's terms of reference in six languages."""
    found = get_object_or_404(Group, slug=group)
    form = TermsForm(request.POST if request.method == "POST" else None, group=found)
    if request.method != "POST":
        return _terms_page(request, found, form)
    if not form.is_valid():
        return _terms_page(request, found, form, status=400)
    try:
        set_terms(actor=request.user, group=found, terms=form.terms, version=form.cleaned_data["version"])
    except ValidationError as error:
        form.add_error("terms_en", error.message_dict["terms"])
        return _terms_page(request, found, form, status=400)
    except Conflict as conflict:
        found.refresh_from_db()
        given = request.POST.copy()
        given["version"] = str(found.version)
        form = TermsForm(given, group=found)
        form.add_error(None, str(conflict))
        standing = words_of(found, "terms")
        differs = [
            (code, name, standing.get(code, ""))
            for code, name, field in form.language_fields
            if (field.value() or "").replace("\r\n", "\n").strip() != standing.get(code, "")
        ]
        return _terms_page(request, found, form, status=409, differs=differs)
    messages.success(request, _("The terms of reference are saved."))
    return redirect("people:group", found.slug)


def _terms_page(
    request: HttpRequest, group: Group, form: TermsForm, *, status: int = 200, differs: Any = ()
) -> HttpResponse:
    context = {"group": group, "form": form, "differs": differs}
    return render(request, "accounts/group_terms.html", context, status=status)
