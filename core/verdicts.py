"""Verdicts: what a rule answers. A refusal carries the reason, to be shown to the person."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404


@dataclass(frozen=True)
class Verdict:
    """The answer of a rule: truthy when allowed; ``reason`` says why not, ``code`` names the refusal."""

    allowed: bool
    reason: Any = ""
    code: str = ""

    def __bool__(self) -> bool:
        return self.allowed


Allowed = Verdict(True)


def Refused(reason: Any, code: str = "refused") -> Verdict:
    """A refusal. ``reason`` is a (lazy) translated sentence for the person refused."""
    return Verdict(False, reason, code)


class Refusal(PermissionDenied):
    """An action was refused by its rule; carries the verdict. Shown as 403 with the reason."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict.reason))
        self.verdict = verdict


class Vanished(Http404):
    """What the caller wants to change was deleted while they were on their way. Shown as 404."""


class Conflict(Exception):
    """What the caller wants to change is no longer as they saw it, or may not change so. Shown as 409.

    ``current`` is a small mapping that describes the present state (for example ``{"version": 3}``).
    """

    def __init__(self, reason: Any, *, current: dict[str, Any] | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.current = current or {}


def require(verdict: Verdict) -> None:
    """Raise ``Refusal`` unless the verdict allows."""
    if not verdict:
        raise Refusal(verdict)
