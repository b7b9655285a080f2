"""Which nominations of a call look like one person's, and why. It only points; people decide."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from core.collation import sort_key

# Above it names are near: "Kwabena Tetteh" and "Kwabena Teteh", not "Ana Ruiz" and "Ana Ruano".
NEAR = 88
# Shorter ones are near each other by chance.
LEAST_LETTERS = 6


class Reason(TextChoices):
    """Why two nominations look like one person's."""

    EMAIL = "email", _("The same e-mail address")
    NAME = "name", _("The same name, whatever its order, case and accents")
    NEAR_NAME = "near_name", _("A name that is written nearly so")


@dataclass(frozen=True)
class Candidate:
    """What of a nomination is compared."""

    pk: int
    name: str
    email: str


Pair = tuple[int, int]


def plain_name(name: str) -> str:
    """A name as it is compared: without case, marks and signs, its parts in the order of the alphabet. Letters of
    different scripts stay different: how a name is transliterated isn't guessed."""
    words = "".join(
        sign if unicodedata.category(sign)[0] in "LMN" or sign in "'’" else " "
        for sign in unicodedata.normalize("NFKC", name)
    )
    return " ".join(sorted(filter(None, (sort_key(word, "en")[0].strip() for word in words.split()))))


def look_alike(candidates: Iterable[Candidate]) -> dict[Pair, Reason]:
    """The pairs that look alike, by their keys in ascending order, each with its strongest reason."""
    rows = sorted(candidates, key=lambda row: row.pk)
    names = [plain_name(row.name) for row in rows]
    found: dict[Pair, Reason] = {}
    for reason, values in ((Reason.EMAIL, [row.email.lower() for row in rows]), (Reason.NAME, names)):
        same: dict[str, list[int]] = defaultdict(list)
        for row, value in zip(rows, values, strict=True):
            if value:
                same[value].append(row.pk)
        for keys in same.values():
            for at, first in enumerate(keys):
                for second in keys[at + 1 :]:
                    found.setdefault((first, second), reason)
    long = [at for at, name in enumerate(names) if len(name) >= LEAST_LETTERS]
    compared = [names[at] for at in long]
    if len(compared) > 1:
        likeness = process.cdist(compared, compared, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=numpy.uint8)
        for one, other in numpy.argwhere(numpy.triu(likeness, 1) > 0):
            found.setdefault((rows[long[one]].pk, rows[long[other]].pk), Reason.NEAR_NAME)
    return found
