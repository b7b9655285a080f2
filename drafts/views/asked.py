"""What an address or a form asks for, read so that no nonsense gets further."""

from collections.abc import Iterable

from django.http import QueryDict


def number_asked(given: str) -> int:
    """The number in ``given``; 0, which nothing has, where there is none or it is too long for the database."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def kept(chosen: QueryDict, names: Iterable[str]) -> str:
    """The part of an address that keeps what a reader chose under ``names``, with its ``?``; empty without any."""
    query = QueryDict(mutable=True)
    for name in names:
        if value := chosen.get(name):
            query[name] = value
    return f"?{query.urlencode()}" if query else ""
