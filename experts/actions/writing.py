"""What a nomination says: changed by whoever has it in hand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Country
from accounts.reserved_names import is_reserved, refusal
from core import audit, outbox
from core.names import without_overrides
from core.punctuation import listed
from core.verdicts import Conflict, Refused, require
from core.words import clean_words
from experts.actions.conflicts import find_conflicts
from experts.actions.limits import lock_call, refuse_twice
from experts.actions.linking import send_link
from experts.actions.moving import lock_nomination, move
from experts.completeness import WORDS, gaps_of_entry, gaps_of_nominee
from experts.expertise import CODES, SPOKEN
from experts.models import (
    DeclaredInterest,
    Gender,
    Level,
    Nomination,
    NominationAnswer,
    NominationTrait,
    Referee,
)
from experts.receipts import receipt_of
from experts.rules import is_nominee, may_edit_nomination

S, Way, K = Nomination.State, Nomination.Way, NominationTrait.Kind
LONGEST = {"name": 150, "workplace": 200, "position": 200, "experience": 20_000, "motivation": 20_000}
SEVERAL = {"expertise": K.EXPERTISE, "languages": K.LANGUAGE, "nationalities": K.NATIONALITY}
MOST_REFEREES = 3
LONGEST_ADDRESS = 254
# What a government endorsed: where it changes, it is asked again. Whom it nominated itself, it knows.
SUBSTANCE = {
    Way.APPLIED: frozenset(
        {*WORDS, *SEVERAL, "name", "level_of_government", "years_of_experience", "answers", "papers"}
    ),
    Way.NOMINATED: frozenset({"name", "nationalities"}),
    Way.ENTERED: frozenset(),
}
# What the nominee alone says of themselves.
PERSONAL = frozenset({"interests"})

Changes = dict[str, Any]


def save_words(*, actor: Any, nomination: Nomination, version: int, changes: Changes) -> Nomination:
    """Change what a nomination says; ``version`` is the one the actor saw.

    ``changes``: texts by field; lists of codes under ``expertise``, ``languages``, ``nationalities``; ``interests``
    ({topic: (exists or None, detail)}), ``referees`` ([{name, position, email}]), ``answers`` ({question id: text}).
    A draft may have gaps; what was handed in must stay whole. ``Conflict`` (409) when it has moved on; ``Refusal``
    after the deadline; ``ValidationError`` by field.
    """
    with transaction.atomic():
        if "email" in changes:  # two who give the same address follow each other
            lock_call(nomination.call_id)
        nomination = lock_nomination(nomination.pk)
        require(may_edit_nomination(actor, nomination, at=timezone.now()))
        check_version(nomination, version)
        _require_own(actor, nomination, changes)
        clean = clean_changes(nomination, changes)
        changed = apply_changes(nomination, clean)
        if changed:
            if "email" in changed and nomination.state != S.DRAFT:
                refuse_twice(nomination)
            nomination.version += 1
            nomination.changed_at = timezone.now()
            nomination.save()
            after_change(nomination, actor, changed)
    return nomination


def check_version(nomination: Nomination, version: int | None) -> None:
    """``Conflict`` where the nomination is no longer as the actor saw it."""
    if version is not None and nomination.version != version:
        raise Conflict(
            _("This nomination has changed since you opened it."), current={"version": nomination.version}
        )


def after_change(nomination: Nomination, actor: Any, changed: set[str]) -> None:
    """What follows a change of something that was told or handed in already. The caller holds the row's lock."""
    if nomination.state == S.AWAITING_NOMINEE and "email" in changed:
        send_link(nomination)
    if nomination.state in (S.DRAFT, S.AWAITING_NOMINEE):
        return
    whole = gaps_of_entry if nomination.way == Way.ENTERED else gaps_of_nominee
    if gaps := whole(fresh(nomination)):
        raise ValidationError({gap.field: gap.reason for gap in gaps})
    if nomination.submitted_at:
        nomination.receipt = receipt_of(fresh(nomination), at=nomination.submitted_at)
    audit.record("nomination.edit", nomination, actor=actor, changes={"version": nomination.version})
    if nomination.state == S.SUBMITTED and changed & SUBSTANCE[Way(nomination.way)]:
        nomination.endorsed_by = nomination.endorsed_at = None
        outbox.record("nomination.moved", move(nomination, to=S.AWAITING_ENDORSEMENT, by=actor))
    else:
        nomination.save()
    # Another employer, nationality or referee may bar a reviewer.
    find_conflicts(nomination.call, nomination=nomination)


