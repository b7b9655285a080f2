"""What the road map and its reminders know of rounds: by when their answers are due, and who wants no reminders."""

from datetime import date
from typing import Any

from django.urls import reverse

from consultations.models import Round
from consultations.slots import Due, ReminderChoices
from roadmap.models import Dependency, Milestone, ReminderPreference
from roadmap.reminder_mails import stop_token

INPUT = "round_input"  # the reminder that people turn off who want none of a round's


def due_after(round: Round, reader: Any) -> Due | None:
    """The milestone that depends on one of the round's own and begins first, as far as the reader sees it: two
    queries. Its forecast counts, else what was tentatively planned; what has begun already sets no day any more."""
    dependents = Dependency.objects.filter(on__round=round).values("milestone")
    found = (
        Milestone.objects.visible_to(reader).filter(pk__in=dependents, actual_start=None).exclude(round=round)
    )
    dated = [(day, milestone) for milestone in found if (day := _begins(milestone)) is not None]
    if not dated:
        return None
    day, milestone = min(dated, key=lambda pair: (pair[0], pair[1].pk))
    return Due(milestone.title, day, reverse("roadmap:milestone_detail", args=[milestone.uuid]))


def _begins(milestone: Milestone) -> date | None:
    dates = milestone.dates("forecast") or milestone.dates("tentative")
    return dates.start if dates else None


def unwanted() -> set[int]:
    """Ids of those who turned off the reminders of rounds in which they said nothing."""
    # Read in Python: what a list in JSON contains is asked differently on each database, and few turn anything off.
    muted = ReminderPreference.objects.exclude(muted=[]).values_list("user", "muted")
    return {person for person, codes in muted if INPUT in codes}


def stop_path(person: int) -> str:
    return reverse("reminders:stop", args=[stop_token(person, INPUT)])


CHOICES = ReminderChoices(unwanted, stop_path, (f"reminder.{INPUT}",))
