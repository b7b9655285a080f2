"""What the acts in experts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "nomination.move": _("Changed the state of a nomination"),
}
