"""Problems and answers as JSON keeps them, so that a selection can be stored, sent and computed again."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from experts.panel.problem import Candidate, Problem, Quota


def plain(value: object) -> Any:
    """Dataclasses as objects by their fields, decimals as texts, sets as lists in the order of their texts."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, set | frozenset):
        return [plain(entry) for entry in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


def problem_from(stored: Mapping[str, Any]) -> Problem:
    """The problem that ``plain`` was given, equal in every answer. Raises ``ProblemError`` where it was tampered with.

    KeyError or TypeError: this isn't what ``plain`` makes of a problem.
    """
    candidates = tuple(
        Candidate(
            id=entry["id"],
            merit=Decimal(entry["merit"]) if isinstance(entry["merit"], str) else entry["merit"],
            country=entry["country"],
            attributes={name: frozenset(values) for name, values in entry["attributes"].items()},
        )
        for entry in stored["candidates"]
    )
    return Problem(
        candidates=candidates,
        seats=stored["seats"],
        quotas=tuple(Quota(**entry) for entry in stored["quotas"]),
        per_country=stored["per_country"],
        include=frozenset(stored["include"]),
        exclude=frozenset(stored["exclude"]),
        seed=stored["seed"],
    )
