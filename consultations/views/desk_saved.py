"""Filters of the desk that were saved: keeping the one in use, renaming, sharing, deleting."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from consultations.actions.saving_filters import delete_filter, rename_filter, save_filter
from consultations.desk_choices import DeskChoices
from consultations.desk_filters import DeskFilter
from consultations.models import Round, SavedFilter
from consultations.views.desk import asked_filters, desk_address, desk_round, saved_filters


@login_required
def desk_filters(request: HttpRequest, round_id: int) -> HttpResponse:
    """The filter in use said in words, to be saved, and those that are; sent: what is to become of them."""
    round = desk_round(request, round_id)
    filters = DeskFilter.of(asked_filters(request))
    if request.method == "POST":
        return _change(request, round, filters)
    context = {
        "round": round,
        "filters": filters,
        "choices": DeskChoices(round, filters),
        "saved": saved_filters(request.user, round),
    }
    return render(request, "consultations/desk_filters.html", context)


def _change(request: HttpRequest, round: Round, filters: DeskFilter) -> HttpResponse:
    name, shared = request.POST.get("name", ""), "shared" in request.POST
    try:
        if "saved" not in request.POST:
            saved, new = save_filter(
                actor=request.user, round=round, name=name, query=filters.query, shared=shared
            )
            words = _("“%(name)s” is saved.") if new else _("“%(name)s” was there already and is replaced.")
            messages.success(request, words % {"name": saved.name})
            return redirect(desk_address(round, filters.query))
        saved = _saved(request, round)
        if "delete" in request.POST:
            delete_filter(actor=request.user, saved=saved)
            messages.success(request, _("“%(name)s” is deleted.") % {"name": saved.name})
        else:
            rename_filter(actor=request.user, saved=saved, name=name, shared=shared)
            messages.success(request, _("The filter is changed."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("consultations:desk_filters", round.pk)


def _saved(request: HttpRequest, round: Round) -> SavedFilter:
    """One of the caller's own: that others have some is told by those they share alone."""
    value = request.POST.get("saved", "")
    known = value.isascii() and value.isdigit() and len(value) <= 9
    own = SavedFilter.objects.filter(round=round, owner=request.user.pk)
    return get_object_or_404(own, pk=int(value) if known else 0)
