"""Free places: who fits best with all others fixed, and moving somebody up in one confirmed step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Conflict, require
from core.words import clean_words
from experts.actions.appointing import EXPIRED, HOLDING, WITHDRAWN, check_term, refuse_second_place, state_at
from experts.actions.deciding import lock_decision
from experts.actions.moving import lock_nomination, lock_nominations, move
from experts.actions.offering import offer
from experts.models import Appointment, Decision, DecisionItem, Nomination
from experts.panel import Problem, Status, alternates, balance, replace_together
from experts.panel_group import groups_of, is_regional, unknown_region
from experts.rules import may_work_on_panel
from experts.selection_pool import problem_behind, same_people
from experts.undecided_twins import twins_of

S = Nomination.State
MAY_COME_IN = frozenset({S.ALTERNATE, S.NOT_SELECTED, S.INVITED_TO_GROUP, S.JOINED_GROUP})


@dataclass(frozen=True)
class Fit:
    """Somebody who may take a place with every rule kept; ``rank`` among the alternates, if they are one."""

    nomination: Nomination
    rank: int | None
    costs: Decimal


@dataclass(frozen=True)
class Vacancy:
    """A free place and who fits, the alternates by their rank first, then others by merit."""

    appointment: Appointment
    state: str
    fits: list[Fit]
    others: list[DecisionItem]  # alternates by rank who would break a rule


@dataclass(frozen=True)
class Vacancies:
    """All free places; ``together`` fills several at once with the most merit, where that can be done."""

    free: list[Vacancy]
    together: list[tuple[Appointment, Nomination]]


def free_places(decision: Decision) -> list[Appointment]:
    """Places of the panel that were given up and not filled, oldest first."""
    now = timezone.now()
    found = Appointment.objects.filter(nomination__call=decision.call, replacements=None).select_related(
        "nomination__country", "nomination__call__group", "group"
    )
    given_up = (Appointment.Answer.DECLINED, Appointment.Answer.RESIGNED, EXPIRED, WITHDRAWN)
    return [each for each in found if not is_regional(each) and state_at(each, now) in given_up]


def vacancies_of(decision: Decision) -> Vacancies:
    """What may be done about free places. Constant queries; the solver is asked for each place."""
    free = free_places(decision)
    if not free or decision.selection is None:
        return Vacancies([], [])
    problem, panel, by_uuid = _standing_problem(decision, free)
    items = {
        item.nomination_id: item
        for item in decision.items.filter(rank__isnull=False).select_related("nomination__country")
    }
    known = [place for place in free if str(place.nomination.uuid) in panel]
    found = {entry.member: entry for entry in alternates(problem, panel, ranked=len(by_uuid) or 1)}
    vacancies = []
    twins = twins_of(decision.call, [*panel, *by_uuid])
    for place in known:
        entry = found[str(place.nomination.uuid)]
        fits = [
            Fit(by_uuid[str(r.candidate)], _rank(items, by_uuid[str(r.candidate)]), r.costs)
            for r in entry.replacements
            if str(r.candidate) in by_uuid and not twins.is_like(str(r.candidate), panel)
        ]
        fits.sort(key=lambda fit: (fit.rank is None, fit.rank or 0))
        fitting = {fit.nomination.pk for fit in fits}
        others = [
            item
            for item in sorted(items.values(), key=lambda item: item.rank or 0)
            if item.nomination_id not in fitting and item.nomination.state in MAY_COME_IN
        ]
        vacancies.append(Vacancy(place, state_at(place, timezone.now()), fits[:8], others))
    return Vacancies(vacancies, _together(problem, panel, known, by_uuid))


def move_up(
    *,
    actor: Any,
    decision: Decision,
    pairs: Sequence[tuple[Appointment, Nomination]],
    expires_at: datetime,
    reason: str = "",
) -> list[Appointment]:
    """Invite somebody to each of these free places: all or nothing.

    ``reason`` is needed where a rule breaks by it. ``Conflict`` where a place was filled or somebody answered
    otherwise meanwhile.
    """
    require(may_work_on_panel(actor, decision.call))
    check_term(expires_at)
    reason = clean_words(reason)
    if len({nomination.pk for _place, nomination in pairs}) < len(pairs) or not pairs:
        raise ValidationError(_("Choose somebody else for each place."))
    try:
        with transaction.atomic():
            # One after the other, or two replacements would each keep a rule that they break together; and nobody
            # whose place is given away answers meanwhile.
            lock_decision(decision.call)
            lock_nominations({pk for place, comer in pairs for pk in (place.nomination_id, comer.pk)})
            free = {place.pk: place for place in free_places(decision)}
            if any(place.pk not in free for place, _nomination in pairs):
                raise Conflict(_("This place isn't free any more."))
            if not reason and not _keep_rules(decision, list(free.values()), pairs):
                raise ValidationError({"reason": _("A rule would not be kept: give a reason.")})
            return [
                _invited(actor, decision, place, nomination, expires_at, reason)
                for place, nomination in sorted(pairs, key=lambda pair: pair[1].pk)
            ]
    except IntegrityError:
        raise Conflict(_("Somebody else has filled this place at this moment. Look again.")) from None


def _invited(
    actor: Any,
    decision: Decision,
    place: Appointment,
    nomination: Nomination,
    expires_at: datetime,
    reason: str,
) -> Appointment:
    locked = lock_nomination(nomination.pk)
    if locked.call_id != decision.call_id or locked.state not in MAY_COME_IN:
        raise Conflict(_("This person can't be invited now."), current={"state": locked.state})
    refuse_second_place(locked)
    group = groups_of(locked.call, [locked], []).get(locked.pk)
    if group is None:
        raise ValidationError(unknown_region([locked.name]))
    move(locked, to=S.INVITED, by=actor, reason=reason[:2000])
    made = offer(actor=actor, nomination=locked, group=group, expires_at=expires_at, replaces=place)
    audit.record("appointment.replace", made, actor=actor, changes={"replaces": str(place.uuid)})
    return made


def _standing_problem(
    decision: Decision, free: Sequence[Appointment]
) -> tuple[Problem, list[str], dict[str, Nomination]]:
    """The decision's problem as things stand; the panel with those who left; who may come in, by uuid."""
    assert decision.selection is not None
    problem = problem_behind(decision.selection)
    known = {candidate.id for candidate in problem.candidates}
    holders = Nomination.objects.filter(call=decision.call, state__in=HOLDING).values_list("uuid", flat=True)
    leaving = {str(place.nomination.uuid) for place in free}
    panel = sorted(({str(uuid) for uuid in holders} | leaving) & known)
    coming = {
        str(nomination.uuid): nomination
        for nomination in _not_sitting(decision)
        if str(nomination.uuid) in known
    }
    # Whoever was excluded by decision stays out, and whoever is gone, too.
    exclude = frozenset(known - set(coming) - set(panel)) | (problem.exclude - set(panel))
    return replace(problem, include=frozenset(), exclude=exclude), panel, coming


