"""Dates that have moved: telling those who count on them, and taking back what is queued for the old ones."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consultations.models import Comment, Round
from core.many_notices import Telling, notify_many
from core.models import Message, Notice, subject_of
from core.notices import take_back
from roadmap.actions.reminding import PAGE, recipients_of, still_due
from roadmap.models import Milestone
from roadmap.occasions import occasions
from roadmap.occasions.rounds import readers

# The kind of mail by which followers are told: who is both is told once.
MOVED = "round_closing_moved"
REMINDED = ("reminder.round_input", "reminder.round_unsent")


def tell_of_new_closing(*, round_id: int) -> int:
    """Tell who was reminded of another closing of the round, or has begun to write in it; how many were told now."""
    round = Round.objects.select_related("draft").get(pk=round_id)
    about = subject_of(round)
    reminded = Notice.objects.filter(kind__in=REMINDED, subject=about, message__state="sent")
    begun = Comment.objects.filter(round=round, status=Comment.Status.DRAFT)
    concerned = Q(pk__in=reminded.values("recipient")) | Q(pk__in=begun.values("author"))
    people = readers(round, timezone.now()).filter(concerned).order_by("pk")
    occurrence = f"closes-{round.closes_at:%Y%m%dT%H%M%S}"
    told, last = 0, 0
    while page := list(people.filter(pk__gt=last).values_list("pk", flat=True)[:PAGE]):
        last = page[-1]
        with transaction.atomic():
            told += notify_many(
                kind=MOVED,
                tellings=[
                    Telling(pk, about, occurrence, person.language)
                    for pk, person in recipients_of(page).items()
                ],
            )
    return told


def take_back_of_milestone(*, milestone_id: int) -> int:
    """Take back the reminders of a milestone that are queued, and not sent, for dates that it has no more; how many.

    Of its new date everybody is reminded when that comes: it is another occurrence.
    """
    subject = f"{Milestone._meta.label_lower}:{milestone_id}"
    queued = Notice.objects.filter(subject=subject, message__state=Message.State.WAITING)
    taken = 0
    for occasion in occasions():
        if occasion.model is Milestone:
            ours = queued.filter(kind=occasion.kind)
            for occurrence in set(ours.values_list("occurrence", flat=True)):
                concerned = still_due(occasion, occurrence, milestone_id)
                told = ours.filter(occurrence=occurrence)
                gone = {pk for pk, who in told.values_list("pk", "recipient") if who not in concerned}
                taken += take_back(Notice.objects.filter(pk__in=gone)) if gone else 0
    return taken