def fresh(nomination: Nomination) -> Nomination:
    """The nomination with all that belongs to it, as it stands now."""
    related = (
        "traits",
        "papers__file",
        "interests",
        "referees",
        "answers",
        "call__papers",
        "call__questions",
    )
    return Nomination.objects.select_related("call").prefetch_related(*related).get(pk=nomination.pk)


def _require_own(actor: Any, nomination: Nomination, changes: Changes) -> None:
    if PERSONAL & set(changes) and not is_nominee(actor, nomination) and nomination.way != Way.ENTERED:
        require(Refused(_("Only the nominee declares their interests."), "not_theirs"))
    if "email" in changes and (nomination.nominee_id or nomination.way == Way.APPLIED):
        raise ValidationError({"email": _("The address is that of the nominee's account.")})


# --- Checking each field --------------------------------------------------------------------------------------


def clean_changes(nomination: Nomination, changes: Changes) -> Changes:
    """The changes as they can be kept; ``ValidationError`` by field for what can't."""
    clean, errors = {}, {}
    for name, value in changes.items():
        try:
            clean[name] = _CHECKS[name](nomination, name, value)
        except ValidationError as error:
            errors[name] = error.messages
    if errors:
        raise ValidationError(errors)
    return clean


def _text(nomination: Nomination, name: str, value: str) -> str:
    words = clean_words(value)
    if len(words) > LONGEST[name]:
        raise ValidationError(_("At most %(limit)d characters.") % {"limit": LONGEST[name]})
    return words


def _line(nomination: Nomination, name: str, value: str) -> str:
    return without_overrides(_text(nomination, name, value))


def _name(nomination: Nomination, name: str, value: str) -> str:
    words = _line(nomination, name, value)
    if is_reserved(words):
        raise ValidationError(refusal())
    return words


def _email(nomination: Nomination, name: str, value: str) -> str:
    address = value.strip().lower()
    if address:
        _check_address(address)
    elif nomination.state != S.DRAFT:
        raise ValidationError(_("Give an e-mail address."))
    return address


def _check_address(address: str) -> None:
    validate_email(address)
    if len(address) > LONGEST_ADDRESS:
        raise ValidationError(_("At most %(limit)d characters.") % {"limit": LONGEST_ADDRESS})


def _one_of(choices: Any) -> Callable[[Nomination, str, Any], Any]:
    def check(nomination: Nomination, name: str, value: Any) -> Any:
        if value and value not in choices:
            raise ValidationError(_("Choose one of: %(choices)s.") % {"choices": listed(choices)})
        return value or ""

    return check


def _codes(choices: Any) -> Callable[[Nomination, str, Any], list[str]]:
    def check(nomination: Nomination, name: str, value: Any) -> list[str]:
        wanted = list(dict.fromkeys(str(code) for code in value))
        if unknown := [code for code in wanted if code not in choices]:
            raise ValidationError(_("There is no code “%(code)s”.") % {"code": unknown[0][:40]})
        return wanted

    return check


def _countries(nomination: Nomination, name: str, value: Any) -> list[str]:
    return _codes(set(Country.objects.values_list("pk", flat=True)))(nomination, name, value)


def _years(nomination: Nomination, name: str, value: int | None) -> int | None:
    if value is not None and not 0 <= value <= 80:
        raise ValidationError(_("Between %(least)d and %(most)d.") % {"least": 0, "most": 80})
    return value


def _interests(nomination: Nomination, name: str, value: Any) -> dict[str, tuple[bool | None, str]]:
    if unknown := set(value) - set(DeclaredInterest.Topic.values):
        raise ValidationError(_("There is no code “%(code)s”.") % {"code": min(unknown)[:40]})
    return {topic: (exists, clean_words(detail)[:5000]) for topic, (exists, detail) in value.items()}


