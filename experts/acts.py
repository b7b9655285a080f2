"""What the acts in experts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "call.announce": _("Announced a call"),
    "call.close": _("Closed a call early"),
    "call.create": _("Prepared a call"),
    "call.reopen": _("Reopened a call for a country"),
    "call.update": _("Changed a call"),
    "nomination.move": _("Changed the state of a nomination"),
    # Screening and scoring.
    "nomination.reason": _("Changed why a nomination isn’t eligible"),
    "nomination.discuss": _("Put a nomination up for discussion, or no longer"),
    "conflict.set": _("Set a conflict of interest"),
    "conflict.lift": _("Lifted a conflict of interest"),
    "reviewer.add": _("Added a reviewer"),
    "reviewer.remove": _("Removed a reviewer"),
    "review.assign": _("Assigned reviews"),
    "review.unassign": _("Took assigned reviews back"),
    "review.save": _("Saved a review as a draft"),
    "review.submit": _("Submitted a review"),
    "discussion.note": _("Wrote a note on a nomination"),
    "nomination.import": _("Imported nominations"),
    "nomination.begin": _("Began a nomination"),
    "nomination.edit": _("Changed a nomination that was handed in"),
    "nomination.take_over": _("Took a nomination in hand by its link"),
    "nomination.tell_again": _("Told a nominee again"),
    "nomination.hand_in_late": _("Tried to hand a nomination in after the deadline"),
    "nomination.add_paper": _("Uploaded a paper of a nomination"),
    "nomination.remove_paper": _("Removed a paper of a nomination"),
    "nomination.papers_expire": _("Removed papers whose time was over"),
    "nomination.same": _("Said whether two nominations are one person’s"),
    "nomination.erase": _("Erased what a nomination said"),
}
