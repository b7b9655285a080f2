"""What the road map does by the clock."""

from datetime import datetime

from core import schedule
from roadmap.actions import reminding
from roadmap.reminder_mails import register_kinds

FIVE_MINUTES = 300.0


@schedule.every(FIVE_MINUTES, "roadmap.send_reminders")
def send_reminders(now: datetime) -> None:
    reminding.send_due(now)


register_kinds()
