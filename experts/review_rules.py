"""Who may screen, assign, score and discuss. What a conflict of interest bars is left out by the queries."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import Allowed, Refused, Verdict
from experts.models import Call, ConflictOfInterest, Nomination, Review
from experts.phases import Phase, phase_of
from experts.rules import may_manage_calls
from experts.scoring import is_doubtful

S = Nomination.State
# In which states the secretariat says who is eligible.
SCREENED = frozenset({S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE})


def may_screen(user: Any, call: Call) -> Verdict:
    """The secretariat screens nominations of experts; offers to host are another matter."""
    if call.kind != Call.Kind.EXPERTS:
        return Refused(_("This call isn’t for experts."), "other_kind")
    return may_manage_calls(user)


def may_add_reviewer(user: Any, call: Call, person: Any) -> Verdict:
    """The secretariat adds people with an account that works; nobody adds themselves."""
    if not (verdict := may_screen(user, call)):
        return verdict
    if person.pk == user.pk:
        return Refused(_("Nobody makes themselves a reviewer: ask a colleague."), "self")
    if not person.is_active:
        return Refused(_("This account is disabled."), "disabled")
    return Allowed


def reviews_of(user: Any, call: Call, *, at: datetime) -> Any:
    """The caller's own reviews in a call as far as they may know of them at this time: the query behind every
    page for reviewers. None before scoring opens and after the discussion closes, none with a conflict."""
    if not user.is_authenticated or not user.is_active:
        return Review.objects.none()
    mine = Review.objects.running_for(user, at=at).unbarred().filter(reviewer__call=call)
    return mine.exclude(nomination__nominee=user.pk).exclude(nomination__email=user.email)


def may_score(review: Review, *, at: datetime) -> Verdict:
    """Scoring a nomination that was assigned: while scoring runs; in the discussion only what is discussed.

    The caller found ``review`` by ``reviews_of``. Reads ``review.nomination.call``.
    """
    nomination = review.nomination
    phase = phase_of(nomination.call, at)
    if phase == Phase.SCORING:
        open_now = True
    elif phase == Phase.DISCUSSION:
        open_now = is_doubtful(nomination)
    else:
        open_now = False
    if not open_now or nomination.state != S.ELIGIBLE:
        return Refused(_("The time for scoring this nomination is over."), "scoring_closed")
    return Allowed


def may_see_others(review: Review, *, at: datetime) -> bool:
    """Whether a reviewer sees what the others scored and said: after their own, and once scoring has closed."""
    return review.submitted_at is not None and phase_of(review.nomination.call, at) == Phase.DISCUSSION


def may_discuss(review: Review, *, at: datetime) -> Verdict:
    """Writing to the other reviewers of a doubtful nomination, in the discussion, after one's own review."""
    if not may_see_others(review, at=at) or not is_doubtful(review.nomination):
        return Refused(_("This nomination isn’t being discussed."), "not_discussed")
    return Allowed


def may_take_back_conflict(user: Any, conflict: ConflictOfInterest) -> Verdict:
    """What somebody declared themselves they may take back; what was found or set, only the secretariat lifts."""
    if conflict.user_id != user.pk or conflict.pinned or conflict.declared_by_id != user.pk:
        return Refused(_("Only the secretariat lifts this conflict of interest."), "pinned")
    return Allowed
