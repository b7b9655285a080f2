"""Addresses within the portal, to which somebody is led because a request says so."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import reverse
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


def addresses(view: str, *before: Any) -> Callable[[UUID], str]:
    """What gives the address of ``view`` for each UUID that comes as its last argument; ``before`` are the others.

    Django looks a pattern up anew each time, which for a hundred links of a list takes longer than the list itself.
    """
    pattern = reverse(view, args=[*before, _ANY])
    start, mark, end = pattern.rpartition(str(_ANY))
    if not mark:
        raise ValueError(f"No UUID stands in the address {pattern}.")
    return lambda uuid: f"{start}{uuid}{end}"


_ANY = UUID(int=0)
