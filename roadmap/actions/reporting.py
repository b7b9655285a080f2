"""Reporting periods and what is reported on each resolution in them, until the period is closed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.six_languages import Words, check_length, set_words, words_of
from core.verdicts import require
from core.words import clean_words
from roadmap.actions.milestone_dates import today
from roadmap.actions.resolutions import FIRST_YEAR, LAST_YEAR, PARAGRAPH_NUMBER, check_version
from roadmap.funding_queries import funding_position
from roadmap.models import EntryLine, ReportingPeriod, Resolution, ResolutionEntry
from roadmap.report_proposals import Proposal, proposals_for
from roadmap.resolution_rules import may_change_period, may_manage_resolutions

LONGEST_LINE, LONGEST_REASON, MOST_LINES = 6000, 2000, 200
# What the first page of a report says, in six languages: longest texts.
HEAD = {"session": 200, "venue": 200, "agenda_item": 300, "introduction": 6000}
MOST_MONEY = Decimal("99999999999999.99")


def open_period(*, actor: Any, year: int, half: int, symbol: str = "", **head: Words) -> ReportingPeriod:
    """A half-year to report on, with an entry for each resolution, whose status is that of the period before.

    ``head``: ``HEAD`` by language. ``Refusal`` unless staff; ``ValidationError`` by field, also where the period is
    here or another is still open.
    """
    require(may_manage_resolutions(actor))
    if half not in (1, 2) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError({"year": _("Give a year, and its first or second half.")})
    with transaction.atomic():
        # Locked, then read: what was opened while this waited for the lock isn't among the rows that it locked.
        list(ReportingPeriod.objects.select_for_update(of=("self",)).values_list("pk"))
        periods = list(ReportingPeriod.objects.all())
        if any((row.year, row.half) == (year, half) for row in periods):
            raise ValidationError({"year": _("This period is here already.")})
        if any(not row.is_closed for row in periods):
            raise ValidationError({"year": _("Close the period that is open first.")})
        period = ReportingPeriod(year=year, half=half, created_by=actor)
        _set_head(period, symbol, head)
        period.save()
        earlier = [row for row in periods if (row.year, row.half) < (year, half)]
        before = max(earlier, key=lambda row: (row.year, row.half), default=None)
        stood = dict(before.entries.values_list("resolution", "status")) if before else {}
        ResolutionEntry.objects.bulk_create(
            ResolutionEntry(
                period=period,
                resolution=resolution,
                status=stood.get(resolution.pk, ResolutionEntry.Status.NOT_BEGUN),
                counted=resolution.guidelines_id is not None,
            )
            for resolution in Resolution.objects.all()
        )
        audit.record("period.open", period, actor=actor, changes={"period": period.code})
    return period


def change_period(
    *,
    actor: Any,
    period: ReportingPeriod,
    version: int | None = None,
    symbol: str | None = None,
    **head: Words,
) -> ReportingPeriod:
    """Change what the report's first page says. Refused once the period is closed."""
    with transaction.atomic():
        period = lock_period(actor, period)
        check_version(period, version)
        _set_head(period, symbol, head)
        period.version += 1
        period.save()
        audit.record("period.change", period, actor=actor, changes={"named": sorted(head)})
    return period


def lock_period(actor: Any, period: ReportingPeriod) -> ReportingPeriod:
    """The period, locked: whoever writes into it waits here. ``Refusal`` unless staff, and once it is closed."""
    period = ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    require(may_change_period(actor, period))
    return period


def _set_head(period: ReportingPeriod, symbol: str | None, head: dict[str, Words]) -> None:
    if strange := set(head) - set(HEAD):
        raise TypeError(f"A period has no {', '.join(sorted(strange))}.")
    if symbol is not None:
        if len(symbol) > 40:
            raise ValidationError({"symbol": _("At most %(limit)d characters.") % {"limit": 40}})
        period.symbol = clean_words(symbol)
    for name, words in head.items():
        try:
            check_length(words, HEAD[name])
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from None
        set_words(period, name, words)