def _not_sitting(decision: Decision) -> list[Nomination]:
    """Who may come in, without other nominations of people who hold a place, also where that was found out since."""
    of_call = Nomination.objects.filter(call=decision.call).select_related("country")
    coming = list(of_call.filter(state__in=MAY_COME_IN))
    holders = list(of_call.filter(state__in=HOLDING))
    marks = same_people([*coming, *holders])
    sitting = {marks[holder.pk] for holder in holders if holder.pk in marks}
    return [nomination for nomination in coming if marks.get(nomination.pk) not in sitting]


def _together(
    problem: Problem, panel: list[str], free: list[Appointment], by_uuid: dict[str, Nomination]
) -> list[tuple[Appointment, Nomination]]:
    if len(free) < 2:
        return []
    leaving = {str(place.nomination.uuid) for place in free}
    solution = replace_together(problem, panel, leaving, time_limit=2)
    if solution.status is Status.INFEASIBLE:
        return []
    coming = [by_uuid[str(uuid)] for uuid in solution.selected if str(uuid) not in panel]
    return list(zip(free, coming, strict=False))


def _keep_rules(
    decision: Decision, free: list[Appointment], pairs: Sequence[tuple[Appointment, Nomination]]
) -> bool:
    """Whether the panel after it breaks no rule that it keeps now (with those who left)."""
    problem, panel, _coming = _standing_problem(decision, free)
    leaving = {str(place.nomination.uuid) for place, _nomination in pairs}
    coming = {str(nomination.uuid) for _place, nomination in pairs}
    before = {str(departure) for departure in balance(problem, panel).departures}
    after = balance(problem, (set(panel) - leaving) | coming).departures
    return all(str(departure) in before for departure in after)


def _rank(items: dict[int, DecisionItem], nomination: Nomination) -> int | None:
    item = items.get(nomination.pk)
    return item.rank if item else None
