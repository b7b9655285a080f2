"""What the next draft changed, and who asked for it: its redline, with the comments that its revisions name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from consultations.journey import next_draft_of
from consultations.models import AppliedChange, Comment, Round
from consultations.presenting import ShownComment, present_comments
from consultations.queries import with_discussion
from consultations.rules import is_secretariat
from drafts.comparing import Reason, comparison_of, reasons_between
from drafts.comparison import Compared, Wording
from drafts.models import Draft

# Asked for in this round; asked for where the reader can't follow, or elsewhere; by the drafters alone.
Why = Literal["comments", "elsewhere", "drafters"]
WHYS: tuple[Why, ...] = ("comments", "elsewhere", "drafters")


@dataclass(frozen=True)
class _Applied:
    """A comment whose answer took effect in a provision of the next draft."""

    comment: int
    revision: int
    here: bool  # of this round, and the reader may know it


@dataclass(frozen=True)
class Change:
    """One provision that the next draft changed."""

    row: Compared
    why: Why
    applied: tuple[_Applied, ...] = ()


@dataclass(frozen=True)
class Changes:
    """Every provision that ``draft`` changed of the round's, in reading order. ``known`` names all of both drafts."""

    draft: Draft
    rows: list[Change] = field(default_factory=list)
    known: Mapping[str, Wording] = field(default_factory=dict)
    total: int = 0

    def of(self, why: str) -> list[Change]:
        """Those with one reason; all for anything else."""
        return [row for row in self.rows if row.why == why] if why in WHYS else self.rows

    @property
    def counts(self) -> dict[str, int]:
        return {why: len(self.of(why)) for why in WHYS}

    @property
    def revisions(self) -> int:
        """How many changes of words the round's comments led to; several may be of one provision."""
        return len({each.revision for row in self.rows for each in row.applied if each.here})


def changes_of(round: Round, user: Any) -> Changes | None:
    """What the next draft that the caller may read changed; None while there is none.

    Set against each other in the language they were written in, so that the figures are the same in every language.
    """
    draft = next_draft_of(round, user)
    if draft is None:
        return None
    comparison = comparison_of(draft, round.draft, draft.source_language)
    applied = _applied_in(draft, round, user)
    rows = [_change(row, applied) for row in comparison.provisions if row.is_marked]
    known = {row.key: row.here for row in comparison.provisions}
    return Changes(draft, rows, known, len(comparison.provisions))


def _change(row: Compared, applied: Mapping[str, list[_Applied]]) -> Change:
    keys = [row.key, *(ancestor.key for ancestor in row.ancestors)]
    found = tuple(each for key in keys for each in applied.get(key, ()))
    why: Why = "drafters" if not found else "comments" if any(e.here for e in found) else "elsewhere"
    return Change(row, why, found)


def _applied_in(draft: Draft, round: Round, user: Any) -> dict[str, list[_Applied]]:
    """By provision: every comment that its revisions name, also those that the reader may not know (one query)."""
    found: dict[str, list[_Applied]] = defaultdict(list)
    inside = is_secretariat(user, round)
    rows = AppliedChange.objects.filter(revision__provision_text__provision__draft=draft)
    for key, revision, comment, of, status, published in rows.order_by("pk").values_list(
        *("revision__provision_text__provision__key", "revision", "disposition__comment"),
        *("disposition__comment__round", "disposition__comment__status", "disposition__published_at"),
    ):
        open_to_reader = inside or (published is not None and status == Comment.Status.SUBMITTED)
        found[key].append(_Applied(comment, revision, of == round.pk and open_to_reader))
    return found


@dataclass(frozen=True)
class ShownChange:
    """A change as the page shows it: ``row`` in the reader's language where that tells it, with who asked and why."""

    row: Compared
    why: Why
    comments: list[ShownComment]
    unseen: int  # comments behind it that the reader may not read
    reasons: list[Reason]


def present_changes(
    changes: Changes, rows: Sequence[Change], round: Round, user: Any, language: str
) -> list[ShownChange]:
    """A page of changes, in a constant number of queries."""
    wanted = {each.comment for row in rows for each in row.applied}
    readable = Comment.objects.visible_to(user).filter(pk__in=wanted)
    if not is_secretariat(user, round):
        readable = readable.filter(disposition__published_at__isnull=False)
    shown = (
        {each.comment.pk: each for each in present_comments(with_discussion(readable), user) if wanted}
        if wanted
        else {}
    )
    told = _in_language(changes, round, rows, language)
    reasons = reasons_between(user, changes.draft, round.draft, [row.row for row in rows])
    found = []
    for row in rows:
        pks = list(dict.fromkeys(each.comment for each in row.applied))
        seen = [shown[pk] for pk in pks if pk in shown]
        why = reasons.get(row.row.key, [])
        found.append(ShownChange(told[row.row.key], row.why, seen, len(pks) - len(seen), why))
    return found


def _in_language(
    changes: Changes, round: Round, rows: Iterable[Change], language: str
) -> dict[str, Compared]:
    """The redlines in ``language``; of a translation that doesn't tell the change yet, that of the original."""
    found = {row.row.key: row.row for row in rows}
    if language != changes.draft.source_language:
        for row in comparison_of(changes.draft, round.draft, language).provisions:
            if row.key in found and row.change == found[row.key].change:
                found[row.key] = row
    return found
