"""Keeping the tallies: a comment's contribution is compared with what was counted, the difference is added.

So an event that comes twice, late or out of order changes nothing, and one lost in a crash is made up for.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from consultations.models import Comment, Disposition, Position, Round, Tally, TallyParticipant
from drafts.models import Provision

Cell = tuple[str, str, str]  # audience, dimension, key
MEASURES = ("comments", "participants", "proposals", "support", "oppose")
COUNTED_STATUSES = {
    Tally.Audience.READERS: {Comment.Status.SUBMITTED},
    Tally.Audience.STAFF: {Comment.Status.SUBMITTED, Comment.Status.HIDDEN},
}


def contribution_of(comment: Comment, voices: Counter[str]) -> dict[str, Any]:
    """What ``comment`` adds to the tallies now: ``{"cells": [[audience, dimension, key]…], measures…}``.

    ``voices`` counts its positions. Empty where it counts nowhere (drafts, withdrawn, late).
    """
    cells: list[list[str]] = []
    disposition = getattr(comment, "disposition", None)
    for audience, statuses in COUNTED_STATUSES.items():
        if comment.status not in statuses:
            continue
        outcome = ""
        if disposition and (disposition.published_at or audience == Tally.Audience.STAFF):
            outcome = disposition.outcome
        provision = comment.provision
        keys = {
            "total": "",
            "provision": provision.key if provision else "",
            "pillar": str(provision.pillar or "") if provision else "",
            "kind": comment.kind,
            "region": comment.region,
            "stakeholder": comment.stakeholder_group,
            "disposition": outcome,
            "language": comment.language,
            "day": day_of(comment.submitted_at),
            "part": f"{part_of(provision)}:{outcome}",
            "wait": days_waited(comment, disposition),
        }
        cells += [[str(audience), dimension, key] for dimension, key in keys.items()]
    if not cells:
        return {}
    return {
        "cells": sorted(cells),
        # Whoever enters what others said takes no part by it.
        "author": None if comment.entered_by_id else comment.author_id,
        "proposals": int(bool(comment.proposed_text)),
        "support": voices["support"],
        "oppose": voices["oppose"],
    }


def day_of(at: datetime | None) -> str:
    """The day of ``at`` in the secretariat's zone (``2026-11-17``): its days begin and end rounds."""
    return at.astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE)).date().isoformat() if at else ""


def part_of(provision: Provision | None) -> str:
    """The part of a draft that a comment is on: a pillar's number, ``other`` outside them, ``whole`` for all of it."""
    if provision is None:
        return "whole"
    return str(provision.pillar or "other")


def days_waited(comment: Comment, disposition: Disposition | None) -> str:
    """Whole days from a comment's submission to its published answer; "" where it has none."""
    if disposition is None or not disposition.published_at or not comment.submitted_at:
        return ""
    return str(max((disposition.published_at - comment.submitted_at).days, 0))


def tally_comment(*, comment_id: int) -> bool:
    """Bring the tallies in step with one comment. Returns whether anything changed. Safe to repeat.

    The round's row is locked, so that two workers never compare with the same old count; submitting doesn't
    wait for it (it takes no lock that conflicts).
    """
    with transaction.atomic():
        round_id = Comment.objects.filter(pk=comment_id).values_list("round_id", flat=True).first()
        if round_id is None:
            return False
        _lock_round(round_id)
        comment = Comment.objects.select_related("provision", "disposition").get(pk=comment_id)
        now, before = contribution_of(comment, _voices([comment_id])[comment_id]), comment.counted
        if now == before:
            return False
        differences: dict[Cell, Counter[str]] = defaultdict(Counter)
        people: Counter[tuple[Cell, int]] = Counter()
        for sign, contribution in ((-1, before), (1, now)):
            for cell, measures in _spread(contribution):
                differences[cell].update({name: sign * value for name, value in measures.items()})
                if contribution["author"] is not None:
                    people[(cell, contribution["author"])] += sign
        for cell, newcomers in _count_people(round_id, people).items():
            differences[cell]["participants"] += newcomers
        _add(round_id, differences)
        # ``update`` and not ``save``: only this action writes the column, and nothing else of the row.
        Comment.objects.filter(pk=comment_id).update(counted=now)
    return True


def recount_round(*, round_id: int) -> int:
    """Recompute a round's tallies from its comments. Returns how many cells were wrong (drift).

    A comment whose event is still on its way is counted too, but it is late and not wrong: drift compares
    the tallies with what was booked for each comment.
    """
    with transaction.atomic():
        _lock_round(round_id)
        booked, cells = _Sums(), _Sums()
        last = 0
        while chunk := _chunk(round_id, after=last):
            last = chunk[-1].pk
            voices = _voices([comment.pk for comment in chunk])
            late = []
            for comment in chunk:
                now = contribution_of(comment, voices[comment.pk])
                booked.add(comment.counted)
                cells.add(now)
                if now != comment.counted:
                    comment.counted = now
                    late.append(comment)
            Comment.objects.bulk_update(late, ["counted"], batch_size=200)
        standing = {
            (row.audience, row.dimension, row.key): [getattr(row, name) for name in MEASURES]
            for row in Tally.objects.filter(round_id=round_id)
        }
        should = booked.measures()
        nothing = [0] * len(MEASURES)
        drift = [c for c in {*should, *standing} if should.get(c, nothing) != standing.get(c, nothing)]
        if drift or cells.measures() != should:
            _replace(round_id, cells)
    return len(drift)


