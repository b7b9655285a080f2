"""Who may see and do what with the funding."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import Allowed, Refused, Verdict
from experts.standing import is_staff
from roadmap.models import FundingScenario, FundingTransaction


def may_manage_funding(user: Any) -> Verdict:
    """The secretariat keeps the account: estimates, transactions, rates, snapshots, scenarios."""
    if is_staff(user):
        return Allowed
    return Refused(_("Only the secretariat may do this."), "not_staff")


def may_see_transaction(user: Any, entry: FundingTransaction) -> Verdict:
    """Public ones everyone, as long as what stands in their stead now is public; all the secretariat. As
    ``FundingTransaction.objects.visible_to``."""
    if is_staff(user):
        return Allowed
    standing = entry
    while (later := getattr(standing, "replaced_by", None)) is not None:
        standing = later
    if entry.public and standing.public:
        return Allowed
    return Refused(_("There is no such entry."), "hidden")


def may_see_scenario(user: Any, scenario: FundingScenario) -> Verdict:
    """Public ones everyone, all the secretariat; as ``FundingScenario.objects.visible_to``."""
    if scenario.public or is_staff(user):
        return Allowed
    return Refused(_("There is no such scenario."), "hidden")
