"""The figures of an account, without words: what page, table and API show, so that they can't differ."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F
from django.utils import timezone

from consultations.giving_account.answers import changed_later
from consultations.giving_account.changes import Changes, changes_of
from consultations.giving_account.invited import Invited, invited_to, organisations_of
from consultations.models import Comment, Disposition, Round, Tally
from consultations.queries import cells_by_dimension
from consultations.rules import is_staff

# In this order everywhere; the last holds what isn't answered.
OUTCOMES = (*Disposition.Outcome.values, "")
# The draft as a whole, its pillars, and what stands outside them.
PARTS = ("whole", *(str(n) for n in range(1, 9)), "other")
WHO = ("region", "stakeholder", "language")
SET_ASIDE = (Comment.Status.HIDDEN, Comment.Status.LATE, Comment.Status.WITHDRAWN)
MOST_REASONS = 50


@dataclass(frozen=True)
class Spoke:
    """How many people of one region, group or language took part, and how many comments they made."""

    key: str
    people: int
    comments: int


@dataclass(frozen=True)
class Figures:
    """``outcomes`` and the values of ``parts`` count comments by outcome, "" for those without an answer that counts;
    ``days`` is the median from submission to the published answer; ``left_out`` are comments in no row of a table."""

    as_of: datetime
    comments: int
    participants: int
    proposals: int
    organisations: int | None
    invited: Invited | None
    outcomes: Counter[str]
    parts: dict[str, Counter[str]]
    days: int | None
    who: dict[str, list[Spoke]]
    left_out: dict[str, int]
    set_aside: Counter[str]
    hidden_reasons: list[tuple[str, int]] = field(default_factory=list)
    changes: Changes | None = None
    # Whether cells of fewer than three people are kept from the reader: none then is not nobody.
    guarded: bool = False

    @property
    def answered(self) -> int:
        return sum(n for outcome, n in self.outcomes.items() if outcome)

    @property
    def accepted(self) -> int:
        """Accepted, wholly or in part."""
        return sum(self.outcomes[outcome] for outcome in Disposition.TAKEN_UP)

    @property
    def unanswered(self) -> int:
        return self.outcomes[""]


def figures_of(round: Round, user: Any) -> Figures:
    """A round's figures as the caller may know them, from the tallies, in a constant number of queries."""
    cells = cells_by_dimension(round, user, ("total", "disposition", "part", "wait", *WHO))
    total = cells["total"][0] if "total" in cells else Tally()
    who = {name: [Spoke(c.key, c.participants, c.comments) for c in cells.get(name, [])] for name in WHO}
    set_aside, reasons = _set_aside(round)
    return Figures(
        as_of=timezone.now(),
        comments=total.comments,
        participants=total.participants,
        proposals=total.proposals,
        organisations=organisations_of(round, user),
        invited=invited_to(round, user),
        outcomes=Counter({cell.key: cell.comments for cell in cells.get("disposition", [])}),
        parts=_parts(cells.get("part", [])),
        days=median_of_days(cells.get("wait", [])),
        who=who,
        left_out={
            name: max(total.comments - sum(row.comments for row in rows), 0) for name, rows in who.items()
        },
        set_aside=set_aside,
        hidden_reasons=reasons,
        changes=changes_of(round, user),
        guarded=round.anonymous and not is_staff(user, round),
    )


def parts_of(round: Round, user: Any) -> dict[str, Counter[str]]:
    """By part of the draft, in its order: how many comments there are of each outcome (one query)."""
    return _parts(cells_by_dimension(round, user, ("part",)).get("part", []))


def _parts(cells: list[Tally]) -> dict[str, Counter[str]]:
    """By part in the order of the draft; those on which nobody spoke are left out."""
    found: dict[str, Counter[str]] = {}
    for cell in cells:
        part, _colon, outcome = cell.key.partition(":")
        found.setdefault(part, Counter())[outcome] = cell.comments
    return {part: found[part] for part in PARTS if part in found}


def median_of_days(cells: list[Tally]) -> int | None:
    """The median wait of all answered comments in whole days: within so many, at least half had their answer."""
    waits = sorted((int(cell.key), cell.comments) for cell in cells if cell.key)
    half = (sum(comments for _days, comments in waits) + 1) // 2
    passed = 0
    for days, comments in waits:
        passed += comments
        if passed >= half:
            return days
    return None


def _set_aside(round: Round) -> tuple[Counter[str], list[tuple[str, int]]]:
    """What was sent and isn't counted, by state, and why comments are hidden (two queries)."""
    aside = Comment.objects.filter(round=round, status__in=SET_ASIDE).order_by()
    counts = Counter(dict(aside.values_list("status").annotate(n=Count("pk"))))
    if not counts[Comment.Status.HIDDEN]:
        return counts, []
    hidden = aside.filter(status=Comment.Status.HIDDEN).values_list("hidden_reason")
    return counts, list(hidden.annotate(n=Count("pk")).order_by("-n", "hidden_reason")[:MOST_REASONS])


@dataclass(frozen=True)
class Later:
    """What happened to the answers after the account was given: ``latest`` are some of them, newest first."""

    changed: int = 0
    added: int = 0
    latest: list[Disposition] = field(default_factory=list)


MOST_LATER = 10


def later_than_given(round: Round) -> Later:
    """Answers changed, or first given, after the round's were published (three queries at most). When a round is
    published all its answers are: whatever is newer was decided later."""
    if not round.published_at:
        return Later()
    newer = Disposition.objects.filter(
        comment__round=round,
        comment__status=Comment.Status.SUBMITTED,
        published_at__isnull=False,
        decided_at__gt=round.published_at,
    )
    latest = list(newer.select_related("comment__provision").order_by("-decided_at", "-pk")[: MOST_LATER + 1])
    if len(latest) > MOST_LATER:
        changed = newer.filter(decided_at__gt=F("published_at")).count()
        added = newer.count() - changed
    else:
        changed = sum(1 for each in latest if changed_later(each))
        added = len(latest) - changed
    return Later(changed, added, latest[:MOST_LATER])


@dataclass(frozen=True)
class Missing:
    """What an account that isn't given yet lacks: comments without an answer, answers that wait to be published."""

    unanswered: int
    unpublished: int
    unexplained: int  # provisions changed that name no comment, nor a reason known here


def missing_of(round: Round, figures: Figures) -> Missing:
    """For the secretariat, which sees unpublished answers counted as answers (one query)."""
    waiting = Disposition.objects.filter(comment__round=round, published_at__isnull=True)
    waiting = waiting.filter(comment__status__in=(Comment.Status.SUBMITTED, Comment.Status.HIDDEN))
    unexplained = figures.changes.counts["drafters"] if figures.changes else 0
    return Missing(figures.unanswered, waiting.count(), unexplained)
