"""Selections: a panel is asked for, computed, kept beside others, discarded."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from core.models import Job
from core.names import without_overrides
from core.verdicts import Conflict, require
from experts.actions.deciding import lock_decision
from experts.models import Call, Selection
from experts.panel import (
    FaultCode,
    Problem,
    ProblemError,
    Solution,
    SolverError,
    Status,
    analyse,
    plain,
    solve,
)
from experts.rules import may_work_on_panel
from experts.selection_pool import PERSON, Entry, hash_of, pool_of, problem_behind, problem_of

KIND = "panel_analysis"
# What a person waits for; what takes longer is done in the background.
SECONDS = 2.0
# What a program waits for.
SECONDS_OF_PROGRAMS = 20.0
LONGEST_NAME, LONGEST_REASON, MOST_QUOTAS = 120, 1000, 200
KEPT = 200  # selections of one call
Status_ = Selection.Status
_KNOWN_FIELDS = ("seats", "quotas", "per_country", "include", "exclude", "seed")


@dataclass(frozen=True)
class Asked:
    """What a panel is to be like. ``include`` and ``exclude`` map uuids of nominations to reasons."""

    seats: int
    quotas: tuple[dict[str, Any], ...]  # attribute, value, min, max
    per_country: int | None
    include: dict[str, str]
    exclude: dict[str, str]
    seed: int | str

    def stored(self) -> dict[str, Any]:
        return {
            "seats": self.seats,
            "quotas": [dict(quota) for quota in self.quotas],
            "per_country": self.per_country,
            "include": self.include,
            "exclude": self.exclude,
            "seed": self.seed,
        }


@dataclass(frozen=True)
class Prepared:
    """A panel that was computed and isn't kept yet."""

    call: Call
    asked: Asked
    pool: list[Entry]
    problem: Problem
    solution: Solution


def default_seed(call: Call) -> str:
    """The day on which the call closes, there: fixed and published before anybody's merit is known."""
    return call.closes_at.astimezone(ZoneInfo(call.zone)).date().isoformat()


def prepare_selection(
    *, actor: Any, call: Call, asked: Asked, reasons_needed: bool = True, time_limit: float = SECONDS
) -> Prepared:
    """Compute the optimum of today's pool; nothing is written.

    ``Refusal`` unless the actor may work on the panel; ``ValidationError`` by field for what makes no sense. Outside
    transactions: it may take seconds.
    """
    require(may_work_on_panel(actor, call))
    pool = pool_of(call, actor)
    problem = _checked(asked, pool, reasons_needed)
    try:
        solution = solve(problem, time_limit=time_limit)
    except SolverError as error:
        raise ValidationError(_("The solver failed. Please try again.")) from error
    return Prepared(call, asked, pool, problem, solution)


def keep_selection(*, actor: Any, prepared: Prepared, name: str = "") -> Selection:
    """Keep what was computed, with its pool; what takes longer is said of it by a job."""
    require(may_work_on_panel(actor, prepared.call))
    with transaction.atomic():
        selection = _kept(actor, prepared, name)
        selection.job = jobs.start(KIND, None, {"selection": selection.pk})
        selection.save(update_fields=["job"])
    return selection


def keep_whole_selection(
    *, actor: Any, prepared: Prepared, analysis: dict[str, Any], name: str = ""
) -> Selection:
    """Keep what was computed together with all that was said of it (``analysis_of``), for who waited for it."""
    require(may_work_on_panel(actor, prepared.call))
    with transaction.atomic():
        selection = _kept(actor, prepared, name)
        selection.outcome = analysis
        selection.save(update_fields=["outcome"])
    return selection


def analysis_of(prepared: Prepared, *, time_limit: float = SECONDS_OF_PROGRAMS) -> dict[str, Any]:
    """All there is to say of a panel, as JSON. It may take seconds. ``ValidationError`` where the solver fails."""
    try:
        return _outcome(analyse(prepared.problem, time_limit=time_limit, fixed=(PERSON,)))
    except SolverError as error:
        raise ValidationError(_("The solver failed. Please try again.")) from error


def rename_selection(*, actor: Any, selection: Selection, name: str) -> Selection:
    """Give it another name; it changes nothing else."""
    require(may_work_on_panel(actor, selection.call))
    with transaction.atomic():
        selection.name = _name(name)
        selection.save(update_fields=["name"])
        audit.record("selection.rename", selection, actor=actor)
    return selection


def discard_selection(*, actor: Any, selection: Selection) -> None:
    """Put it aside. Twice is once. ``Conflict`` where the decision rests on it."""
    require(may_work_on_panel(actor, selection.call))
    with transaction.atomic():
        lock_decision(selection.call)  # nobody decides on it meanwhile
        if selection.decisions.exists():
            raise Conflict(_("The decision rests on this selection: it stays."))
        standing = Selection.objects.filter(pk=selection.pk, discarded_at=None)
        if standing.update(discarded_at=timezone.now()):
            audit.record("selection.discard", selection, actor=actor)


def restore_selection(*, actor: Any, selection: Selection) -> None:
    """Take it up again. Twice is once."""
    require(may_work_on_panel(actor, selection.call))
    with transaction.atomic():
        if Selection.objects.filter(pk=selection.pk, discarded_at__isnull=False).update(discarded_at=None):
            audit.record("selection.restore", selection, actor=actor)


