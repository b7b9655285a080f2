"""Preparing calls and changing them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Group
from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict, require
from core.words import clean_words
from drafts.models import Guidelines
from experts.actions.call_parts import Part, set_criteria, set_papers, set_questions
from experts.actions.call_promises import broken_promises, scoring_began
from experts.actions.limits import lock_call
from experts.actions.weighing import weigh_call
from experts.models import Call
from experts.panel_group import CHOSEN_FOR
from experts.rules import may_manage_calls
from experts.words import Words, check_length, set_words, words_of
from experts.zones import is_zone

LONGEST_TITLE, LONGEST_TERMS, LONGEST_REASON = 200, 20_000, 2000
# A year outside is a slip of the hand; and far enough out, no clock can add the grace to it.
YEARS = range(2000, 2200)
TIMES = (
    *("opens_at", "closes_at", "endorsement_closes_at"),
    *("scoring_opens_at", "scoring_closes_at", "discussion_closes_at"),
)
# What each number may be, at least and at most.
NUMBERS = {
    "seats": (1, 1000),
    "per_country_limit": (1, 1000),
    "motivation_words": (1, 5000),
    "grace": (0, 10_080),
    "retention_days": (1, 3650),
}
PLAN = frozenset({*TIMES, *NUMBERS, "zone", "blind", "group", "by_region"})
PARTS = {"criteria", "papers", "questions"}


def create_call(
    *,
    actor: Any,
    kind: str,
    guidelines: Guidelines,
    titles: Words,
    opens_at: datetime,
    closes_at: datetime,
    zone: str,
    terms: Words | None = None,
    criteria: Sequence[Part] = (),
    papers: Sequence[Part] = (),
    questions: Sequence[Part] = (),
    **plan: Any,
) -> Call:
    """A call in preparation: nobody but the secretariat sees it until it is announced.

    ``titles`` and ``terms`` (Markdown) map language codes to text; ``zone`` is the IANA name of the zone in which the
    deadlines are announced; ``plan`` holds what else a call has (``PLAN``); the lists are described in
    ``call_parts``. ``Refusal`` unless staff; ``ValidationError`` by field.
    """
    require(may_manage_calls(actor))
    _check_names(plan)
    call = Call(
        kind=kind,
        guidelines=guidelines,
        opens_at=opens_at,
        closes_at=closes_at,
        zone=zone,
        created_by=actor,
        **plan,
    )
    with transaction.atomic():
        _set_texts(call, titles, terms or {})
        check_plan(call)
        call.save()
        _set_parts(call, {"criteria": criteria, "papers": papers, "questions": questions})
        audit.record("call.create", call, actor=actor, changes={"kind": kind})
    return call


def update_call(
    *,
    actor: Any,
    call: Call,
    version: int | None = None,
    reason: str = "",
    titles: Words | None = None,
    terms: Words | None = None,
    **wanted: Any,
) -> Call:
    """Change a call's plan (``PLAN``), words and lists (``criteria``, ``papers``, ``questions``); others stay.

    What was announced can't be taken back, see ``call_promises``: an earlier deadline, fewer seats, a lower limit, or
    a closing that has passed take a ``reason``, which goes on the audit trail. Criteria are frozen once scoring began.
    ``Refusal`` unless staff; ``Conflict`` with the present version where somebody changed the call since ``version``;
    ``ValidationError`` by field. A change that changes nothing leaves no trace.
    """
    parts = {name: wanted.pop(name) for name in PARTS & set(wanted)}
    _check_names(wanted)
    with transaction.atomic():
        call = locked(call)
        require(may_manage_calls(actor))
        check_version(call, version)
        said = clean_words(reason)
        _refuse_too_long(said)
        if call.announced_at and (errors := broken_promises(call, wanted, said)):
            raise ValidationError(errors)
        changed = {name: _noted(value) for name, value in wanted.items() if getattr(call, name) != value}
        for name, value in wanted.items():
            setattr(call, name, value)
        before = (words_of(call, "title"), words_of(call, "terms"))
        _set_texts(call, titles or {}, terms or {})
        reworded = before != (words_of(call, "title"), words_of(call, "terms"))
        check_plan(call)
        changed |= dict.fromkeys(_set_parts(call, parts), "set")
        if changed or reworded:
            call.version += 1
            call.save()
            # The grace isn't noted, for whoever reads the trail isn't to plan with it either.
            changed.pop("grace", None)
            noted = {**changed, **({"reason": said} if said else {})}
            audit.record("call.update", call, actor=actor, changes=noted)
            if "criteria" in changed:
                weigh_call(call=call)
            if call.announced_at and changed.keys() & {"closes_at", "endorsement_closes_at"}:
                outbox.record("call.dates_changed", call)
    return call


def locked(call: Call) -> Call:
    """The call's row, locked for the transaction. Whoever changes a call begins here."""
    return lock_call(call.pk)


