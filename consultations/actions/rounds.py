"""Opening, changing, closing and publishing rounds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Group
from consultations.actions.answering import publish_answers
from consultations.models import Round, RoundAudience, RoundCounter, RoundScope
from consultations.rules import may_manage_round, may_manage_rounds
from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict, require
from core.words import clean_words
from drafts.models import Draft, Provision

# Columns of modeltranslation's, which type checkers don't know.
TITLE_EN, GUIDANCE_EN = "title_en", "guidance_en"
# A year outside is a slip of the hand; and far enough out, no clock can add the grace to it.
YEARS = range(2000, 2200)
# What people may do to a round's state, from which state. Opening and closing by the clock need no act.
TRANSITIONS = {
    Round.State.CLOSED: {Round.State.OPEN},
    Round.State.ANSWERED: {Round.State.CLOSED},
    Round.State.PUBLISHED: {Round.State.ANSWERED},
}


def create_round(
    *,
    actor: Any,
    draft: Draft,
    kind: str,
    titles: dict[str, str],
    opens_at: datetime,
    closes_at: datetime,
    visibility: str = Round.Visibility.PUBLIC,
    guidance: dict[str, str] | None = None,
    groups: Iterable[Group] = (),
    scope: Iterable[str] = (),
    grace: int = 0,
    anonymous: bool = False,
    second_reader: bool = False,
) -> Round:
    """A round on ``draft``. ``titles`` and ``guidance`` map language codes to text; ``scope`` lists keys.

    ``Refusal`` unless staff; ``ValidationError`` by field.
    """
    require(may_manage_rounds(actor))
    round = Round(
        draft=draft,
        kind=kind,
        opens_at=opens_at,
        closes_at=closes_at,
        visibility=visibility,
        grace=grace,
        anonymous=anonymous,
        second_reader=second_reader,
        created_by=actor,
    )
    with transaction.atomic():
        _set_words(round, titles, guidance or {})
        chosen, keys = list(groups), sorted(set(scope))
        _check(round, chosen, keys)
        round.save()
        RoundCounter.objects.create(round=round)
        RoundAudience.objects.bulk_create(RoundAudience(round=round, group=group) for group in chosen)
        RoundScope.objects.bulk_create(RoundScope(round=round, key=key) for key in keys)
        audit.record("round.create", round, actor=actor, changes={"kind": kind})
    return round


def update_round(
    *,
    actor: Any,
    round: Round,
    titles: dict[str, str] | None = None,
    guidance: dict[str, str] | None = None,
    groups: Iterable[Group] | None = None,
    scope: Iterable[str] | None = None,
    **fields: Any,
) -> Round:
    """Change a round's plan: ``opens_at, closes_at, visibility, grace, anonymous, second_reader`` and what else is
    passed.

    What people already relied on stays: the draft and kind never change, and comments given to fewer readers
    are not shown to more once the round has opened.
    """
    unknown = set(fields) - {*("opens_at", "closes_at", "visibility", "grace", "anonymous", "second_reader")}
    if unknown:
        raise TypeError(f"not a round's plan: {sorted(unknown)}")
    with transaction.atomic():
        round = Round.objects.select_for_update().get(pk=round.pk)
        require(may_manage_round(actor, round))
        chosen = (
            list(groups) if groups is not None else [a.group for a in round.audience.select_related("group")]
        )
        if round.state != Round.State.PLANNED:
            _keep_promises(round, fields, chosen)
        changed = {name: str(value) for name, value in fields.items() if getattr(round, name) != value}
        told = "closes_at" in changed and not round.closed_at
        for name, value in fields.items():
            setattr(round, name, value)
        _set_words(round, titles or {}, guidance or {})
        keys = sorted(set(scope)) if scope is not None else list(round.scope.values_list("key", flat=True))
        _check(round, chosen, keys)
        round.save()
        if groups is not None:
            round.audience.exclude(group__in=chosen).delete()
            for group in chosen:
                RoundAudience.objects.get_or_create(round=round, group=group)
        if scope is not None:
            round.scope.exclude(key__in=keys).delete()
            for key in keys:
                RoundScope.objects.get_or_create(round=round, key=key)
        audit.record("round.update", round, actor=actor, changes=changed)
        if told:
            outbox.record("round.closing_moved", round)
    return round


def move_round(*, actor: Any, round: Round, to: str) -> Round:
    """Close a round early, mark it answered, or publish its answers. ``Conflict`` names the present state."""
    with transaction.atomic():
        # The counter first: whoever is submitting ends before the round closes, whoever comes after is late.
        counter = RoundCounter.objects.select_for_update().get(round=round)
        round = Round.objects.select_for_update().get(pk=round.pk)
        require(may_manage_round(actor, round))
        if to not in Round.State.values:
            raise ValidationError(
                {"state": _("Choose one of: %(choices)s.") % {"choices": listed(TRANSITIONS)}}
            )
        now = timezone.now()
        state = round.state_at(now)
        if state not in TRANSITIONS.get(Round.State(to), set()):
            raise Conflict(
                _("A round that is “%(state)s” can't become “%(to)s”.")
                % {"state": state.label, "to": Round.State(to).label},
                current={"state": str(state)},
            )
        if to == Round.State.CLOSED:
            round.closed_at = now
            counter.accepting = False
            counter.save(update_fields=["accepting"])
        elif to == Round.State.ANSWERED:
            round.answered_at = now
        else:
            round.published_at = now
            publish_answers(actor=actor, round=round)
        round.save()
        audit.record("round.move", round, actor=actor, changes={"state": [str(state), to]})
        outbox.record("round.moved", round)
    return round


def _keep_promises(round: Round, fields: dict[str, Any], groups: list[Group]) -> None:
    """Refuse what would show comments, or names, to more people than those who gave them were told."""
    order = [Round.Visibility.SECRETARIAT, Round.Visibility.PARTICIPANTS, Round.Visibility.PUBLIC]
    wanted = fields.get("visibility", round.visibility)
    widened = _("The round has opened: its comments can't be shown to more people than promised.")
    errors: dict[str, str] = {}
    if wanted in order and order.index(wanted) > order.index(Round.Visibility(round.visibility)):
        errors["visibility"] = widened
    invited = set(round.audience.values_list("group", flat=True))
    if wanted == Round.Visibility.PARTICIPANTS and {group.pk for group in groups} - invited:
        errors["groups"] = widened
    if round.anonymous and fields.get("anonymous") is False:
        errors["anonymous"] = _("The round has opened: names promised to be kept stay kept.")
    # A round put back to planned would be free of its promises.
    if fields.get("opens_at", round.opens_at) > timezone.now():
        errors["opens_at"] = _("The round has opened: its opening can't be moved to a later time.")
    if errors:
        raise ValidationError(errors)


def _set_words(round: Round, titles: dict[str, str], guidance: dict[str, str]) -> None:
    for field, words in (("title", titles), ("guidance", guidance)):
        for language, text in words.items():
            setattr(round, f"{field}_{language.replace('-', '_')}", clean_words(text) or None)
    for column in (TITLE_EN, GUIDANCE_EN):  # which hold what no language says, too: neither may be null
        setattr(round, column, getattr(round, column) or "")


def _check(round: Round, groups: list[Group], keys: list[str]) -> None:
    errors: dict[str, str] = {}
    if not any(getattr(round, f"title_{code.replace('-', '_')}") for code, _name in settings.LANGUAGES):
        errors["title"] = _("Give the round a title.")
    if round.kind not in Round.Kind.values:
        errors["kind"] = _("Choose one of: %(choices)s.") % {"choices": listed(Round.Kind.values)}
    elif round.kind != Round.Kind.OPEN and not groups:
        errors["groups"] = _("Name at least one group: only an open round is for everyone.")
    if round.visibility not in Round.Visibility.values:
        errors["visibility"] = _("Choose one of: %(choices)s.") % {"choices": listed(Round.Visibility.values)}
    for name in ("opens_at", "closes_at"):
        if getattr(round, name).year not in YEARS:
            errors[name] = _("Give a year from %(first)d to %(last)d.") % {
                "first": YEARS[0],
                "last": YEARS[-1],
            }
    if not errors.keys() & {"opens_at", "closes_at"} and round.opens_at >= round.closes_at:
        errors["closes_at"] = _("The round must close after it opens.")
    known = set(Provision.objects.filter(draft=round.draft_id, key__in=keys).values_list("key", flat=True))
    if set(keys) - known:
        errors["scope"] = _("This draft has no provision “%(key)s”.") % {"key": sorted(set(keys) - known)[0]}
    if errors:
        raise ValidationError(errors)
