"""Reminding those from whom nothing has come."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.balance import KIND, Gap, audience_of
from consultations.models import Round, RoundReminder
from consultations.reminder_rules import may_remind
from core import audit
from core.many_notices import Telling, notify_many
from core.models import subject_of
from core.verdicts import require

AT_ONCE = 1000


def remind_round(*, actor: Any, round: Round, gap: Gap, key: UUID, again: bool = False) -> RoundReminder:
    """Remind exactly those of ``gap`` who have said nothing, each in a mail of their own; who they are is settled now.

    ``key`` is that of the form: pressed twice, there is one reminder, which is returned. Two people who do the same at
    once wait for each other, and the second finds them reminded. ``again``: also who was reminded in the last days.
    ``Refusal`` unless the round is open and the actor staff; ``ValidationError`` where nobody is left to remind.
    """
    with transaction.atomic():
        # Whoever reminds in this round waits here; submitting takes no lock that conflicts.
        round = (
            Round.objects.select_for_update(no_key=True, of=("self",))
            .select_related("draft")
            .get(pk=round.pk)
        )
        now = timezone.now()
        require(may_remind(actor, round, at=now))
        standing = RoundReminder.objects.filter(uuid=key, round=round).first()
        if standing is not None:
            return standing
        people = audience_of(round, gap, at=now, again=again).people
        if not people:
            raise ValidationError(
                _(
                    "Nobody is left to remind: all of them have spoken, were reminded lately or want no reminders."
                )
            )
        reminder = RoundReminder.objects.create(
            uuid=key, round=round, choice=gap.as_json(), sent_by=actor, sent_at=now
        )
        tellings = [
            Telling(person.pk, subject_of(round), f"reminder-{reminder.uuid}", person.language)
            for person in people
        ]
        for start in range(0, len(tellings), AT_ONCE):
            reminder.people += notify_many(kind=KIND, tellings=tellings[start : start + AT_ONCE])
        reminder.save(update_fields=["people"])
        audit.record("round.remind", round, actor=actor, changes={"people": reminder.people})
    return reminder
