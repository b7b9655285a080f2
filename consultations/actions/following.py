"""Asking to be told when the closing of a round is moved, and no longer."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations.models import Round, RoundFollower
from consultations.rules import may_follow_round
from core import audit
from core.verdicts import require


def follow_round(*, actor: Any, round: Round, wanted: bool) -> None:
    """From now on tell the actor by mail of a new closing time, or don't. Twice is once; ``Refusal`` where they may
    not see the round, or it is over."""
    with transaction.atomic():
        if wanted:
            require(may_follow_round(actor, round, at=timezone.now()))
            _follower, changed = RoundFollower.objects.get_or_create(round=round, user=actor)
        else:
            changed = bool(RoundFollower.objects.filter(round=round, user=actor).delete()[0])
        if changed:
            audit.record("round.follow" if wanted else "round.unfollow", round, actor=actor)
