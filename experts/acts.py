"""What the acts in experts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "call.announce": _("Announced a call"),
    "call.close": _("Closed a call early"),
    "call.create": _("Prepared a call"),
    "call.reopen": _("Reopened a call for a country"),
    "call.update": _("Changed a call"),
    "hosting.add_slot": _("Added a meeting to a call to host"),
    "hosting.announce": _("Announced the hosts"),
    "hosting.change_slot": _("Changed a meeting of a call to host"),
    "hosting.note_outcome": _("Noted what became of a meeting"),
    "hosting.remove_slot": _("Took a meeting out of a call to host"),
    "nomination.move": _("Changed the state of a nomination"),
    "offer.add_paper": _("Uploaded a paper of an offer to host"),
    "offer.agreement_step": _("Set a step of a host agreement"),
    "offer.begin": _("Began an offer to host"),
    "offer.change": _("Changed an offer to host that was handed in"),
    "offer.forget_papers": _("Removed the papers of an offer to host after its time"),
    "offer.hand_in_late": _("Tried to hand an offer to host in after the deadline"),
    "offer.move": _("Changed the state of an offer to host"),
    "offer.read_paper": _("Opened a paper of an offer to host"),
    "offer.remove_paper": _("Removed a paper of an offer to host"),
    "offer.score": _("Scored an offer to host"),
}
