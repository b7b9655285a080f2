"""What the acts in experts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "nomination.move": _("Changed the state of a nomination"),
    "nomination.begin": _("Began a nomination"),
    "nomination.edit": _("Changed a nomination that was handed in"),
    "nomination.take_over": _("Took a nomination in hand by its link"),
    "nomination.tell_again": _("Told a nominee again"),
    "nomination.hand_in_late": _("Tried to hand a nomination in after the deadline"),
    "nomination.add_paper": _("Uploaded a paper of a nomination"),
    "nomination.remove_paper": _("Removed a paper of a nomination"),
    "nomination.erase": _("Erased what a nomination said"),
}
