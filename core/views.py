"""Pages of `core`: a job's progress, and files."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import files, jobs
from core.models import StoredFile

STOP_POLLING = 286  # htmx asks no more after this


@require_safe
@never_cache
@login_required
def job_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A job's progress, for its owner; the part that changes alone when htmx asks for it, until it is done."""
    job = jobs.job_of(request.user, uuid)
    if job is None:
        raise Http404
    context = {"job": job, "label": jobs.label_of(job)}
    if request.headers.get("HX-Request") == "true":
        status = STOP_POLLING if job.finished else 200
        return render(request, "core/_job.html", context, status=status)
    return render(request, "core/job_detail.html", context)


@require_safe
def file_download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A file, for who may read it at this moment; to everyone else it isn't there."""
    stored = StoredFile.objects.filter(uuid=uuid).first()
    if stored is None or not files.may_read(request.user, stored):
        raise Http404
    try:
        content = files.open_file(stored)
    except FileNotFoundError as error:
        raise Http404 from error
    if request.method == "GET":
        files.note_reading(request.user, stored)
    media_type = stored.media_type
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
