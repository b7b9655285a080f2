"""Who may see and do what with milestones."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role
from core.verdicts import Allowed, Refused, Verdict
from roadmap.models import Milestone


def may_manage_milestones(user: Any) -> Verdict:
    """The secretariat plans: enters, changes, orders, drops, imports."""
    if facts_of(user).has(Role.STAFF):
        return Allowed
    return Refused(_("Only the secretariat may do this."), "not_staff")


def may_see_milestone(user: Any, milestone: Milestone) -> Verdict:
    """Public ones everyone, their own its owner, all the secretariat; as ``Milestone.objects.visible_to``."""
    if milestone.public or facts_of(user).has(Role.STAFF):
        return Allowed
    if user.is_authenticated and milestone.owner_id == user.pk:
        return Allowed
    return Refused(_("There is no such milestone."), "hidden")
