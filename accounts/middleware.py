"""What is asked of every request of somebody signed in."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.sessions import SEEN_AT, SEEN_EVERY, reader_mark
from core.headers import KEEP_FOR_OFFLINE, READER
from core.middleware import words_back

# Where a second factor is set up, and what that may take on the way; and the way out.
WAY_THERE = frozenset(
    {
        *("mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
        *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
        *("account_reauthenticate", "account_email", "account_email_verification_sent", "account_logout"),
        *("account_login", "accounts:welcome", "healthz", "readyz"),
    }
)
API = "/api/"
AFTERWARDS = "after_second_factor"


class LastSeenMiddleware:
    """Notes now and then that a session is in use: often enough to be told apart, seldom enough to cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            seen_at = request.session.get(SEEN_AT)
            if seen_at is not None and time.time() - seen_at > SEEN_EVERY and request.user.is_authenticated:
                request.session[SEEN_AT] = time.time()
                UserSession.objects.create_from_request(request)
        return self.get_response(request)


class PersonalPagesMiddleware:
    """What was made for one person is kept by no cache, and says for whom it was made.

    Stands around the session, so that a cookie which is being set or taken away counts too. What a view calls
    public is the same for everyone and stays so. Pages for reading without a line may be kept by the browser,
    whose worker (static/js/worker.js) forgets them once ``X-Reader`` is another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        programs = request.path.startswith(API)
        if programs:
            patch_vary_headers(response, ["Authorization", "Cookie"])
        try:
            session = getattr(request, "session", {})
            reader, personal = session.get(SESSION_KEY, ""), bool(session.keys())
        except (OperationalError, InterfaceError):  # the page says that the database is away
            reader, personal = "", True
        response[READER] = reader_mark(reader)
        personal = personal or settings.SESSION_COOKIE_NAME in response.cookies
        personal = personal or (programs and "Authorization" in request.headers)
        if personal and "public" not in response.get("Cache-Control", ""):
            kept = response.status_code == 200 and KEEP_FOR_OFFLINE in response
            response["Cache-Control"] = "private, no-cache" if kept else "private, no-store"
            if response.has_header("Expires"):
                del response["Expires"]
        return response


class SecondFactorMiddleware:
    """Leads whoever must have a second factor, and has none yet, to the page where it is set up.

    Programs come with a token instead of a session and pass. A session is refused by the API too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.REQUIRE_SECOND_FACTOR or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        match = request.resolver_match
        if match is None or match.view_name in WAY_THERE or _has_token(request):
            return None
        if not needs_second_factor(request.user) or has_second_factor(request.user):
            return None
        return _lead_there(request)


def _has_token(request: HttpRequest) -> bool:
    """Whether a program speaks: the API refuses a token that isn't one, whatever session comes with it."""
    prefix = str(settings.REST_KNOX["AUTH_HEADER_PREFIX"]).lower()
    words = request.headers.get("Authorization", "").split()
    return request.path.startswith(API) and bool(words) and words[0].lower() == prefix


def _lead_there(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        reason = _("Your role needs a second factor. Set it up in your account first.")
        return JsonResponse({"detail": reason, "code": "second_factor"}, status=403)
    url = reverse("mfa_index")
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    if request.method == "GET":
        request.session[AFTERWARDS] = request.get_full_path()
    return words_back(request, url) or redirect(url)
