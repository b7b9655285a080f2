from consultations.models.answers import (
    Answer,
    AnswerTemplate,
    AppliedChange,
    Disposition,
    EarlierAnswer,
    HeldChange,
    Reaction,
    SentBack,
)
from consultations.models.carrying import AnchorMapping
from consultations.models.comments import Anchor, Comment, CommentRevision, Position, Reply
from consultations.models.desk import Assignment, Note, SavedFilter, Tag, Tagging
from consultations.models.entries import Entry
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
    "AnswerTemplate",
    "AppliedChange",
    "Assignment",
    "Comment",
    "CommentRevision",
    "Disposition",
    "EarlierAnswer",
    "Entry",
    "Evidence",
    "HeldChange",
    "Mention",
    "Note",
    "Position",
    "Question",
    "QuestionAnswer",
    "Reaction",
    "Reply",
    "ReplyMails",
    "Round",
    "RoundAudience",
    "RoundCounter",
    "RoundDeadline",
    "RoundFollower",
    "RoundReminder",
    "RoundScope",
    "SavedFilter",
    "Tag",
    "Tagging",
    "SentBack",
    "Tally",
    "TallyParticipant",
]
