"""Reading without a line: the worker that keeps pages, and the page shown for what was not kept."""

from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponseBase:
    """The service worker; served from the root, for it may only keep pages beneath its own address."""
    path = finders.find("js/worker.js")
    if not isinstance(path, str):
        raise Http404
    return FileResponse(open(path, "rb"), content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a browser shows without a line for a page that it has not kept."""
    return render(request, "offline.html")
