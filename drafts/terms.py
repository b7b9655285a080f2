"""Glossary terms where they occur in the text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from drafts.models import Draft, Provision, ProvisionText

# Languages whose plural mostly adds an s; a term is defined in the singular.
KEY = "term-key"
PLURAL_S = frozenset({"en", "es", "fr"})


@dataclass(frozen=True)
class Term:
    key: str
    heading: str
    text: str


@dataclass(frozen=True)
class Occurrence:
    """A term in a text, from ``start`` to ``end`` in code points, and the address of its definition."""

    start: int
    end: int
    key: str
    address: str


class Terms:
    """The glossary of a draft in one language, and where its terms occur."""

    def __init__(self, language: str, terms: Iterable[Term], address: str = "") -> None:
        """``address`` is that of a term's definition, with ``KEY`` where its key belongs."""
        self.language = language
        self._address = address
        self.by_key = {term.key: term for term in terms if term.heading.strip()}
        self._keys = {_folded(term.heading): term.key for term in self.by_key.values()}
        # The longest first: "digital public infrastructure" is not "digital public goods" cut short.
        headings = sorted(self._keys, key=lambda heading: (-len(heading), heading))
        self._pattern = (
            re.compile("|".join(map(self._written, headings)), re.IGNORECASE) if headings else None
        )

    def _written(self, heading: str) -> str:
        words = r"[\s\u00a0-]+".join(map(re.escape, heading.split()))
        if self.language == "zh-hans":
            return words
        plural = "s?" if self.language in PLURAL_S else ""
        return rf"\b{words}{plural}\b"

    def occurrences(self, text: str) -> list[Occurrence]:
        """The first occurrence of each term: explained once, it need not be marked again."""
        if self._pattern is None:
            return []
        found: dict[str, Occurrence] = {}
        for match in self._pattern.finditer(text):
            heading = _folded(match.group())
            key = self._keys.get(heading) or self._keys.get(heading.removesuffix("s"))
            if key and key not in found:
                found[key] = Occurrence(match.start(), match.end(), key, self._address.replace(KEY, key))
        return sorted(found.values(), key=lambda occurrence: occurrence.start)


def terms_of(draft: Draft, language: str, address: str) -> Terms:
    """The glossary of ``draft`` in ``language`` (one query); ``address`` as ``Terms`` takes it."""
    words = ProvisionText.objects.of_draft(draft).filter(
        provision__kind=Provision.Kind.TERM, language=language
    )
    rows = words.values_list("provision__key", "heading", "text")
    return Terms(language, [Term(*row) for row in rows], address)


def _folded(heading: str) -> str:
    return " ".join(heading.lower().replace("-", " ").split())
