"""What the acts in roadmap are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "meeting.plan": _("Planned a meeting"),
    "meeting.change": _("Changed a meeting"),
    "meeting.announce": _("Announced a meeting"),
    "meeting.cancel": _("Cancelled a meeting"),
    "meeting.hold": _("Noted that a meeting was held"),
    "meeting.publish": _("Published the summary of a meeting"),
    "meeting.write_record": _("Wrote the notes of a meeting"),
    "meeting.agenda": _("Changed the agenda of a meeting"),
    "meeting.add_paper": _("Added a paper to a meeting"),
    "meeting.change_paper": _("Changed a paper of a meeting"),
    "meeting.remove_paper": _("Removed a paper of a meeting"),
    "meeting.invite": _("Invited to a meeting"),
    "meeting.withdraw_invitation": _("Withdrew an invitation to a meeting"),
    "meeting.answer": _("Answered an invitation to a meeting"),
    "meeting.name": _("Said whether to be named with a meeting"),
    "meeting.attendance": _("Noted who came to a meeting"),
    "meeting.speaking": _("Noted who spoke in a meeting for how long"),
    "meeting.decision": _("Noted a decision of a meeting"),
    "meeting.task": _("Set a task of a meeting"),
    "meeting.finish_task": _("Said whether a task of a meeting is done"),
    "calendar.renew": _("Made a new address for a calendar"),
    "calendar.stop": _("Withdrew the address of a calendar"),
}
