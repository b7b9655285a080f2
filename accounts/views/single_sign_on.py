"""Going to a service of sign-in and coming back."""

import logging

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from requests import RequestException

from accounts.single_sign_on import services

logger = logging.getLogger(__name__)

LANGUAGE = "sign_in_language"


@never_cache
def oidc_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the service.

    By a page, not by a redirect: browsers apply ``form-action`` to where a form's answer redirects, and the
    policy allows forms to nobody but the portal.
    """
    _check(provider_id)
    try:
        response: HttpResponse = openid_connect.login(request, provider_id)
    except (RequestException, KeyError, ValueError) as error:
        return _failed(request, provider_id, error)
    if request.method != "POST" or response.status_code != 302:
        return response
    request.session[LANGUAGE] = translation.get_language()
    context = {"redirect_to": response["Location"], "provider": services()[provider_id]}
    return render(request, "socialaccount/login_redirect.html", context)


@never_cache
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the service. Its address has no language, for services know one address only."""
    _check(provider_id)
    language = request.session.get(LANGUAGE)
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language
    try:
        response: HttpResponse = openid_connect.callback(request, provider_id)
    except (KeyError, ValueError) as error:  # an answer that lacks what the standard promises
        return _failed(request, provider_id, error)
    return response


def _check(provider_id: str) -> None:
    if provider_id not in services():
        raise Http404


def _failed(request: HttpRequest, provider_id: str, error: Exception) -> HttpResponse:
    logger.warning("Signing in through %s failed: %s: %s", provider_id, type(error).__name__, error)
    return render(request, "socialaccount/authentication_error.html", status=502)
