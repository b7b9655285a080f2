"""Sending a document: what is public may be kept by everybody, what isn't by nobody."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag

from core import files
from drafts.documents.shelf import MADE, Place
from drafts.models import Draft

FOREVER = 365 * 24 * 3600
SHORTLY = 300


def send(request: HttpRequest, draft: Draft, place: Place) -> HttpResponseBase:
    """The file. ``?v=`` with the document's version names it for ever; ``Http404`` where it isn't made."""
    if place.state != MADE or place.rendering is None or place.rendering.file is None:
        raise Http404
    stored = place.rendering.file
    try:
        content = files.open_file(stored)
    except FileNotFoundError as error:
        raise Http404 from error
    media_type = stored.media_type + ("; charset=utf-8" if stored.media_type.startswith("text/") else "")
    response: HttpResponseBase = FileResponse(
        content, as_attachment=True, filename=stored.name, content_type=media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    if not draft.is_open_to_all:
        response["Cache-Control"] = "private, no-store"
        return response
    if request.GET.get("v") == place.version:
        patch_cache_control(response, public=True, max_age=FOREVER, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=SHORTLY)
    etag = quote_etag(stored.sha256)
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response  # type: ignore[arg-type]
