"""What the API answers when something can't be done."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import status
from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.exceptions import ValidationError as InvalidInput
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.verdicts import Conflict, Refusal

RETRY_AFTER = 2
# The window of allauth's limits; a person who waits this long may go on.
LIMITED_SECONDS = 60
API = "/api/"
# Shorter inputs are quickly typed again; these are what a person would be sorry to lose.
WORTH_KEEPING = 20
# Nor what the portal itself put into the form: marks of what was seen, a table that was read.
SECRET_FIELDS = {"csrfmiddlewaretoken", "seen", "sheet"}


class Unavailable(APIException):
    """The database is away or a lock wasn't to be had in time; the same request may succeed shortly."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    wait = RETRY_AFTER  # the Retry-After header


class TooLarge(APIException):
    """The request's body is larger than the portal reads."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


def api_exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The contract's errors: 400 with field errors, 401, 403 with the reason, 404, 409 with the current state,
    429, 503. None for what nobody foresaw, which becomes a 500."""
    if isinstance(exception, Refusal):
        request = context.get("request")
        if request is None or request.user.is_authenticated:
            refused = {"detail": str(exception.verdict.reason), "code": exception.verdict.code}
            return Response(refused, status=status.HTTP_403_FORBIDDEN)
        return _unauthenticated(exception, context)
    if isinstance(exception, Conflict):
        body = {"detail": str(exception.reason), "current": exception.current}
        return Response(body, status=status.HTTP_409_CONFLICT)
    if isinstance(exception, ValidationError):
        exception = InvalidInput(detail=field_errors(exception))
    elif isinstance(exception, RequestDataTooBig):
        exception = TooLarge(_("At most %(limit)s.") % {"limit": _largest_body()})
    elif isinstance(exception, OperationalError | InterfaceError):
        exception = Unavailable(_("The portal is busy. Please try again in a moment."), code="unavailable")
    return exception_handler(exception, context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what failed before any view: for programs as JSON."""
    if request.path.startswith(API):
        return JsonResponse({"detail": _("The request can't be read.")}, status=400)
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", {"limit": _largest_body()}, status=413)
    return defaults.bad_request(request, exception)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 for a page that isn't open to the caller: with the reason, where there is one, and what they wrote."""
    if request.path.startswith(API):
        return JsonResponse({"detail": str(exception) or _("This is not open to you.")}, status=403)
    context = {"reason": str(exception), "written": written(request)}
    return render(request, "403.html", context, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open for too long, or came without cookies: people get their words back."""
    if request.path.startswith(API):
        return JsonResponse({"detail": _("The request carries no valid CSRF token.")}, status=403)
    return render(request, "403_csrf.html", {"written": written(request)}, status=403)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429 with when to try again, in words and for programs."""
    context = {"written": written(request), "seconds": LIMITED_SECONDS}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(LIMITED_SECONDS)
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that leads nowhere: for programs as JSON, for people with what they wrote."""
    if request.path.startswith(API):
        return JsonResponse({"detail": _("There is nothing at this address.")}, status=404)
    return render(request, "404.html", {"written": written(request)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for what nobody foresaw: for programs as JSON."""
    if request.path.startswith(API):
        return JsonResponse({"detail": _("Something went wrong on our side.")}, status=500)
    try:
        with translation.override(translation.get_language_from_request(request, check_path=True)):
            # Without the request: what the frame of other pages asks may be what failed.
            context = {"path": request.path if request.method == "GET" else "", "written": written(request)}
            return HttpResponse(render_to_string("500.html", context), status=500)
    except Exception:
        return defaults.server_error(request, template_name="500_plain.html")


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # names a thing; nobody wrote it


def written(request: HttpRequest) -> list[str]:
    """The longer texts of the form that was sent, so that nobody loses what they wrote. No password."""
    if request.method != "POST":
        return []
    try:
        sent = list(request.POST.lists())
    except (SuspiciousOperation, UnreadablePostError):
        return []
    return [
        value
        for name, values in sent
        for value in values
        if len(value) >= WORTH_KEEPING
        and name not in SECRET_FIELDS
        and "password" not in name
        and not _UUID.fullmatch(value)
    ]


def _largest_body() -> str:
    return filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _unauthenticated(refusal: Refusal, context: dict[str, Any]) -> Response | None:
    """401: who isn't signed in may be allowed once they are."""
    error = NotAuthenticated(str(refusal.verdict.reason))
    # As APIView.handle_exception does for its own: it tells how to authenticate.
    error.auth_header = context["view"].get_authenticate_header(context["request"])  # type: ignore[attr-defined]
    return exception_handler(error, context)


def field_errors(error: ValidationError) -> dict[str, list[str]]:
    """Django's validation error as field errors; what belongs to no field is under `non_field_errors`."""
    if not hasattr(error, "error_dict"):
        return {"non_field_errors": list(error.messages)}
    return {
        "non_field_errors" if name == NON_FIELD_ERRORS else name: list(messages)
        for name, messages in error.message_dict.items()
    }
