"""The states of a nomination: which may follow which, and what outsiders are told of them."""

from typing import Any

from experts.models import WEIGHED, Nomination
from experts.standing import is_staff

S = Nomination.State

# From where to where. Withdrawing is possible from everywhere, see ``may_follow``.
TRANSITIONS: dict[str, frozenset[str]] = {
    S.DRAFT: frozenset({S.AWAITING_NOMINEE, S.AWAITING_ENDORSEMENT, S.SUBMITTED}),
    S.AWAITING_NOMINEE: frozenset({S.DRAFT, S.AWAITING_ENDORSEMENT, S.SUBMITTED}),
    S.AWAITING_ENDORSEMENT: frozenset({S.DRAFT, S.AWAITING_NOMINEE, S.SUBMITTED}),
    # Back to whoever has to mend it, while the call is open; the endorsement is given anew.
    S.SUBMITTED: frozenset({S.DRAFT, S.AWAITING_NOMINEE, S.AWAITING_ENDORSEMENT, S.ELIGIBLE, S.INELIGIBLE}),
    S.ELIGIBLE: frozenset({S.SUBMITTED, S.INELIGIBLE, S.SCORED, S.PROPOSED, S.ALTERNATE, S.NOT_SELECTED}),
    S.INELIGIBLE: frozenset({S.SUBMITTED, S.ELIGIBLE}),
    S.SCORED: frozenset({S.ELIGIBLE, S.INELIGIBLE, S.PROPOSED, S.ALTERNATE, S.NOT_SELECTED}),
    # Decided but unannounced: every outcome can still be changed into every other.
    S.PROPOSED: frozenset({S.ELIGIBLE, S.SCORED, S.ALTERNATE, S.NOT_SELECTED, S.INVITED}),
    S.ALTERNATE: frozenset({S.ELIGIBLE, S.SCORED, S.PROPOSED, S.NOT_SELECTED, S.INVITED, S.INVITED_TO_GROUP}),
    S.NOT_SELECTED: frozenset({S.ELIGIBLE, S.SCORED, S.PROPOSED, S.ALTERNATE, S.INVITED, S.INVITED_TO_GROUP}),
    S.INVITED: frozenset({S.ACCEPTED, S.DECLINED, S.LAPSED}),
    S.ACCEPTED: frozenset({S.PUBLISHED, S.RESIGNED}),
    # Where nobody took the place meanwhile: invited again, or of another mind.
    S.DECLINED: frozenset({S.INVITED}),
    S.RESIGNED: frozenset({S.INVITED}),
    S.LAPSED: frozenset({S.INVITED, S.ACCEPTED}),
    S.PUBLISHED: frozenset({S.ACCEPTED, S.RESIGNED}),
    S.INVITED_TO_GROUP: frozenset({S.JOINED_GROUP, S.NOT_SELECTED, S.INVITED}),
    S.JOINED_GROUP: frozenset({S.NOT_SELECTED, S.INVITED}),
    S.WITHDRAWN: frozenset(),
}

# Counted against a country's limit: whoever is in the running, or about to be.
IN_THE_RUNNING = frozenset(S.values) - {S.DRAFT, S.WITHDRAWN, S.INELIGIBLE}
# What may be chosen from.
POOL = frozenset({S.ELIGIBLE, S.SCORED, S.PROPOSED, S.ALTERNATE, S.NOT_SELECTED})
# What the secretariat is still weighing. Outsiders, the nominee among them, are told "submitted".
UNANNOUNCED = frozenset({S.ELIGIBLE, S.INELIGIBLE, S.SCORED, S.PROPOSED})
# Of these the announcement decides: before it they are being weighed, too.
ANNOUNCED_WITH_DECISION = frozenset({S.ALTERNATE, S.NOT_SELECTED})


def may_follow(before: str, after: str) -> bool:
    """Whether ``after`` may follow ``before``."""
    if after == S.WITHDRAWN:
        return before != S.WITHDRAWN
    return after in TRANSITIONS[before]


def shown(state: str, *, announced: bool) -> str:
    """A state as all but the secretariat may know it, before and after the decision is announced."""
    if state in UNANNOUNCED and not (announced and state == S.INELIGIBLE):
        return S.SUBMITTED
    if state in ANNOUNCED_WITH_DECISION and not announced:
        return S.SUBMITTED
    return state


def shown_to_reviewers(state: str) -> str:
    """A state as a reviewer may know it: what became of it they learn when everybody does, from the public list."""
    return str(S.SUBMITTED) if state in WEIGHED or state in UNANNOUNCED else state


def state_shown_to(user: Any, nomination: Nomination) -> str:
    """The state as ``user`` may know it: what isn't announced yet is "submitted" to all but the secretariat, and to
    its members where they are the nominee.

    Reads ``nomination.call`` (select it with the row).
    """
    if is_staff(user) and nomination.nominee_id != user.pk:
        return nomination.state
    return shown(nomination.state, announced=nomination.call.decided_at is not None)


def states_shown_as(wanted: str, *, staff: bool, announced: bool = False) -> frozenset[str]:
    """The states that may stand behind a shown one: for filters, which must not tell more than the list does."""
    if staff:
        return frozenset({wanted})
    return frozenset(state for state in S.values if shown(state, announced=announced) == wanted)
