"""Rounds as the accounts speak of them: open to somebody now, or meant by an invitation."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.slots import Occasion, Occasions
from consultations.models import Round
from consultations.queries import with_people
from consultations.rules import in_audience, own_deadline
from drafts.models import Draft


def open_to(person: User) -> list[Occasion]:
    """Rounds in whose audience the person is, while they may speak there; with a deadline of their own."""
    now = timezone.now()
    waiting = Q(closes_at__gt=now) | Q(deadlines__at__gt=now)
    rounds = Round.objects.visible_to(person).filter(waiting, opens_at__lte=now, closed_at=None).distinct()
    found = [_occasion(round, own_deadline(person, round)) for round in _in_audience(rounds, person)]
    return [occasion for occasion in found if occasion.closes_at > now]


def _in_audience(rounds: "QuerySet[Round]", person: User) -> list[Round]:
    return [round for round in with_people(rounds) if in_audience(person, round)]


def meant_by(invitation: Invitation) -> list[Occasion]:
    """Rounds of the group on drafts that its members read; without a group, those that are open to everyone.
    Running or planned, with the deadline of the role that is offered."""
    now = timezone.now()
    read_by = Q(draft__status__in=Draft.OPEN_TO_ALL)
    if invitation.group_id is None:
        asked = Q(kind=Round.Kind.OPEN)
    else:
        asked = Q(audience__group=invitation.group_id)
        read_by |= Q(draft__status=Draft.Status.CIRCULATED, draft__access__group=invitation.group_id)
    rounds = Round.objects.filter(asked, read_by, closed_at=None).distinct()
    found = [_occasion(round, _deadline_for(round, invitation.role)) for round in with_people(rounds)]
    return [occasion for occasion in found if occasion.closes_at > now]


def _deadline_for(round: Round, role: str) -> datetime | None:
    return next((deadline.at for deadline in round.deadlines.all() if deadline.role == role), None)


def _occasion(round: Round, deadline: datetime | None) -> Occasion:
    path = reverse("consultations:round_detail", args=[round.pk])
    return Occasion(round.title, path, round.opens_at, deadline or round.closes_at)


OCCASIONS = Occasions(open_to, meant_by)
