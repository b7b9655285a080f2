"""Callers of the API for tests."""

from typing import Any

from rest_framework.test import APIClient


def client_of(user: Any = None) -> APIClient:
    """A client that ``user`` is signed in with; a failure of the portal is a 500 to look at, not raised."""
    client = APIClient(raise_request_exception=False)
    if user is not None:
        client.force_authenticate(user)
    return client
