from consultations.models.answers import Answer, AppliedChange, Disposition
from consultations.models.comments import Anchor, Comment, CommentRevision, Position, Reply
from consultations.models.evidence import Evidence
from consultations.models.questions import Question, QuestionAnswer
from consultations.models.rounds import Round, RoundAudience, RoundCounter, RoundDeadline, RoundScope
from consultations.models.tallies import Tally, TallyParticipant

__all__ = [
    "Anchor",
    "Answer",
    "AppliedChange",
    "Comment",
    "CommentRevision",
    "Disposition",
    "Evidence",
    "Position",
    "Question",
    "QuestionAnswer",
    "Reply",
    "Round",
    "RoundAudience",
    "RoundCounter",
    "RoundDeadline",
    "RoundScope",
    "Tally",
    "TallyParticipant",
]
