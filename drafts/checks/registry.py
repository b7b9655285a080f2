"""The register of checks: how one is added, and running them all over a draft."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from drafts.checks.read import ReadDraft
from drafts.models import Finding

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Found:
    """What a check found at one provision.

    ``key``: the provision it is about, empty where it is the whole draft; ``language``: of the words, empty
    where it is none's. ``params``: the names and numbers of the message, as plain strings. ``others``: keys of
    further provisions concerned. ``words``: what a waiver speaks of; the waiver holds as long as they stay.
    ``variant`` chooses among the check's messages, ``severity`` replaces the check's own. ``before`` and
    ``after`` are two wordings to be shown as a redline.
    """

    key: str
    language: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    variant: str = ""
    severity: str = ""
    before: str = ""
    after: str = ""


Find = Callable[[ReadDraft], Iterable[Found]]


@dataclass(frozen=True)
class Check:
    """One check with its explanation, all texts lazy. ``messages`` are sentences with named placeholders."""

    code: str
    severity: str
    title: Any
    looks_for: Any
    why: Any
    messages: Mapping[str, Any]
    find: Find


_checks: dict[str, Check] = {}


def check(
    code: str, severity: str, *, title: Any, looks_for: Any, why: Any, messages: Mapping[str, Any] | Any
) -> Callable[[Find], Find]:
    """Register ``fn(read) -> Iterable[Found]`` under ``code``, which stays: findings and waivers refer to it.

    ``messages``: the sentence of every finding, or one for each ``variant``. The function reads nothing but
    what it is given, so that all checks of a draft take two queries.
    """

    def register(find: Find) -> Find:
        standing = _checks.get(code)
        if standing and (standing.find.__module__, standing.find.__qualname__) != (
            find.__module__,
            find.__qualname__,
        ):
            raise ValueError(f"Two checks are coded {code!r}.")
        sentences = messages if isinstance(messages, Mapping) else {"": messages}
        _checks[code] = Check(code, severity, title, looks_for, why, sentences, find)
        return find

    return register


def all_checks() -> list[Check]:
    """Every check: errors first, then in the order of their registration."""
    ranks = list(Finding.Severity.values)
    return sorted(_checks.values(), key=lambda known: ranks.index(known.severity))


def check_of(code: str) -> Check | None:
    """The check of that code; None for one that is made no longer."""
    return _checks.get(code)


def find_all(read: ReadDraft, *, after_each: Callable[[], None] = lambda: None) -> list[tuple[Check, Found]]:
    """What every check finds, once for the same words. ``after_each`` is called when a check has ended."""
    found: dict[str, tuple[Check, Found]] = {}
    for known in all_checks():
        for one in known.find(read):
            found.setdefault(fingerprint_of(known.code, one), (known, one))
        after_each()
    return list(found.values())


def fingerprint_of(code: str, found: Found) -> str:
    """The same for a finding in a later draft as long as the words concerned are the same, blanks aside."""
    words = [_SPACE.sub(" ", unicodedata.normalize("NFC", word)).strip() for word in found.words]
    parts = [code, found.variant, found.key, found.language, *sorted(found.others), *words]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def codes() -> Iterator[str]:
    """The codes of all checks, in a fixed order."""
    yield from sorted(_checks)
