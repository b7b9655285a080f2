"""What people choose about their reminders."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import may_edit_profile
from core import audit
from core.verdicts import require
from roadmap.models import ReminderPreference
from roadmap.occasions import occasion_of


def choose_reminders(
    *, actor: Any, person: User, gathered: bool, hour: int, muted: Iterable[str]
) -> ReminderPreference:
    """Set how a person is reminded: each at once or in one mail a day at ``hour`` of their clocks, and which not.

    ``Refusal`` unless it is their own; ``ValidationError`` for an hour or an occasion that there isn't.
    """
    require(may_edit_profile(actor, person))
    codes = sorted(set(muted))
    if not 0 <= hour <= 23:
        raise ValidationError({"hour": _("Choose an hour of the day.")})
    if any(occasion_of(code) is None for code in codes):
        raise ValidationError({"wanted": _("There are no such reminders.")})
    with transaction.atomic():
        chosen = _locked(person)
        before = (chosen.gathered, chosen.hour, chosen.muted)
        chosen.gathered, chosen.hour, chosen.muted = gathered, hour, codes
        if chosen.pk is None or before != (gathered, hour, codes):
            chosen.version += 1 if chosen.pk else 0
            chosen.save()
            audit.record(
                "reminder.choose", person, actor=actor, changes={"gathered": gathered, "muted": codes}
            )
    return chosen


def stop_reminders(*, person_id: int, code: str) -> bool:
    """Turn one sort of reminders off for whoever the link in a mail belongs to; False where it is off already.

    The link stands for the person, as it went to their address; it can do nothing else.
    """
    with transaction.atomic():
        person = User.objects.active().filter(pk=person_id).first()
        if person is None or occasion_of(code) is None:
            return False
        chosen = _locked(person)
        if code in chosen.muted:
            return False
        chosen.muted = sorted({*chosen.muted, code})
        chosen.save()
        audit.record("reminder.stop", person, actor=person, changes={"muted": [code]})
    return True


def _locked(person: User) -> ReminderPreference:
    """Their choice as it stands, or as it is without one; the person's row is locked, so that there is one."""
    User.objects.select_for_update().get(pk=person.pk)
    found = ReminderPreference.objects.filter(user=person).first()
    return found or ReminderPreference(user=person)
