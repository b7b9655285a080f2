"""What is asked of every request of somebody signed in."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.sessions import SEEN_AT, SEEN_EVERY
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
