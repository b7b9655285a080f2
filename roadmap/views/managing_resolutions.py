"""The secretariat's pages of resolutions: enter one, change one."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.verdicts import require
from roadmap.actions.resolutions import change_resolution, create_resolution
from roadmap.forms.resolutions import ResolutionForm
from roadmap.models import Resolution
from roadmap.resolution_queries import seen_resolutions
from roadmap.resolution_rules import may_manage_resolutions
from roadmap.views.saving import (
    afresh,
    saved,
    status_of,
    take_conflict,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resolution_create(request: HttpRequest) -> HttpResponse:
    require(may_manage_resolutions(request.user))
    form = ResolutionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_resolution(actor=request.user, **form.facts)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("resolutions:detail", made.uuid)
    return _page(request, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resolution_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    resolution = get_object_or_404(seen_resolutions(), uuid=uuid)
    require(may_manage_resolutions(request.user))
    form = ResolutionForm(request.POST or None, resolution=resolution)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        change = partial(
            change_resolution, actor=request.user, resolution=resolution, version=version, **form.facts
        )
        status = saved(
            form,
            change,
            on_conflict=take_conflict,
            standing=lambda: ResolutionForm(resolution=afresh(resolution)),
        )
        if not status:
            messages.success(request, _("Saved."))
            return redirect("resolutions:detail", resolution.uuid)
    return _page(request, form, resolution, status)


def _page(
    request: HttpRequest, form: ResolutionForm, resolution: Resolution | None, status: int = 0
) -> HttpResponse:
    context = {"form": form, "resolution": resolution}
    status = status_of(form, status)
    return render(request, "roadmap/resolution_form.html", context, status=status)
