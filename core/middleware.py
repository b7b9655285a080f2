"""What stands around every view: cookies that can be read, and pages for what a view could not do."""

from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import RETRY_AFTER, written
from core.verdicts import Conflict, Refusal


class SessionCookieMiddleware:
    """Takes no notice of a session cookie that the portal can't have set: PostgreSQL refuses to look for some."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "a")
        if not (key.isascii() and key.isalnum()):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)


class RefusalMiddleware:
    """Turns a Refusal into a 403 page with its reason, a Conflict into a 409 page with what the person wrote,
    and a database that can't be reached into a 503 page with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

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