def _referees(nomination: Nomination, name: str, value: Any) -> list[dict[str, str]]:
    rows = [
        {key: without_overrides(clean_words(str(row.get(key, "")))) for key in ("name", "position", "email")}
        for row in value
    ]
    rows = [row for row in rows if any(row.values())]
    if len(rows) > MOST_REFEREES:
        raise ValidationError(_("At most %(most)d.") % {"most": MOST_REFEREES})
    for row in rows:
        if not row["name"] or len(row["name"]) > 150 or len(row["position"]) > 200:
            raise ValidationError(_("Give a name."))
        if row["email"]:
            _check_address(row["email"])
    return rows


def _answers(nomination: Nomination, name: str, value: Any) -> dict[int, str]:
    known = {question.pk for question in nomination.call.questions.all()}
    return {int(pk): clean_words(text)[:20_000] for pk, text in value.items() if int(pk) in known}


def _as_it_is(nomination: Nomination, name: str, value: Any) -> Any:
    return value


_CHECKS: dict[str, Callable[[Nomination, str, Any], Any]] = {
    **dict.fromkeys(WORDS, _text),
    "workplace": _line,
    "position": _line,
    "name": _name,
    "email": _email,
    "language": _one_of([code for code, _label in settings.LANGUAGES]),
    "gender": _one_of(Gender.values),
    "level_of_government": _one_of(Level.values),
    "years_of_experience": _years,
    "experienced_in_processes": _as_it_is,
    "expertise": _codes(CODES),
    "languages": _codes(SPOKEN),
    "nationalities": _countries,
    "interests": _interests,
    "referees": _referees,
    "answers": _answers,
}
FIELDS = frozenset(_CHECKS)


# --- Writing it down ------------------------------------------------------------------------------------------


def apply_changes(nomination: Nomination, clean: Changes) -> set[str]:
    """Set what differs; the names of what did."""
    changed = set()
    for name, value in clean.items():
        if name in SEVERAL:
            differs = _set_traits(nomination, SEVERAL[name], value)
        elif name in _ROWS:
            differs = _ROWS[name](nomination, value)
        else:
            differs = getattr(nomination, name) != value and not (name == "language" and not value)
            if differs:
                setattr(nomination, name, value)
        if differs:
            changed.add(name)
    return changed


def _set_traits(nomination: Nomination, kind: str, values: list[str]) -> bool:
    standing = set(nomination.traits.filter(kind=kind).values_list("value", flat=True))
    if standing == set(values):
        return False
    nomination.traits.filter(kind=kind).exclude(value__in=values).delete()
    NominationTrait.objects.bulk_create(
        NominationTrait(nomination=nomination, kind=kind, value=value)
        for value in values
        if value not in standing
    )
    return True


def _set_interests(nomination: Nomination, value: dict[str, tuple[bool | None, str]]) -> bool:
    standing = {row.topic: (row.exists, row.detail) for row in nomination.interests.all()}
    # Where nothing is to be declared, nothing is told of it.
    wanted = {topic: (exists, detail if exists else "") for topic, (exists, detail) in value.items()}
    differs = False
    for topic, (exists, detail) in wanted.items():
        if exists is None:
            differs |= bool(nomination.interests.filter(topic=topic).delete()[0])
        elif standing.get(topic) != (exists, detail):
            differs = True
            DeclaredInterest.objects.update_or_create(
                nomination=nomination, topic=topic, defaults={"exists": exists, "detail": detail}
            )
    return differs


def _set_referees(nomination: Nomination, rows: list[dict[str, str]]) -> bool:
    if list(nomination.referees.values("name", "position", "email")) == rows:
        return False
    nomination.referees.all().delete()
    Referee.objects.bulk_create(Referee(nomination=nomination, **row) for row in rows)
    return True


def _set_answers(nomination: Nomination, value: dict[int, str]) -> bool:
    standing = {answer.question_id: answer.text for answer in nomination.answers.all()}
    differs = False
    for question, text in value.items():
        if standing.get(question, "") == text:
            continue
        differs = True
        NominationAnswer.objects.update_or_create(
            nomination=nomination, question_id=question, defaults={"text": text}
        )
    return differs


_ROWS: dict[str, Callable[[Nomination, Any], bool]] = {
    "interests": _set_interests,
    "referees": _set_referees,
    "answers": _set_answers,
}


def is_late(nomination: Nomination, *, at: datetime) -> bool:
    """Whether what is handed in now came after the deadline, the grace included."""
    closes_at, _endorsed = nomination.call.deadlines_for(nomination.country_id)
    return at >= nomination.call.accepts_until(closes_at)
