"""Milestones brought in as a table: new ones entered, those that stand changed where the table says otherwise."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from core import audit
from core.verdicts import Conflict, require
from experts.words import words_of
from roadmap.actions.following import lock_plan
from roadmap.actions.milestones import change_milestone, create_milestone
from roadmap.milestone_rules import may_manage_milestones
from roadmap.milestone_sheet import Sheet, by_column, read_row
from roadmap.models import DATED, Cause, Milestone
from roadmap.plan import Dates


class Fate(models.TextChoices):
    NEW = "new", _lazy("Will be entered")
    CHANGED = "changed", _lazy("Will be changed")
    SAME = "same", _lazy("Stays as it is")
    WRONG = "wrong", _lazy("Can’t be read")


@dataclass
class Row:
    """What becomes of a row. ``changes`` are columns with what stood and what comes (texts or ``Dates``); ``problems``
    columns with what is wrong."""

    number: int
    title: str
    fate: Fate
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Read:
    """A row that could be read, with the milestone that it is of."""

    row: Row
    said: dict[str, Any]
    no: int | None
    milestone: Milestone | None = None


def preview_milestones(*, actor: Any, sheet: Sheet) -> list[Row]:
    """What would become of each row if it were imported now: it is, and taken back. Refused as
    ``import_milestones``."""
    with transaction.atomic():
        rows = _import(actor, sheet)
        transaction.set_rollback(True)
    return rows


def import_milestones(*, actor: Any, sheet: Sheet, seen: str | None = None) -> list[Row]:
    """Enter and change what the table says; rows that can't be read are left out. What became of each.

    A row is of the milestone with its id, else of the one with its title, else a new one; an empty cell leaves what
    stands, so the same table twice changes nothing twice. Dependencies are numbers of the table's own column ``no``,
    else of the road map. ``seen`` (``mark_of``) is what the caller was shown: ``Conflict`` where something would now
    become of the rows that they weren't shown. ``Refusal`` unless staff.
    """
    with transaction.atomic():
        rows = _import(actor, sheet)
        counts = {fate.value: sum(row.fate == fate for row in rows) for fate in Fate}
        if seen is not None and seen != mark_of(rows) and counts["new"] + counts["changed"]:
            raise Conflict(_("The road map has changed meanwhile. See anew what becomes of each row."))
        subject = next(iter(Milestone.objects.order_by("pk")), None)
        if subject is not None and counts["new"] + counts["changed"]:
            audit.record("milestone.import", subject, actor=actor, changes=counts)
    return rows


def mark_of(rows: Iterable[Row]) -> str:
    """What becomes of the rows, as a text that a form carries."""
    told = [
        (
            row.number,
            str(row.fate),
            [(column, str(before), str(after)) for column, before, after in row.changes],
            [column for column, _words in row.problems],
        )
        for row in rows
    ]
    return hashlib.sha256(repr(told).encode(errors="replace")).hexdigest()


def _import(actor: Any, sheet: Sheet) -> list[Row]:
    require(may_manage_milestones(actor))
    standing = lock_plan()
    by_id = {row.uuid: row for row in standing.values()}
    by_title = {_folded(text): row for row in standing.values() for text in words_of(row, "title").values()}
    reads: list[_Read] = []
    rows: list[Row] = []
    taken: dict[int, int] = {}
    for number, cells in sheet.rows:
        row = Row(number, next((cells[name] for name in cells if name.startswith("title_")), ""), Fate.SAME)
        rows.append(row)
        try:
            said = read_row(cells)
            milestone = _found(said, by_id, by_title)
            if milestone is not None and (first := taken.setdefault(milestone.pk, number)) != number:
                raise ValidationError(_("Row %(number)d is of the same milestone.") % {"number": first})
            no = int(cells["no"]) if cells.get("no", "").isdecimal() and len(cells["no"]) < 6 else None
            read = _Read(row, said, no, milestone)
            with transaction.atomic():
                _carry_out(actor, read, standing)
            reads.append(read)
        except ValidationError as error:
            _spoil(row, error)
    _tie(actor, reads, standing)
    return rows


def _found(
    said: dict[str, Any], by_id: dict[Any, Milestone], by_title: dict[str, Milestone]
) -> Milestone | None:
    if "id" in said:
        if said["id"] not in by_id:
            raise ValidationError(
                {"id": _("There is no milestone with this id. Leave it empty for a new one.")}
            )
        return by_id[said["id"]]
    titles = [by_title.get(_folded(text)) for text in said["titles"].values()]
    return next(filter(None, titles), None)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _carry_out(actor: Any, read: _Read, standing: dict[int, Milestone]) -> None:
    said, milestone = read.said, read.milestone
    plan = {name: said[name] for name in (*DATED, "public") if name in said}
    if "owner" in said:
        plan["owner"] = User.objects.active().filter(email=said["owner"]).first()
        if plan["owner"] is None:
            raise ValidationError({"owner": _("Nobody here has this address.")})
    words = {name: said[name] for name in ("titles", "descriptions")}
    common = {"actor": actor, "reason": said["reason"], "cause": Cause.IMPORTED, "standing": standing}
    if milestone is None:
        if "state" in said:
            plan["state"] = said["state"]
        read.milestone = create_milestone(**common, **words, **plan)
        standing[read.milestone.pk] = read.milestone
        read.row.fate = Fate.NEW
        return
    # The state is taken for a word of its own only where the table changes it.
    if "state" in said and said["state"] != milestone.state:
        plan["state"] = said["state"]
    words = {name: _new_words(milestone, name[:-1], texts) for name, texts in words.items()}
    read.row.title = read.row.title or milestone.title
    read.row.changes = _differences(milestone, words, plan)
    if read.row.changes:
        read.row.fate = Fate.CHANGED
        read.milestone = change_milestone(milestone=milestone, **common, **words, **plan)


def _new_words(milestone: Milestone, name: str, texts: dict[str, str]) -> dict[str, str]:
    """Those that say something else: a table's cells keep neither line breaks nor more than they hold."""
    present = words_of(milestone, name)
    return {
        code: text
        for code, text in texts.items()
        if " ".join(present.get(code, "").split())[: max(len(text), 1)] != text
        or (len(text) < 2000 and " ".join(present.get(code, "").split()) != text)
    }


