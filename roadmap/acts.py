"""What the acts in the road map are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "reminder.choose": _("Chose which reminders to get"),
    "reminder.stop": _("Turned reminders off by the link in a mail"),
    "reminder.hold": _("Held a reminder back"),
    "reminder.release": _("Released a reminder that was held back"),
    "reminder.send_now": _("Sent a reminder at once"),
    "reminder.bounce": _("Noted that a mail came back"),
    "reminder.change_rule": _("Changed when reminders go out"),
    "reminder.test": _("Sent a test mail to themselves"),
}
