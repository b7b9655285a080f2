"""The page of a draft's documents: which there are, asking for others, fetching them."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import too_many_requests
from core.throttling import WriteThrottle
from drafts.actions.rendering import ask_for_document
from drafts.documents.sending import send
from drafts.documents.shelf import MADE, MAKING, place_of, shelves_of
from drafts.models import Draft

ASKED_PER_MINUTE = 60


@require_safe
@never_cache
def document_list(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Language by format, each made, being made or to be asked for; the table alone when htmx asks."""
    return _page(request, _draft(request, slug, number))


@require_safe
def download(request: HttpRequest, slug: str, number: int, language: str, form: str) -> HttpResponseBase:
    """The document; one that isn't made yet can be asked for on the page, where this leads."""
    draft = _draft(request, slug, number)
    place = place_of(draft, language, form)
    if place is None:
        raise Http404
    if place.state != MADE:
        return redirect("documents:list", slug, number)
    return send(request, draft, place)


@require_POST
@never_cache
def make(request: HttpRequest, slug: str, number: int, language: str, form: str) -> HttpResponse:
    """Ask for a document. Anybody may who reads the draft: it is made once, whoever asks."""
    draft = _draft(request, slug, number)
    if not WriteThrottle().may_once_more(request, "documents", ASKED_PER_MINUTE):
        return too_many_requests(request)
    try:
        ask_for_document(actor=request.user, draft=draft, language=language, form=form)
    except ValidationError as error:
        raise Http404 from error
    if request.headers.get("HX-Request") == "true":
        return _page(request, draft)
    return redirect("documents:list", slug, number)


def _page(request: HttpRequest, draft: Draft) -> HttpResponse:
    shelves = shelves_of(draft)
    making = sum(place.state == MAKING for shelf in shelves for place in shelf.places)
    part = request.headers.get("HX-Request") == "true"
    template = "drafts/_documents.html" if part else "drafts/document_list.html"
    return render(request, template, {"draft": draft, "shelves": shelves, "making": making})


def _draft(request: HttpRequest, slug: str, number: int) -> Draft:
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines")
    return get_object_or_404(drafts, guidelines__slug=slug, number=number)
