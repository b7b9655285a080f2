"""What a panel is chosen from, by which rules. A ``Problem`` that exists is sound; else all its faults are told."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

CandidateId = int | str
Merit = Decimal | float | int
HIGHEST = 100
HUNDREDTH = Decimal("0.01")


class FaultCode(StrEnum):
    """What can be wrong with a problem. Rules that can't be met together are no fault: ``solve`` says so."""

    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NEGATIVE = "negative"
    NOT_WHOLE = "not_whole"
    NOT_AN_ID = "not_an_id"
    NOT_TEXT = "not_text"
    NOT_A_SET = "not_a_set"
    DUPLICATE = "duplicate"
    NO_BOUND = "no_bound"
    MIN_ABOVE_MAX = "min_above_max"
    UNKNOWN_CANDIDATE = "unknown_candidate"
    INCLUDED_AND_EXCLUDED = "included_and_excluded"


@dataclass(frozen=True)
class Fault:
    """One fault: its code, the field, the place in the field's list (None for a single value), and the value."""

    code: FaultCode
    field: str
    index: int | None = None
    value: object = None


class ProblemError(ValueError):
    """A problem that can't be posed. ``faults`` names every fault found, in the order of the fields."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.field}[{fault.index}]: {fault.code}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be chosen.

    ``merit`` is 0 to 100 and counts in hundredths, halves rounded up; None is unscored: such a candidate is
    chosen only by decision (``include``), and adds nothing. ``country`` None is counted for no country.
    ``attributes`` has the set of values for each attribute: one for gender, several for expertise.
    """

    id: CandidateId
    merit: Merit | None
    country: str | None = None
    attributes: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def hundredths(self) -> int:
        """Merit in hundredths of a point, as it is counted; 0 for the unscored."""
        if self.merit is None:
            return 0
        exact = Decimal(str(self.merit))  # a float stands for the shortest decimal that it prints as
        return int(exact.quantize(HUNDREDTH, rounding=ROUND_HALF_UP).scaleb(2))

    def has(self, attribute: str, value: str) -> bool:
        return value in self.attributes.get(attribute, ())


@dataclass(frozen=True)
class Quota:
    """At least ``min`` and at most ``max`` members with this value of this attribute; None leaves a side open."""

    attribute: str
    value: str
    min: int | None = None
    max: int | None = None


@dataclass(frozen=True)
class Problem:
    """Whom to choose from, how many, and by which rules.

    ``per_country`` limits the members of one country (None: no limit). ``include`` and ``exclude`` are decisions
    on single candidates. ``seed`` is for the draw between equal panels. Raises ``ProblemError`` with every fault.
    """

    candidates: tuple[Candidate, ...]
    seats: int
    quotas: tuple[Quota, ...] = ()
    per_country: int | None = None
    include: frozenset[CandidateId] = frozenset()
    exclude: frozenset[CandidateId] = frozenset()
    seed: int | str = 0

    def __post_init__(self) -> None:
        for name in ("candidates", "quotas"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        faults = tuple(_faults(self))
        if faults:
            raise ProblemError(faults)
        for name in ("include", "exclude"):
            object.__setattr__(self, name, frozenset(getattr(self, name)))


def points(hundredths: int) -> Decimal:
    """Merit in points, exactly."""
    return Decimal(hundredths).scaleb(-2)


def _faults(problem: Problem) -> Iterator[Fault]:
    yield from _candidate_faults(problem.candidates)
    yield from _count_faults("seats", None, problem.seats)
    yield from _quota_faults(problem.quotas)
    if problem.per_country is not None:
        yield from _count_faults("per_country", None, problem.per_country)
    yield from _decision_faults(problem)
    if not _is_id(problem.seed):
        yield Fault(FaultCode.NOT_AN_ID, "seed", None, problem.seed)


def _candidate_faults(candidates: tuple[Candidate, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, candidate in enumerate(candidates):
        if not _is_id(candidate.id):
            yield Fault(FaultCode.NOT_AN_ID, "candidates.id", index, candidate.id)
        elif str(candidate.id) in seen:  # 7 and "7" would draw the same number
            yield Fault(FaultCode.DUPLICATE, "candidates.id", index, candidate.id)
        else:
            seen.add(str(candidate.id))
        if candidate.merit is not None:
            yield from _merit_faults(index, candidate.merit)
        if candidate.country is not None and not isinstance(candidate.country, str):
            yield Fault(FaultCode.NOT_TEXT, "candidates.country", index, candidate.country)
        for attribute, values in candidate.attributes.items():
            # A text is a collection too, of letters: surely not what was meant.
            if isinstance(values, str) or not isinstance(values, Collection):
                yield Fault(FaultCode.NOT_A_SET, f"candidates.attributes.{attribute}", index, values)


def _merit_faults(index: int, merit: object) -> Iterator[Fault]:
    if (
        isinstance(merit, bool)
        or not isinstance(merit, Decimal | float | int)
        or not Decimal(merit).is_finite()
    ):
        yield Fault(FaultCode.NOT_A_NUMBER, "candidates.merit", index, merit)
    elif not 0 <= merit <= HIGHEST:
        yield Fault(FaultCode.OUT_OF_RANGE, "candidates.merit", index, merit)


def _quota_faults(quotas: tuple[Quota, ...]) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for index, quota in enumerate(quotas):
        if not isinstance(quota.attribute, str) or not isinstance(quota.value, str):
            yield Fault(FaultCode.NOT_TEXT, "quotas", index, (quota.attribute, quota.value))
            continue
        if (quota.attribute, quota.value) in seen:
            yield Fault(FaultCode.DUPLICATE, "quotas", index, (quota.attribute, quota.value))
        seen.add((quota.attribute, quota.value))
        bounds = {"min": quota.min, "max": quota.max}
        faults = [
            fault
            for name, bound in bounds.items()
            if bound is not None
            for fault in _count_faults(f"quotas.{name}", index, bound)
        ]
        yield from faults
        if quota.min is None and quota.max is None:
            yield Fault(FaultCode.NO_BOUND, "quotas", index, (quota.attribute, quota.value))
        elif not faults and quota.min is not None and quota.max is not None and quota.min > quota.max:
            yield Fault(FaultCode.MIN_ABOVE_MAX, "quotas", index, (quota.min, quota.max))


def _decision_faults(problem: Problem) -> Iterator[Fault]:
    known = {candidate.id for candidate in problem.candidates if _is_id(candidate.id)}
    for name in ("include", "exclude"):
        for index, candidate in enumerate(_listed(getattr(problem, name))):
            if not _is_id(candidate) or candidate not in known:
                yield Fault(FaultCode.UNKNOWN_CANDIDATE, name, index, candidate)
            elif name == "exclude" and candidate in problem.include:
                yield Fault(FaultCode.INCLUDED_AND_EXCLUDED, name, index, candidate)


def _listed(ids: Collection[CandidateId]) -> list[CandidateId]:
    """A list keeps its order, so that a fault's index means something; a set is ordered by text."""
    return sorted(ids, key=str) if isinstance(ids, set | frozenset) else list(ids)


def _count_faults(name: str, index: int | None, count: object) -> Iterator[Fault]:
    if isinstance(count, bool) or not isinstance(count, int):
        yield Fault(FaultCode.NOT_WHOLE, name, index, count)
    elif count < 0:
        yield Fault(FaultCode.NEGATIVE, name, index, count)


def _is_id(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)