def check_version(call: Call, version: int | None) -> None:
    """``Conflict`` with the present version where it isn't ``version``."""
    if version is not None and call.version != version:
        raise Conflict(
            _("This call has changed since you opened it."),
            current={"version": call.version, "state": str(call.state)},
        )


def check_plan(call: Call) -> None:
    """Raise ``ValidationError`` by field, each with what to do, where the call's plan can't stand."""
    errors: dict[str, str] = {}
    if not words_of(call, "title"):
        errors["title"] = _("Give the call a title.")
    for field, limit in (("title", LONGEST_TITLE), ("terms", LONGEST_TERMS)):
        try:
            check_length(words_of(call, field), limit)
        except ValidationError as error:
            errors[field] = str(error.message)
    if call.kind not in Call.Kind.values:
        errors["kind"] = _("Choose one of: %(choices)s.") % {"choices": listed(Call.Kind.values)}
    if not is_zone(call.zone):
        errors["zone"] = _(
            "Name the zone by a place, such as Europe/Paris. Abbreviations such as “CET” are not accepted: in summer"
            " they are an hour off."
        )
    for name, (least, most) in NUMBERS.items():
        value = getattr(call, name)
        if value is not None and not least <= value <= most:
            errors[name] = _("Give a number from %(first)d to %(last)d.") % {"first": least, "last": most}
    if call.kind == Call.Kind.HOSTING and (call.group or call.by_region):
        errors["group"] = _("A call to host meetings chooses nobody for a group.")
    elif call.group and (call.by_region or call.group.kind not in CHOSEN_FOR):
        errors["group"] = _("Choose one of the groups.")
    errors |= _wrong_times(call)
    if errors:
        raise ValidationError(errors)


def _wrong_times(call: Call) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name in TIMES:
        value = getattr(call, name)
        if value is not None and value.year not in YEARS:
            errors[name] = _("Give a year from %(first)d to %(last)d.") % {
                "first": YEARS[0],
                "last": YEARS[-1],
            }
    if errors:
        return errors
    if call.opens_at >= call.closes_at:
        errors["closes_at"] = _("The call must close after it opens.")
    if call.endorsement_closes_at and call.endorsement_closes_at < call.closes_at:
        errors["endorsement_closes_at"] = _(
            "Endorsing ends when nominating ends, or later. Left empty, it ends with it."
        )
    if call.scoring_opens_at and call.scoring_closes_at and call.scoring_opens_at >= call.scoring_closes_at:
        errors["scoring_closes_at"] = _("Scoring must end after it begins.")
    scored, discussed = call.scoring_closes_at, call.discussion_closes_at
    if scored and discussed and discussed < scored:
        errors["discussion_closes_at"] = _("The discussion must end after scoring.")
    return errors


def _set_texts(call: Call, titles: Words, terms: Words) -> None:
    set_words(call, "title", titles)
    set_words(call, "terms", terms)


def _set_parts(call: Call, parts: Mapping[str, Sequence[Part]]) -> list[str]:
    """Set the lists that are given; the names of those that changed."""
    now = timezone.now()
    promised = call.announced_at is not None and call.opens_at <= now
    changed: list[str] = []
    errors: dict[str, list[str]] = {}
    setters: dict[str, Any] = {
        "criteria": lambda wanted: set_criteria(call, wanted, frozen=scoring_began(call, now)),
        "papers": lambda wanted: set_papers(call, wanted, promised=promised),
        "questions": lambda wanted: set_questions(call, wanted, promised=promised),
    }
    for name, wanted in parts.items():
        try:
            if setters[name](wanted):
                changed.append(name)
        except ValidationError as error:
            errors |= error.message_dict
    if errors:
        raise ValidationError(errors)
    return changed


def _refuse_too_long(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})


def _noted(value: Any) -> Any:
    if isinstance(value, Group):
        return value.slug
    return value.isoformat() if isinstance(value, datetime) else value


def _check_names(plan: Mapping[str, Any]) -> None:
    unknown = set(plan) - PLAN
    if unknown:
        raise TypeError(f"not a call's plan: {sorted(unknown)}")
