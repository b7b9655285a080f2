"""Nominations collected elsewhere, brought in as one table."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.verdicts import Conflict, require
from experts.actions.conflicts import find_conflicts
from experts.actions.limits import lock_call, places_taken
from experts.actions.weighing import number_candidates
from experts.models import Call, Nomination, NominationMove, NominationTrait
from experts.nomination_sheet import Entry, Fate, Sheet, read_rows, wrong
from experts.receipts import receipt_of
from experts.review_rules import may_screen

S, Way, K = Nomination.State, Nomination.Way, NominationTrait.Kind
BATCH = 500
# Each step stands on the record, for a merit is given to what was found eligible.
STEPS = {
    S.SUBMITTED: ((S.DRAFT, S.SUBMITTED),),
    S.SCORED: ((S.DRAFT, S.SUBMITTED), (S.SUBMITTED, S.ELIGIBLE), (S.ELIGIBLE, S.SCORED)),
}


@dataclass(frozen=True)
class Imported:
    """What became of a table: how many went in, and every row with its fate."""

    imported: int
    entries: list[Entry]

    def to_json(self) -> dict[str, Any]:
        """As ``import_nominations`` prints it."""
        return {
            "imported": self.imported,
            "rejected": [
                {"row": entry.number, "column": each.column, "message": f"{each.what} {each.todo}".strip()}
                for entry in self.entries
                for each in entry.problems
            ],
            "standing": sum(entry.fate == Fate.STANDING for entry in self.entries),
        }


def preview_import(*, actor: Any, call: Call, sheet: Sheet) -> list[Entry]:
    """What would become of each row, if it were imported now. Refused as ``import_nominations``."""
    _check(actor, call)
    return _assess(call, read_rows(sheet, guidelines=call.guidelines))


def import_nominations(*, actor: Any, call: Call, sheet: Sheet) -> Imported:
    """Bring the rows in that can be: as entered by the secretariat, submitted, or scored where a merit is given.

    ``actor`` None: the command line. A row goes in whole or not at all; one whose address its country has nominated
    already is left out, so the same table twice imports nothing twice. Nobody is written to. Refused: ``Refusal``
    unless staff and a call for experts, ``Conflict`` once the call is decided.
    """
    with transaction.atomic():
        call = lock_call(call.pk)
        _check(actor, call)
        entries = _assess(call, read_rows(sheet, guidelines=call.guidelines))
        new = [entry for entry in entries if entry.fate == Fate.NEW]
        _write(actor, call, new)
        rejected = sum(entry.fate == Fate.WRONG for entry in entries)
        if new or rejected:
            counts = {"imported": len(new), "rejected": rejected}
            audit.record("nomination.import", call, actor=actor, changes=counts)
        if new:
            find_conflicts(call)
    return Imported(len(new), entries)


def _check(actor: Any, call: Call) -> None:
    if actor is not None:
        require(may_screen(actor, call))
    elif call.kind != Call.Kind.EXPERTS:
        raise Conflict(_("This call isn’t for experts."))
    if call.decided_at:
        raise Conflict(
            _("This call is decided: nothing is imported any more."), current={"state": call.state}
        )


def _assess(call: Call, entries: list[Entry]) -> list[Entry]:
    """The rows with what stands in the call already, and with the places that their countries have left."""
    standing = set(
        Nomination.objects.filter(call=call)
        .exclude(state__in=(S.DRAFT, S.WITHDRAWN))
        .values_list("country_id", "email")
    )
    limit, taken = call.per_country_limit, places_taken(call)
    assessed = []
    for entry in entries:
        if entry.fate == Fate.NEW and entry.country:
            country = entry.country.pk
            if (country, entry.email) in standing:
                entry = replace(entry, fate=Fate.STANDING)
            elif limit is not None and taken.get(country, 0) >= limit:
                entry = wrong(entry, "country", _full(taken[country], limit))
            else:
                taken[country] = taken.get(country, 0) + 1
        assessed.append(entry)
    return assessed


def _full(taken: int, limit: int) -> str:
    words = ngettext(
        "%(taken)d of %(limit)d place of this country is taken.",
        "%(taken)d of %(limit)d places of this country are taken.",
        limit,
    )
    return words % {"taken": taken, "limit": limit}


def _write(actor: Any, call: Call, entries: list[Entry]) -> None:
    now = timezone.now()
    rows = [
        Nomination(
            call=call,
            way=Way.ENTERED,
            state=S.SUBMITTED if entry.merit is None else S.SCORED,
            country=entry.country,
            email=entry.email,
            name=entry.name,
            gender=entry.gender,
            level_of_government=entry.level_of_government,
            created_by=actor,
            created_at=now,
            changed_at=now,
            submitted_at=now,
            merit=entry.merit,
            merit_imported=entry.merit is not None,
            imported_merit=entry.merit,
        )
        for entry in entries
    ]
    Nomination.objects.bulk_create(rows, batch_size=BATCH)
    NominationTrait.objects.bulk_create(
        (
            NominationTrait(nomination=row, kind=kind, value=value)
            for row, entry in zip(rows, entries, strict=True)
            for kind, values in ((K.EXPERTISE, entry.expertise), (K.LANGUAGE, entry.languages))
            for value in values
        ),
        batch_size=BATCH,
    )
    NominationMove.objects.bulk_create(
        (
            NominationMove(nomination=row, before=before, after=after, by=actor, on_behalf=True, at=now)
            for row in rows
            for before, after in STEPS[S(row.state)]
        ),
        batch_size=BATCH,
    )
    number_candidates([row for row in rows if row.state == S.SCORED])
    _note_receipts(rows)


def _note_receipts(rows: list[Nomination]) -> None:
    written = Nomination.objects.filter(pk__in=[row.pk for row in rows]).select_related("call")
    written = written.prefetch_related("traits", "papers__file", "answers")
    noted = []
    for row in written.order_by("pk").iterator(chunk_size=BATCH):
        assert row.submitted_at
        row.receipt = receipt_of(row, at=row.submitted_at)
        noted.append(row)
    Nomination.objects.bulk_update(noted, ["receipt"], batch_size=BATCH)