def finish_selection(*, job: Job, progress: jobs.Progress) -> None:
    """The job's work: everything about the selection's problem. Safe to begin again: the same comes out."""
    selection = Selection.objects.filter(pk=job.params["selection"], job=job).first()
    if selection is None or "attainable" in selection.outcome:
        return
    told = 0
    progress.set_total(100)

    def hear(done: int, total: int) -> None:
        nonlocal told
        share = 100 * done // total if total else 100
        if share > told:
            progress.advance(share - told)
            told = share

    try:
        analysis = analyse(problem_behind(selection), fixed=(PERSON,), progress=hear)
    except SolverError as error:
        Selection.objects.filter(pk=selection.pk, status=Status_.WAITING).update(status=Status_.FAILED)
        raise jobs.JobFailed(_("The solver failed. Please try again.")) from error
    with transaction.atomic():
        Selection.objects.filter(pk=selection.pk).update(
            outcome=_outcome(analysis), **_result(analysis.solution)
        )


def analyse_again(*, actor: Any, selection: Selection) -> Selection:
    """Start what failed anew. Where it runs or is done, nothing happens."""
    require(may_work_on_panel(actor, selection.call))
    with transaction.atomic():
        row = Selection.objects.select_for_update(of=("self",)).select_related("job").get(pk=selection.pk)
        if "attainable" not in row.outcome and (row.job is None or row.job.state == Job.State.FAILED):
            row.job = jobs.start(KIND, None, {"selection": row.pk})
            row.save(update_fields=["job"])
    return row


# --- Checking ---------------------------------------------------------------------------------------------


def _kept(actor: Any, prepared: Prepared, name: str) -> Selection:
    if Selection.objects.filter(call=prepared.call, discarded_at=None).count() >= KEPT:
        raise ValidationError(_("There are many selections already: discard some first."))
    name = _name(name)
    selection = Selection.objects.create(
        call=prepared.call,
        name=name,
        problem=prepared.asked.stored(),
        pool=prepared.pool,
        pool_sha256=hash_of(prepared.pool),
        outcome={"solution": plain(prepared.solution)},
        created_by=actor,
        **_result(prepared.solution, stopped=Status_.WAITING),
    )
    audit.record(
        "selection.compute",
        selection,
        actor=actor,
        changes={"call": prepared.call.pk, "pool": len(prepared.pool)},
    )
    return selection


def _result(solution: Solution, *, stopped: str = Status_.STOPPED) -> dict[str, Any]:
    states = {Status.OPTIMAL: Status_.OPTIMAL, Status.INFEASIBLE: Status_.INFEASIBLE, Status.STOPPED: stopped}

    def hundredths(value: Any) -> int | None:
        return None if value is None else int(value.scaleb(2))

    return {
        "status": states[solution.status],
        "merit": hundredths(solution.merit),
        "bound": hundredths(solution.bound),
    }


def _outcome(analysis: Any) -> dict[str, Any]:
    stored: dict[str, Any] = plain(analysis)
    if stored["relaxation"]:
        del stored["relaxation"]["problem"]  # the pool is kept once, and the changes say the rest
    return stored


def _name(name: str) -> str:
    name = without_overrides(name)
    if len(name) > LONGEST_NAME:
        raise ValidationError({"name": _("At most %(limit)d characters.") % {"limit": LONGEST_NAME}})
    return name


def _checked(asked: Asked, pool: list[Entry], reasons_needed: bool) -> Problem:
    errors: dict[str, list[str]] = {}
    for field in ("include", "exclude"):
        reasons: dict[str, str] = getattr(asked, field)
        if any(len(reason) > LONGEST_REASON for reason in reasons.values()):
            errors[field] = [_("At most %(limit)d characters.") % {"limit": LONGEST_REASON}]
        elif reasons_needed and not all(reason.strip() for reason in reasons.values()):
            errors[field] = [_("Give a reason for each person.")]
    if len(asked.quotas) > MOST_QUOTAS:
        errors["quotas"] = [_("At most %(limit)d quotas.") % {"limit": MOST_QUOTAS}]
    if any(quota.get("attribute") == PERSON for quota in asked.quotas):
        errors["quotas"] = [_("One place for each person is kept by itself.")]
    if asked.seats == 0:
        errors["seats"] = [_("A panel has at least one seat.")]
    if twice := _person_twice(asked, pool):
        errors["include"] = [twice]
    if errors:
        raise ValidationError(errors)
    try:
        return problem_of(asked.stored(), pool)
    except ProblemError as error:
        raise ValidationError(_by_field(error)) from error


def _person_twice(asked: Asked, pool: list[Entry]) -> str:
    marks = [
        mark
        for entry in pool
        if entry["uuid"] in asked.include
        for mark in entry["attributes"].get(PERSON, ())
    ]
    if len(marks) == len(set(marks)):
        return ""
    return _("The same person is included twice: keep one of their nominations.")


def _by_field(error: ProblemError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fault in error.faults:
        field = fault.field.partition(".")[0]
        field = field if field in _KNOWN_FIELDS else "quotas"
        words = _faults().get(fault.code, _("This makes no sense."))
        if fault.index is not None and field == "quotas":
            words = _("Quota %(n)d: %(what)s") % {"n": fault.index + 1, "what": words}
        if words not in found.setdefault(field, []):
            found[field].append(words)
    return found


def _faults() -> dict[str, str]:
    return {
        FaultCode.NEGATIVE: _("Write a number from 0 on."),
        FaultCode.NOT_WHOLE: _("Write a whole number."),
        FaultCode.NOT_AN_ID: _("Write a text or a whole number."),
        FaultCode.NOT_TEXT: _("Attribute and value are texts."),
        FaultCode.DUPLICATE: _("This value has a quota already."),
        FaultCode.NO_BOUND: _("Give a least number, a greatest, or both."),
        FaultCode.MIN_ABOVE_MAX: _("The least number is above the greatest."),
        FaultCode.UNKNOWN_CANDIDATE: _("This is nobody who may be chosen."),
        FaultCode.INCLUDED_AND_EXCLUDED: _("The same person is included and excluded."),
    }
