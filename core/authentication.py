"""Signing in to the API with a token."""

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed


class AsciiTokenAuthentication(TokenAuthentication):
    """Knox's, for which bytes that can't be of a token are an error of its own and not of the caller's."""

    def authenticate(self, request: Any) -> Any:
        if not get_authorization_header(request).isascii():
            raise AuthenticationFailed
        return super().authenticate(request)


class TokenScheme(KnoxTokenScheme):
    """How the schema describes it."""

    target_class = "core.authentication.AsciiTokenAuthentication"
