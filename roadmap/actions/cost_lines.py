"""The cost estimate: lines entered, changed with a reason, dropped and taken up again, put in order."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.punctuation import listed
from core.six_languages import Words, check_length, set_words, words_of
from core.verdicts import Conflict, require
from drafts.models import Guidelines
from roadmap.actions.accounting import check_amount, check_day, lock_budget, said, text_of
from roadmap.actions.milestone_dates import today
from roadmap.funding_rules import may_manage_funding
from roadmap.ledger import CENT, NOTHING, cents
from roadmap.models import BASE, CostChange, CostLine
from roadmap.rates import in_usd

LONGEST_TITLE, LONGEST_UNIT = 200, 80
MOST_OF = Decimal(10) ** 8
# What changes the estimate, and what only describes it.
ESTIMATE = ("quantity", "unit_cost", "currency", "dropped")
PLACE = ("kind", "milestone")


def add_line(
    *,
    actor: Any,
    guidelines: Guidelines,
    titles: Words,
    quantity: Decimal,
    unit_cost: Decimal,
    currency: str = BASE,
    units: Words | None = None,
    on: date | None = None,
    reason: str = "",
    uuid: UUID | None = None,
    **place: Any,
) -> CostLine:
    """A line at the end of the order of priority, estimated so from ``on`` (today) on.

    ``place``: ``kind`` and ``milestone``. ``uuid`` makes it one, sent twice. ``Refusal`` unless staff;
    ``ValidationError`` by field, also where no rate turns its currency into dollars.
    """
    require(may_manage_funding(actor))
    _check_names(place, PLACE)
    uuid = uuid or uuid4()
    with transaction.atomic():
        lock_budget(guidelines)
        if (standing := CostLine.objects.filter(uuid=uuid, guidelines=guidelines).first()) is not None:
            return standing
        last = CostLine.objects.filter(guidelines=guidelines).aggregate(last=Max("priority"))["last"] or 0
        line = CostLine(
            uuid=uuid,
            guidelines=guidelines,
            priority=last + 1,
            created_by=actor,
            created_at=timezone.now(),
        )
        _set_words(line, titles, units or {})
        _set_place(line, {"kind": CostLine.Kind.OTHER, **place})
        estimate = {"quantity": quantity, "unit_cost": unit_cost, "currency": currency, "dropped": False}
        change = _estimated(line, estimate, on=on or today(), reason=said("reason", reason), by=actor)
        line.save()
        change.line = line
        change.save()
        audit.record("funding.add_line", line, actor=actor, changes=_noted(estimate | place))
    return line


def change_line(
    *,
    actor: Any,
    line: CostLine,
    version: int | None = None,
    titles: Words | None = None,
    units: Words | None = None,
    on: date | None = None,
    reason: str = "",
    **fields: Any,
) -> CostLine:
    """Change what is named (``ESTIMATE``, ``PLACE``, words); the rest stays.

    Another estimate holds from ``on`` (today) on, needs a reason, and is kept beside those before it; a currency is
    turned into dollars by the rate of that day. Nothing new leaves no trace. ``Refusal`` unless staff; ``Conflict``
    where somebody changed it since ``version``; ``ValidationError`` by field.
    """
    require(may_manage_funding(actor))
    _check_names(fields, (*ESTIMATE, *PLACE))
    with transaction.atomic():
        lock_budget(line.guidelines)
        line = CostLine.objects.select_related("milestone").get(pk=line.pk)
        if version is not None and line.version != version:
            raise Conflict(_("This has changed since you opened it."), current={"version": line.version})
        before = _state(line)
        _set_words(line, titles or {}, units or {})
        _set_place(line, fields)
        estimate = {name: fields.get(name, getattr(line, name)) for name in ESTIMATE}
        if any(estimate[name] != getattr(line, name) for name in ESTIMATE):
            why = said("reason", reason, needed=_("Say why the estimate changes."))
            _estimated(line, estimate, on=on or today(), reason=why, by=actor).save()
            _take_last(line)
        elif _state(line) == before:
            return line
        line.version += 1
        line.save()
        audit.record("funding.change_line", line, actor=actor, changes=_noted(fields))
    return line


def order_lines(*, actor: Any, guidelines: Guidelines, order: Mapping[int, int]) -> list[CostLine]:
    """Put the lines in the order in which money is to be spent: ``order`` gives places to the keys of lines; those of
    one place, and those that aren't named, keep the order that they have. ``Refusal`` unless staff."""
    require(may_manage_funding(actor))
    with transaction.atomic():
        lock_budget(guidelines)
        lines = list(CostLine.objects.filter(guidelines=guidelines))
        # A line that comes to another's place pushes that one on: upward it goes before, downward behind it.
        lines.sort(key=lambda line: _place_of(line, order))
        moved = [line for number, line in enumerate(lines, 1) if line.priority != number]
        for number, line in enumerate(lines, 1):
            line.priority = number
        if moved:
            CostLine.objects.bulk_update(moved, ["priority"])
            audit.record("funding.order_lines", guidelines, actor=actor)
    return lines


