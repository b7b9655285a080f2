"""What the acts in consultations are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "answer.change": _("Changed an answer"),
    "answer.write": _("Answered a comment"),
    "answers.publish": _("Published answers"),
    "comment.delete_draft": _("Deleted a draft comment"),
    "comment.draft": _("Began a comment"),
    "comment.edit": _("Changed a comment"),
    "comment.hand_in_late": _("Handed in a comment late"),
    "comment.hide": _("Hid a comment"),
    "comment.mail_copy": _("Asked for a copy of their comments"),
    "comment.show": _("Showed a comment again"),
    "comment.submit": _("Submitted a comment"),
    "comment.take_back": _("Took a comment back"),
    "comment.withdraw": _("Withdrew a comment"),
    "evidence.add": _("Added evidence"),
    "evidence.remove": _("Removed evidence"),
    "position.take": _("Took a position"),
    "question.answer": _("Answered a question"),
    "question.correct": _("Corrected a question"),
    "question.create": _("Wrote a question"),
    "question.delete": _("Deleted a question"),
    "question.edit": _("Changed a question"),
    "question_answer.hide": _("Hid an answer to a question"),
    "question_answer.show": _("Showed an answer to a question again"),
    "reply.write": _("Wrote a reply"),
    "reply_mails.choose": _("Chose which mails about replies to get"),
    "round.create": _("Set up a round"),
    "round.move": _("Moved a round on"),
    "round.update": _("Changed a round"),
}
