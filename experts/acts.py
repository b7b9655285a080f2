"""What the acts in experts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "call.announce": _("Announced a call"),
    "call.close": _("Closed a call early"),
    "call.create": _("Prepared a call"),
    "call.reopen": _("Reopened a call for a country"),
    "call.update": _("Changed a call"),
    "nomination.move": _("Changed the state of a nomination"),
}
