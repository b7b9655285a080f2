"""What the acts in the road map are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "milestone.change": _("Changed a milestone"),
    "milestone.create": _("Entered a milestone"),
    "milestone.follow": _("A milestone moved by itself"),
    "milestone.import": _("Imported milestones"),
    "milestone.order": _("Changed the order of the milestones"),
    "milestone.release": _("Let a milestone follow again what it is about"),
    "milestone.shift": _("Moved a milestone along with what it depends on"),
}
