"""What a call lets reviewers do by its dates: nothing yet, score, talk about the doubtful, nothing any more."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from experts.models import Call


class Phase(models.TextChoices):
    BEFORE = "before", _("Scoring has not opened")
    SCORING = "scoring", _("Scoring")
    DISCUSSION = "discussion", _("Discussion")
    OVER = "over", _("Scoring is over")
    DECIDED = "decided", _("Decided")


def phase_of(call: Call, at: datetime) -> Phase:
    """The phase at an instant. An end belongs to what follows: at ``scoring_closes_at`` nobody scores any more.

    The same conditions as ``ReviewQuerySet.running_for``; a test holds the two together. The announcement of the
    decision ends them all: reviewers go on meeting what they reviewed, and score nothing any more.
    """
    if call.decided_at and call.decided_at <= at:
        return Phase.DECIDED
    if call.scoring_opens_at is None or at < call.scoring_opens_at:
        return Phase.BEFORE
    if call.scoring_closes_at and at < call.scoring_closes_at:
        return Phase.SCORING
    if call.discussion_closes_at and at < call.discussion_closes_at:
        return Phase.DISCUSSION
    return Phase.OVER


def is_blind(call: Call, at: datetime) -> bool:
    """Whether reviewers are shown candidates by their code alone: until scoring closes, where the call says so.

    The same condition as ``ReviewQuerySet.named``.
    """
    return call.blind and (call.scoring_closes_at is None or at < call.scoring_closes_at)
