"""What the acts in experts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "nomination.move": _("Changed the state of a nomination"),
    # The panel.
    "selection.compute": _("Computed a panel"),
    "selection.rename": _("Renamed a computed panel"),
    "selection.discard": _("Discarded a computed panel"),
    "selection.restore": _("Restored a computed panel"),
}
