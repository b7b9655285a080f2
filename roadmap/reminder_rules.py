"""Who may look after reminders."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role
from core.verdicts import Allowed, Refused, Verdict

STAFF_ONLY = Refused(_("Only the secretariat may do this."), "not_staff")


def may_manage_reminders(user: Any) -> Verdict:
    """Seeing who is reminded of what, holding back, sending, and changing the rules: the secretariat."""
    return Allowed if facts_of(user).has(Role.STAFF) else STAFF_ONLY
