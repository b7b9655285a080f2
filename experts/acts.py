"""What the acts in experts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "nomination.move": _("Changed the state of a nomination"),
    # The panel.
    "selection.compute": _("Computed a panel"),
    "selection.rename": _("Renamed a computed panel"),
    "selection.discard": _("Discarded a computed panel"),
    "selection.restore": _("Restored a computed panel"),
    "decision.prepare": _("Prepared the decision on a panel"),
    "decision.depart": _("Departed from the proposed panel"),
    "decision.rank": _("Changed the order of alternates"),
    "decision.state": _("Gave reasons for the panel"),
    "decision.announce": _("Announced the panel"),
    "appointment.offer": _("Offered a place"),
    "appointment.answer": _("Answered the offer of a place"),
    "appointment.join": _("Joined a group by accepting a place"),
    "appointment.leave": _("Left a group with the place"),
    "appointment.list": _("Changed what the public list says"),
    "appointment.resign": _("Recorded a resignation"),
    "appointment.replace": _("Filled a free place"),
}