def _differences(
    milestone: Milestone, words: dict[str, dict[str, str]], plan: dict[str, Any]
) -> list[tuple[str, Any, Any]]:
    found: list[tuple[str, Any, Any]] = []
    for name, texts in words.items():
        present = words_of(milestone, name[:-1])
        found += [(f"{name[:-1]}_{code}", present.get(code, ""), text) for code, text in texts.items()]
    for name, value in plan.items():
        before: Any = milestone.dates(name) if name in DATED else getattr(milestone, name)
        if before != value:
            shown = (before, value) if isinstance(value, Dates) else (_plain(before), _plain(value))
            found.append((str(name), *shown))
    return found


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(getattr(value, "label", None) or value or "")


def _tie(actor: Any, reads: Iterable[_Read], standing: dict[int, Milestone]) -> None:
    """Dependencies, once every row has its milestone."""
    reads = list(reads)
    by_number = {row.position: row for row in Milestone.objects.all()}
    by_number |= {read.no: read.milestone for read in reads if read.no is not None and read.milestone}
    for read in reads:
        if "depends_on" not in read.said or read.milestone is None:
            continue
        numbers = read.said["depends_on"]
        try:
            if unknown := [n for n in numbers if n not in by_number]:
                told = _("There is no milestone with the number %(number)d.") % {"number": unknown[0]}
                raise ValidationError({"depends_on": told})
            wanted = [by_number[number] for number in numbers]
            present = set(read.milestone.dependencies.values_list("on", flat=True))
            if {each.pk for each in wanted} == present:
                continue
            before = [n for n, row in by_number.items() if row.pk in present]
            with transaction.atomic():
                change_milestone(actor=actor, milestone=read.milestone, depends_on=wanted, standing=standing)
        except ValidationError as error:
            # What else the row says may stand; it is told what of it didn't.
            read.row.problems += by_column(error)
            read.row.fate = Fate.WRONG if read.row.fate == Fate.SAME else read.row.fate
        else:
            was, is_now = ("; ".join(map(str, sorted(each))) for each in (before, numbers))
            read.row.changes.append(("depends_on", was, is_now))
            read.row.fate = Fate.CHANGED if read.row.fate == Fate.SAME else read.row.fate


def _spoil(row: Row, error: ValidationError) -> None:
    row.fate, row.changes, row.problems = Fate.WRONG, [], by_column(error)
