"""Reminders that went and that are to come, for the table of pages."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from core import outbox
from roadmap.actions.reminder_care import hold_reminder
from roadmap.actions.reminding import send_due
from roadmap.models import ReminderRule
from roadmap.reminder_mails import stop_token
from roadmap.reminder_outlook import coming


def reminder_names(staff: User) -> dict[str, Any]:
    """What is due is sent; of what is to come the first is held back."""
    send_due(timezone.now())
    outbox.drain()
    rows, _more = coming(timezone.now(), reader=staff)
    for row in rows[:1]:
        hold_reminder(actor=staff, code=row.occasion.code, about=row.about, person=row.person)
    return {
        "reminder_rule": ReminderRule.objects.filter(occasion="round_input").earliest("pk").pk,
        "stop_token": stop_token(staff.pk, "round_input"),
    }
