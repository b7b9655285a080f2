"""What one reader may know of a round's comments, told from a few values of each row.

The rules are those of ``rules.may_see_author``, ``may_see_origin`` and ``may_read_disposition``, worked out once for a
hundred thousand rows; a test holds what stands in a compilation to what pages show to the same readers.
"""

from dataclasses import dataclass
from typing import Any

from consultations.models import Comment, Round
from consultations.rules import is_secretariat, is_staff

NAMED, ORGANISATION = Comment.Attribution.NAMED.value, Comment.Attribution.ORGANISATION.value


@dataclass(frozen=True)
class Sight:
    """``reader`` is the id of who reads; comments are of one round."""

    reader: int
    staff: bool
    secretariat: bool
    anonymous: bool

    @classmethod
    def of(cls, reader: Any, round: Round) -> "Sight":
        return cls(reader.pk, is_staff(reader, round), is_secretariat(reader, round), round.anonymous)

    def author(self, author: int, attribution: str) -> bool:
        """Whether the author's name is shown."""
        return self.staff or author == self.reader or (not self.anonymous and attribution == NAMED)

    def origin(self, author: int, attribution: str) -> bool:
        """Whether organisation, country, region and stakeholder group are shown."""
        return self.author(author, attribution) or (not self.anonymous and attribution == ORGANISATION)

    def covers(self, other: str) -> bool:
        """Whether who sees so much may still read what was written for ``other`` (see ``name``)."""
        return ORDER.index(self.name) >= ORDER.index(other) if other in ORDER else False

    @property
    def name(self) -> str:
        """What is kept with a compilation, to be held against the rights of who fetches it."""
        return "staff" if self.staff else "secretariat" if self.secretariat else "reader"


# Each sees what those before it see.
ORDER = ("reader", "secretariat", "staff")
