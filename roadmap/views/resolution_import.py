"""Bringing in a document on resolutions in two steps: look at what was understood, then save."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.files import keep, open_file
from core.media_types import PLAIN
from core.models import StoredFile
from core.verdicts import require
from drafts.formats.document import DraftUnreadable
from roadmap.actions.resolution_import import import_resolutions
from roadmap.forms.resolutions import SourceForm
from roadmap.resolution_rules import may_manage_resolutions

PURPOSE = "resolution_import"
LARGEST = 20 * 1024 * 1024


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Step one: the file. Nothing is saved but the bytes, for a day."""
    require(may_manage_resolutions(request.user))
    form = SourceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(LARGEST + 1)
        try:
            report = import_resolutions(actor=request.user, content=content, filename=file.name, dry_run=True)
            kept = keep(
                content,
                owner=request.user,
                name=file.name,
                purpose=PURPOSE,
                allowed={PLAIN},
                max_bytes=LARGEST,
                expires_at=timezone.now() + timedelta(days=1),
            )
        except (DraftUnreadable, ValidationError) as error:
            form.add_error("file", _lines(error))
        else:
            return _preview(request, kept, report)
    return render(
        request, "roadmap/resolution_import.html", {"form": form}, status=400 if form.errors else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Step two: save what was looked at."""
    require(may_manage_resolutions(request.user))
    kept = get_object_or_404(StoredFile, uuid=uuid, owner=request.user.pk, purpose=PURPOSE)
    with open_file(kept) as file:
        content = file.read()
    dry = request.method != "POST"
    try:
        report = import_resolutions(actor=request.user, content=content, filename=kept.name, dry_run=dry)
    except (DraftUnreadable, ValidationError) as error:
        messages.error(request, " ".join(_lines(error)))
        return redirect("resolutions:import")
    if dry:
        return _preview(request, kept, report)
    if report["already"]:
        messages.info(
            request, _("%(symbol)s is here already: nothing was brought in.") % {"symbol": report["document"]}
        )
    else:
        messages.success(request, _("%(symbol)s is imported.") % {"symbol": report["document"]})
    return redirect("resolutions:tracker")


def _lines(error: Exception) -> list[str]:
    return error.messages if isinstance(error, ValidationError) else [str(error)]


def _preview(request: HttpRequest, kept: StoredFile, report: dict[str, Any]) -> HttpResponse:
    return render(request, "roadmap/resolution_import_preview.html", {"kept": kept, "report": report})
