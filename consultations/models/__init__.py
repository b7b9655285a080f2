from consultations.models.answers import Answer, AppliedChange, Disposition
from consultations.models.carrying import AnchorMapping
from consultations.models.comments import Anchor, Comment, CommentRevision, Position, Reply
from consultations.models.evidence import Evidence
from consultations.models.mentions import Mention, ReplyMails
from consultations.models.questions import Question, QuestionAnswer
from consultations.models.reminders import RoundReminder
from consultations.models.rounds import (
    Round,
    RoundAudience,
    RoundCounter,
    RoundDeadline,
    RoundFollower,
    RoundScope,
)
from consultations.models.tallies import Tally, TallyParticipant

__all__ = [
    "Anchor",
    "AnchorMapping",
    "Answer",
    "AppliedChange",
    "Comment",
    "CommentRevision",
    "Disposition",
    "Evidence",
    "Mention",
    "Position",
    "Question",
    "QuestionAnswer",
    "Reply",
    "ReplyMails",
    "Round",
    "RoundAudience",
    "RoundCounter",
    "RoundDeadline",
    "RoundFollower",
    "RoundReminder",
    "RoundScope",
    "Tally",
    "TallyParticipant",
]
