"""What stands around every view: cookies that can be read, and pages for what a view could not do."""

import re
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import API, RETRY_AFTER, written
from core.verdicts import Conflict, Refusal

PROBES = {"/healthz", "/readyz"}
MAINTENANCE_RETRY_AFTER = 300
# As UTF-8: no other character has these bytes within it.
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]")


class MaintenanceMiddleware:
    """While ``MAINTENANCE_FILE`` is there everyone but the probes gets a 503 page, in their language.

    Stands before all that asks the database; the words of a form that was being sent are given back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in PROBES or not settings.MAINTENANCE_FILE.exists():
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request, check_path=True)):
            if request.path.startswith(API):
                words = _("The portal is being looked after. Please try again in a few minutes.")
                response: HttpResponse = JsonResponse({"detail": words}, status=503)
            else:
                page = render_to_string("core/maintenance.html", {"written": written(request)})
                response = HttpResponse(page, status=503)
        response["Retry-After"] = str(MAINTENANCE_RETRY_AFTER)
        response["Cache-Control"] = "no-store"
        return response


class ReadableMiddleware:
    """Takes control characters out of every page: no words have them, and whoever sends some gets none back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_page and CONTROLS.search(response.content):
            response.content = CONTROLS.sub(b"", response.content)
        return response


class SessionCookieMiddleware:
    """Takes no notice of a session cookie that the portal can't have set: PostgreSQL refuses to look for some."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "a")
        if not (key.isascii() and key.isalnum()):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)


class WordsBackMiddleware:
    """Who wrote something and is led to sign in gets their words back first: the session ended while they wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 302 or request.path.startswith(API):
            return response
        address, _sign, query = response["Location"].partition("?")
        if address != reverse("account_login") or "next=" not in query or _is_of_signing_in(request):
            return response
        return words_back(request, response["Location"]) or response


def words_back(request: HttpRequest, there: str) -> HttpResponse | None:
    """A page with what was written and the way on; None where nothing was."""
    words = written(request)
    return (
        render(request, "core/words_back.html", {"written": words, "there": there}, status=401)
        if words
        else None
    )


def _is_of_signing_in(request: HttpRequest) -> bool:
    """What is sent there (a passkey's answer, for example) is nobody's words."""
    match = request.resolver_match
    return match is None or match.view_name.startswith(("account_", "mfa_", "socialaccount_"))


class RefusalMiddleware:
    """Turns a Refusal into a 403 page with its reason, a Conflict into a 409 page with what the person wrote,
    a database that can't be reached into a 503 page with it, and an empty 405 into a page that leads on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not request.path.startswith(API):
            # Signing in leads back here from what could only be sent: Django's own answer is a white page.
            page = render(request, "405.html", {"written": written(request)}, status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            context = {"verdict": exception.verdict, "written": written(request)}
            return render(request, "core/refused.html", context, status=403)
        if isinstance(exception, Conflict):
            context = {
                "reason": exception.reason,
                "current": exception.current,
                "written": written(request),
                "back": request.path,
            }
            return render(request, "core/conflict.html", context, status=409)
        if isinstance(exception, OperationalError | InterfaceError):
            response = render(request, "core/unavailable.html", {"written": written(request)}, status=503)
            response["Retry-After"] = str(RETRY_AFTER)
            return response
        return None