def _place_of(line: CostLine, order: Mapping[int, int]) -> tuple[int, int, int]:
    wanted = order.get(line.pk, line.priority)
    way = (wanted > line.priority) - (wanted < line.priority)
    return wanted, way, line.priority


def _estimated(line: CostLine, estimate: Mapping[str, Any], *, on: date, reason: str, by: Any) -> CostChange:
    """The change to keep, not saved yet; the line takes its columns."""
    check_day(on)
    quantity: Decimal = estimate["quantity"]
    if not quantity.is_finite() or quantity != quantity.quantize(CENT) or not NOTHING < quantity < MOST_OF:
        raise ValidationError({"quantity": _("Give a number above nothing, with two decimals at most.")})
    unit_cost = check_amount("unit_cost", estimate["unit_cost"], least=NOTHING)
    currency = str(estimate["currency"]).strip().upper() or BASE
    amount, rate = in_usd(check_amount("unit_cost", cents(quantity * unit_cost), least=NOTHING), currency, on)
    line.quantity, line.unit_cost, line.currency = quantity, unit_cost, currency
    line.amount_usd, line.rate, line.dropped = amount, rate, bool(estimate["dropped"])
    return CostChange(
        line=line,
        on=on,
        quantity=quantity,
        unit_cost=unit_cost,
        currency=currency,
        amount_usd=amount,
        rate=rate,
        dropped=line.dropped,
        reason=reason,
        by=by,
        at=timezone.now(),
    )


def _take_last(line: CostLine) -> None:
    """The columns say what the change with the latest day says: one may be entered for an earlier day."""
    last = line.changes.order_by("on", "pk").last()
    assert last is not None
    for name in (*ESTIMATE, "amount_usd", "rate"):
        setattr(line, name, getattr(last, name))


def _set_words(line: CostLine, titles: Words, units: Words) -> None:
    set_words(line, "title", titles)
    set_words(line, "unit", units)
    errors = {}
    if not words_of(line, "title"):
        errors["title"] = _("Give the line a name.")
    for field, limit in (("title", LONGEST_TITLE), ("unit", LONGEST_UNIT)):
        try:
            check_length(words_of(line, field), limit)
        except ValidationError as error:
            errors[field] = str(error.message)
    if errors:
        raise ValidationError(errors)


def _set_place(line: CostLine, fields: Mapping[str, Any]) -> None:
    if "kind" in fields:
        if fields["kind"] not in CostLine.Kind.values:
            choices = {"choices": listed(CostLine.Kind.values)}
            raise ValidationError({"kind": _("Choose one of: %(choices)s.") % choices})
        line.kind = fields["kind"]
    if "milestone" in fields:
        line.milestone = fields["milestone"]


def _state(line: CostLine) -> tuple[Any, ...]:
    return words_of(line, "title"), words_of(line, "unit"), line.kind, line.milestone_id


def _noted(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: text_of(value) for name, value in fields.items()}


def _check_names(fields: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if unknown := set(fields) - set(known):
        raise TypeError(f"not of a cost line: {sorted(unknown)}")
