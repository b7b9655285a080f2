"""Addresses within the portal, to which somebody is led because a request says so."""

from typing import Any

from django.utils.http import url_has_allowed_host_and_scheme

from core.names import has_controls


def is_local(address: Any) -> bool:
    """Whether ``address`` is a path of this site: it begins with exactly one ``/``.

    Browsers take a backslash for a slash and pass over tabs and line ends: with those it could lead elsewhere.
    """
    return (
        isinstance(address, str)
        and address.startswith("/")
        and not address.startswith("//")
        and "\\" not in address
        and not has_controls(address, besides="")
        and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    )
