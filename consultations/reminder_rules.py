"""Who sees the balance of a round, and who reminds whom while it is open."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consultations.models import Round
from consultations.rules import CLOSED, NOT_YET, STAFF_ONLY, is_staff
from core.verdicts import Allowed, Refused, Verdict
from drafts.models import Draft

UNREAD = Refused(_("Nobody outside reads this draft: there is nobody to remind."), "unread")


def may_see_balance(user: Any, round: Round) -> Verdict:
    """Staff: it names people, and counts that could tell who spoke."""
    return Allowed if is_staff(user, round) else STAFF_ONLY


def may_remind(user: Any, round: Round, *, at: datetime) -> Verdict:
    """Staff, between opening and closing, of a draft that those asked can read."""
    if not is_staff(user, round):
        return STAFF_ONLY
    if at < round.opens_at:
        return NOT_YET
    if round.closed_at or at >= round.closes_at:
        return CLOSED
    readable = (Draft.Status.CIRCULATED, *Draft.OPEN_TO_ALL)
    return Allowed if round.draft.status in readable else UNREAD
