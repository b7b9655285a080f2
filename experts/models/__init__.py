"""Calls, nominations, reviews, panels and hosting."""

from experts.models.calls import Call, CallPaper, CallQuestion, CallReopening, Criterion
from experts.models.choices import Gender, Level
from experts.models.duplicates import DuplicateVerdict
from experts.models.hosting import (
    HostAgreementStep,
    HostingOffer,
    HostingSlot,
    OfferMove,
    OfferPaper,
    OfferScore,
)
from experts.models.links import NomineeLink
from experts.models.nominations import (
    DeclaredInterest,
    Nomination,
    NominationAnswer,
    NominationMove,
    NominationPaper,
    NominationTrait,
    PaperReading,
    Referee,
)
from experts.models.panel import Appointment, Decision, DecisionItem, Selection
from experts.models.reviewing import WEIGHED, ConflictOfInterest, DiscussionNote, Review, Reviewer, Score

__all__ = [
    "WEIGHED",
    "Appointment",
    "Call",
    "CallPaper",
    "CallQuestion",
    "CallReopening",
    "ConflictOfInterest",
    "Criterion",
    "Decision",
    "DecisionItem",
    "DeclaredInterest",
    "DiscussionNote",
    "DuplicateVerdict",
    "Gender",
    "HostAgreementStep",
    "HostingOffer",
    "HostingSlot",
    "Level",
    "Nomination",
    "NominationAnswer",
    "NominationMove",
    "NominationPaper",
    "NominationTrait",
    "NomineeLink",
    "OfferMove",
    "OfferPaper",
    "OfferScore",
    "PaperReading",
    "Referee",
    "Review",
    "Reviewer",
    "Score",
    "Selection",
]