class _Sums:
    """Cells summed up in memory."""

    def __init__(self) -> None:
        self.cells: dict[Cell, Counter[str]] = defaultdict(Counter)
        self.people: Counter[tuple[Cell, int]] = Counter()

    def add(self, contribution: dict[str, Any]) -> None:
        for cell, measures in _spread(contribution):
            self.cells[cell].update(measures)
            if contribution["author"] is None:
                continue
            author = (cell, contribution["author"])
            if not self.people[author]:
                self.cells[cell]["participants"] += 1
            self.people[author] += 1

    def measures(self) -> dict[Cell, list[int]]:
        return {cell: [sums[name] for name in MEASURES] for cell, sums in self.cells.items()}


def _chunk(round_id: int, *, after: int, size: int = 2000) -> list[Comment]:
    comments = Comment.objects.filter(round_id=round_id, pk__gt=after).select_related(
        "provision", "disposition"
    )
    return list(comments.order_by("pk")[:size])


def _voices(comment_ids: list[int]) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    positions = Position.objects.filter(comment__in=comment_ids).values_list("comment_id", "position")
    for comment_id, position in positions:
        found[comment_id][position] += 1
    return found


def _lock_round(round_id: int) -> None:
    """Serialise the round's tallying. ``no_key`` leaves inserts of comments (foreign keys) alone."""
    list(Round.objects.select_for_update(no_key=True).filter(pk=round_id).values_list("pk"))


def _spread(contribution: dict[str, Any]) -> Iterator[tuple[Cell, dict[str, int]]]:
    for audience, dimension, key in contribution.get("cells", []):
        measures = {name: contribution[name] for name in ("proposals", "support", "oppose")}
        yield (audience, dimension, key), {"comments": 1, **measures}


def _count_people(round_id: int, people: Counter[tuple[Cell, int]]) -> Counter[Cell]:
    """Book who speaks in which cell; returns per cell how many people came (+) or went (-)."""
    moves = sorted((cell, author, change) for (cell, author), change in people.items() if change)
    if not moves:
        return Counter()
    values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(moves))
    parameters: list[Any] = [x for cell, author, change in moves for x in (round_id, *cell, author, change)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consultations_tallyparticipant AS t"  # noqa: S608 only counts of placeholders go in
            " (round_id, audience, dimension, key, author_id, comments)"
            f" VALUES {values} ON CONFLICT (round_id, audience, dimension, key, author_id)"
            " DO UPDATE SET comments = t.comments + excluded.comments"
            " RETURNING audience, dimension, key, author_id, comments",
            parameters,
        )
        now = {((a, d, k), author): comments for a, d, k, author, comments in cursor.fetchall()}
    came: Counter[Cell] = Counter()
    for cell, author, change in moves:
        after = now[(cell, author)]
        came[cell] += (after > 0) - (after - change > 0)
    return came


def _add(round_id: int, differences: dict[Cell, Counter[str]]) -> None:
    """Add differences to the cells in one statement, always in the same order."""
    rows = [(cell, measures) for cell, measures in sorted(differences.items()) if any(measures.values())]
    if not rows:
        return
    values = ", ".join([f"({', '.join(['%s'] * (4 + len(MEASURES)))})"] * len(rows))
    sums = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in MEASURES)
    parameters: list[Any] = [
        x for cell, m in rows for x in (round_id, *cell, *(m[name] for name in MEASURES))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consultations_tally AS t"  # noqa: S608 only names of ours and placeholders go in
            f" (round_id, audience, dimension, key, {', '.join(MEASURES)})"
            f" VALUES {values} ON CONFLICT (round_id, audience, dimension, key) DO UPDATE SET {sums}",
            parameters,
        )


def _replace(round_id: int, sums: _Sums) -> None:
    Tally.objects.filter(round_id=round_id).delete()
    TallyParticipant.objects.filter(round_id=round_id).delete()
    Tally.objects.bulk_create(
        (
            Tally(round_id=round_id, audience=a, dimension=d, key=k, **{name: m[name] for name in MEASURES})
            for (a, d, k), m in sorted(sums.cells.items())
        ),
        batch_size=500,
    )
    TallyParticipant.objects.bulk_create(
        (
            TallyParticipant(round_id=round_id, audience=a, dimension=d, key=k, author_id=author, comments=n)
            for ((a, d, k), author), n in sorted(sums.people.items())
        ),
        batch_size=500,
    )
