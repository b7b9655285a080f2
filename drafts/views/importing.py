"""Importing a draft in two steps: look at what was understood, then save."""

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

from core.files import keep, open_file
from core.models import StoredFile
from core.verdicts import require
from drafts.actions.importing import import_draft
from drafts.formats import parse_draft
from drafts.formats.document import DraftUnreadable
from drafts.forms.importing import ImportForm
from drafts.models import Draft, Provision
from drafts.rules import may_import_drafts

PURPOSE = "draft_import"
LARGEST = 20 * 1024 * 1024
SHOWN = 12


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Step one: the file. Nothing is saved but the bytes, for a day."""
    require(may_import_drafts(request.user))
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(LARGEST + 1)
        try:
            report = _import(request, content, file.name, form.target, dry_run=True)
            kept = keep(
                content,
                owner=request.user,
                name=file.name,
                purpose=PURPOSE,
                allowed={"text/plain", "text/markdown"},
                max_bytes=LARGEST,
                expires_at=timezone.now() + timedelta(days=1),
            )
        except DraftUnreadable as error:
            form.add_error("file", str(error))
        except ValidationError as error:
            form.take_errors(error) if hasattr(error, "error_dict") else form.add_error("file", error)
        else:
            request.session[f"{PURPOSE}:{kept.uuid}"] = form.target
            return _preview(request, kept, content, form.target, report)
    return render(request, "drafts/import_upload.html", {"form": form}, status=400 if form.errors else 200)


@login_required
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Step two: save what was looked at."""
    require(may_import_drafts(request.user))
    kept = get_object_or_404(StoredFile, uuid=uuid, owner=request.user.pk, purpose=PURPOSE)
    target = request.session.get(f"{PURPOSE}:{uuid}")
    if target is None:
        messages.error(request, _("This import was finished, or begun elsewhere. Choose the file again."))
        return redirect("imports:upload")
    with open_file(kept) as file:
        content = file.read()
    try:
        report = _import(request, content, kept.name, target, dry_run=request.method != "POST")
    except (DraftUnreadable, ValidationError) as error:
        lines = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, " ".join(map(str, lines)))
        return redirect("imports:upload")
    if request.method != "POST":
        return _preview(request, kept, content, target, report)
    del request.session[f"{PURPOSE}:{uuid}"]
    draft = Draft.objects.select_related("guidelines").get(pk=report["draft"])
    messages.success(request, _("The draft is imported."))
    return redirect("drafts:contents", draft.guidelines.slug, draft.number)


def _import(
    request: HttpRequest, content: bytes, name: str, target: dict[str, Any], *, dry_run: bool
) -> dict[str, Any]:
    return import_draft(actor=request.user, content=content, filename=name, dry_run=dry_run, **target)


def _preview(
    request: HttpRequest, kept: StoredFile, content: bytes, target: dict[str, Any], report: dict[str, Any]
) -> HttpResponse:
    parsed = parse_draft(content, filename=kept.name, language=target["language"])
    kinds = dict(Provision.Kind.choices)
    context = {
        "kept": kept,
        "target": target,
        "report": report,
        "counts": [(kinds[kind], number) for kind, number in report["counts"].items() if number],
        "first": parsed.provisions[:SHOWN],
    }
    return render(request, "drafts/import_preview.html", context)