def change_entry(
    *,
    actor: Any,
    entry: ResolutionEntry,
    version: int | None = None,
    status: str | None = None,
    **money: Any,
) -> ResolutionEntry:
    """Change where a resolution stands. ``money``: ``required`` and ``mobilised`` (decimals or None), ``currency``,
    ``counted`` (the portal's own figures as of the period's end instead)."""
    if strange := set(money) - {"required", "mobilised", "currency", "counted"}:
        raise TypeError(f"An entry has no {', '.join(sorted(strange))}.")
    with transaction.atomic():
        lock_period(actor, entry.period)
        entry = ResolutionEntry.objects.select_related("period", "resolution__guidelines").get(pk=entry.pk)
        check_version(entry, version)
        if status is not None:
            if status not in ResolutionEntry.Status.values:
                raise ValidationError({"status": _("There is no such status.")})
            entry.status = status
        _set_money(entry, money)
        entry.version += 1
        entry.save()
        audit.record("entry.change", entry, actor=actor, changes={"status": entry.status})
    return entry


def _set_money(entry: ResolutionEntry, money: dict[str, Any]) -> None:
    for name in ("required", "mobilised"):
        amount = money.get(name)
        if amount is not None and not 0 <= amount <= MOST_MONEY:
            raise ValidationError({name: _("Give an amount that isn’t below nothing.")})
    for name, value in money.items():
        setattr(entry, name, value)
    if len(entry.currency) != 3 or not entry.currency.isascii() or not entry.currency.isupper():
        raise ValidationError({"currency": _("Give the currency by its three letters, such as USD.")})
    if entry.counted and entry.resolution.guidelines_id is None:
        raise ValidationError({"counted": _("The portal keeps no account of this resolution’s funding.")})
    if entry.counted:
        count_funding(entry, at=min(entry.period.ends, today()))


def count_funding(entry: ResolutionEntry, *, at: date) -> None:
    """Set the entry's money to the portal's figures as of ``at``; doesn't save."""
    guidelines = entry.resolution.guidelines
    assert guidelines is not None
    position = funding_position(guidelines, at=at)
    entry.required, entry.mobilised = position.required, position.mobilised
    entry.currency = position.currency


# --- Lines: what was done, is foreseen, stands in the way --------------------------------------------------


def add_line(
    *,
    actor: Any,
    entry: ResolutionEntry,
    kind: str,
    words: Words,
    operative: Iterable[str] = (),
    corrects: EntryLine | None = None,
) -> EntryLine:
    """Something that the portal doesn't know, in a person's words. ``corrects``: a line of an earlier, closed period
    on the same resolution, which this one puts right."""
    with transaction.atomic():
        lock_period(actor, entry.period)
        if corrects is not None:
            _check_correction(entry, corrects)
        line = EntryLine(entry=entry, kind=_kind(kind), corrects=corrects)
        _decide(line, actor)
        _set_line(line, words, operative)
        line.position = _last(entry) + 1
        line.save()
        audit.record("entry.add", entry, actor=actor, changes={"kind": kind, "line": str(line.uuid)})
    return line


def _check_correction(entry: ResolutionEntry, corrects: EntryLine) -> None:
    other = ResolutionEntry.objects.select_related("period").get(pk=corrects.entry_id)
    earlier = (other.period.year, other.period.half) < (entry.period.year, entry.period.half)
    if other.resolution_id != entry.resolution_id or not earlier or not other.period.is_closed:
        raise ValidationError(
            {"corrects": _("Choose something that an earlier, closed period reports on this resolution.")}
        )


def take_proposal(
    *,
    actor: Any,
    entry: ResolutionEntry,
    source: str,
    words: Words | None = None,
    operative: Iterable[str] = (),
) -> EntryLine:
    """Tell what the portal proposes, in its words or others. What was taken before is answered with what stands; what
    was left out is told after all."""
    with transaction.atomic():
        lock_period(actor, entry.period)
        standing = entry.lines.filter(source=source).first()
        if standing is not None and not standing.left_out:
            return standing
        proposal = _proposed(entry, source)
        line = standing or EntryLine(entry=entry, source=source, position=_last(entry) + 1)
        line.kind, line.figures = proposal.kind, proposal.figures
        line.left_out, line.reason = False, ""
        _decide(line, actor)
        _set_line(line, {**proposal.words, **(words or {})}, operative)
        line.save()
        audit.record("entry.take", entry, actor=actor, changes={"source": source})
    return line


