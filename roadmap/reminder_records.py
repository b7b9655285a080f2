"""What reminders keep of a person, for their own eyes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.slots import PersonalRecords
from roadmap.models import ReminderHold, ReminderPreference


def choice_of(person: User) -> list[dict[str, Any]]:
    """How they want to be reminded, if they chose."""
    chosen = ReminderPreference.objects.filter(user=person)
    return [dict(row) for row in chosen.values("gathered", "hour", "muted")]


def held_from(person: User) -> list[dict[str, Any]]:
    """Reminders that the secretariat held back from them."""
    held = ReminderHold.objects.filter(recipient=person).order_by("pk")
    return [dict(row) for row in held.values("occasion", "subject", "reason", "held_at", "released_at")]


RECORDS = [
    PersonalRecords("reminder_choice", _("Reminders"), choice_of, {"hour": _("The daily mail comes at")}),
    PersonalRecords("reminders_held", _("Reminders held back from you"), held_from, {"held_at": _("When")}),
]
