"""Two people changed the same words: what each of them changed, and both changes together where they can be."""

from dataclasses import dataclass

from drafts.redline import redline


@dataclass(frozen=True)
class Hunk:
    """``base[start:end]`` was replaced with ``words``."""

    start: int
    end: int
    words: str


def hunks(base: str, new: str) -> list[Hunk]:
    """What was changed from ``base`` to ``new``, in order; nothing where they are the same."""
    found: list[Hunk] = []
    at = 0
    for piece in redline(base, new):
        if piece.kind == "same":
            at += len(piece.text)
        elif piece.kind == "removed":
            found.append(Hunk(at, at + len(piece.text), ""))
            at += len(piece.text)
        elif found and found[-1].end == at and not found[-1].words:
            found[-1] = Hunk(found[-1].start, at, piece.text)
        else:
            found.append(Hunk(at, at, piece.text))
    return found


def merged(base: str, mine: str, theirs: str) -> str | None:
    """``base`` with both changes; None where they touch each other and a person must decide.

    The same change made by both is one.
    """
    changes = sorted({*hunks(base, mine), *hunks(base, theirs)}, key=lambda hunk: (hunk.start, hunk.end))
    for one, other in zip(changes, changes[1:], strict=False):
        if other.start <= one.end:
            return None
    pieces, at = [], 0
    for change in changes:
        pieces += [base[at : change.start], change.words]
        at = change.end
    return "".join([*pieces, base[at:]])