def leave_out(*, actor: Any, entry: ResolutionEntry, source: str, reason: str) -> EntryLine:
    """Say that the report is silent on what the portal proposes, and why."""
    reason = clean_words(reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise ValidationError(
            {"reason": _("Say why, in at most %(limit)d characters.") % {"limit": LONGEST_REASON}}
        )
    with transaction.atomic():
        lock_period(actor, entry.period)
        line = entry.lines.filter(source=source).first()
        if line is None:
            proposal = _proposed(entry, source)
            line = EntryLine(entry=entry, source=source, position=_last(entry) + 1)
            line.kind, line.figures = proposal.kind, proposal.figures
            set_words(line, "text", proposal.words)
        line.left_out, line.reason = True, reason
        _decide(line, actor)
        line.save()
        audit.record("entry.leave_out", entry, actor=actor, changes={"source": source})
    return line


def word_line(
    *,
    actor: Any,
    line: EntryLine,
    version: int | None = None,
    words: Words | None = None,
    operative: Iterable[str] | None = None,
) -> EntryLine:
    """Other words for what is told, or other operative paragraphs."""
    with transaction.atomic():
        lock_period(actor, line.entry.period)
        line = EntryLine.objects.select_related("entry__period").get(pk=line.pk)
        check_version(line, version)
        _set_line(line, words or {}, line.operative if operative is None else operative)
        _decide(line, actor)
        line.version += 1
        line.save()
        audit.record("entry.word", line.entry, actor=actor, changes={"line": str(line.uuid)})
    return line


def remove_line(*, actor: Any, line: EntryLine) -> None:
    """Take a line away. What the portal proposed is then proposed again."""
    with transaction.atomic():
        lock_period(actor, line.entry.period)
        removed, _by_kind = EntryLine.objects.filter(pk=line.pk).delete()
        if removed:
            audit.record("entry.remove", line.entry, actor=actor, changes={"line": str(line.uuid)})


def _proposed(entry: ResolutionEntry, source: str) -> Proposal:
    entry = ResolutionEntry.objects.select_related("period", "resolution__guidelines").get(pk=entry.pk)
    found = next((each for each in proposals_for(entry, at=today()) if each.source == source), None)
    if found is None:
        raise ValidationError({"source": _("The portal knows nothing of the kind in this period.")})
    return found


def _kind(kind: str) -> str:
    if kind not in EntryLine.Kind.values:
        raise ValidationError({"kind": _("There is no such kind.")})
    return kind


def _decide(line: EntryLine, actor: Any) -> None:
    line.decided_by, line.decided_at = actor, timezone.now()


def _last(entry: ResolutionEntry) -> int:
    positions = list(entry.lines.values_list("position", flat=True))
    if len(positions) >= MOST_LINES:
        raise ValidationError(_("At most %(limit)d entries on a resolution.") % {"limit": MOST_LINES})
    return max(positions, default=0)


def _set_line(line: EntryLine, words: Words, operative: Iterable[str]) -> None:
    try:
        check_length(words, LONGEST_LINE)
    except ValidationError as error:
        raise ValidationError({"text": error.messages}) from None
    set_words(line, "text", words)
    if not words_of(line, "text"):
        raise ValidationError({"text": _("Write it in one language at least.")})
    numbers = list(dict.fromkeys(clean_words(number) for number in operative))
    if wrong := next((number for number in numbers if not PARAGRAPH_NUMBER.fullmatch(number)), None):
        raise ValidationError(
            {"operative": _("“%(number)s” isn’t a number such as 3 or 1 (a).") % {"number": wrong[:40]}}
        )
    line.operative = numbers[:30]
