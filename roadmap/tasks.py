"""What the road map does by the clock."""

from datetime import datetime

from consultations.models import Round
from core import outbox, schedule
from core.models import pk_of
from roadmap.actions import reminding, telling
from roadmap.models import Milestone
from roadmap.reminder_mails import register_kinds

FIVE_MINUTES = 300.0


@schedule.every(FIVE_MINUTES, "roadmap.send_reminders")
def send_reminders(now: datetime) -> None:
    reminding.send_due(now)


@outbox.handler("round.closing_moved", name="roadmap.tell_of_new_closing")
def tell_of_new_closing(subject: str) -> None:
    """Beside the followers: who was reminded of another closing, or has begun to write."""
    telling.tell_of_new_closing(round_id=int(pk_of(subject, Round)))


@outbox.handler("milestone.moved", name="roadmap.take_back_of_milestone")
def take_back_of_milestone(subject: str) -> None:
    """What is queued for a date that the milestone had isn't sent."""
    telling.take_back_of_milestone(milestone_id=int(pk_of(subject, Milestone)))


register_kinds()
