"""What the secretariat does about single reminders: hold back, release, send now, note what came back; the rules."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, notices
from core.many_notices import Telling, notify_many
from core.models import Message
from core.verdicts import Conflict, Vanished, require
from roadmap.actions.reminding import Candidate, pages, recipients_of
from roadmap.models import ReminderHold, ReminderRule
from roadmap.models.reminders import MOST_DAYS, MOST_TIMES
from roadmap.occasions import Occasion, Span, occasion_of
from roadmap.occasions.dates import occurrence_of
from roadmap.reminder_rules import may_manage_reminders

TEST = "reminder_test"
FAR = timedelta(days=3 * MOST_DAYS)


def hold_reminder(
    *, actor: Any, code: str, about: int, person: User | None, reason: str = ""
) -> ReminderHold:
    """Hold back what an occasion would remind ``person`` of (None: whoever the subject names); twice is once.

    ``Refusal`` unless staff; ``Vanished`` for what the actor may not know of.
    """
    occasion = _known(actor, code, about)
    subject = f"{occasion.model._meta.label_lower}:{about}"
    with transaction.atomic():
        standing = {"occasion": code, "subject": subject, "recipient": person, "released_at": None}
        hold, new = ReminderHold.objects.get_or_create(
            **standing, defaults={"held_by": actor, "reason": reason.strip()[:300]}
        )
        if new:
            audit.record("reminder.hold", hold, actor=actor, changes={"occasion": code})
    return hold


def release_reminder(*, actor: Any, hold: ReminderHold) -> None:
    """Let it go out again: at once, where its time has come. Twice is once. ``Refusal`` unless staff."""
    require(may_manage_reminders(actor))
    with transaction.atomic():
        standing = ReminderHold.objects.filter(pk=hold.pk, released_at=None)
        if standing.update(released_at=timezone.now(), released_by=actor):
            audit.record("reminder.release", hold, actor=actor, changes={"occasion": hold.occasion})


def send_reminder_now(*, actor: Any, code: str, about: int, person: User | None, days: int) -> bool:
    """Send before its time the reminder that is due ``days`` after the date (before it where negative); False where
    it was sent already. When its time comes it isn't sent again.

    ``Refusal`` unless staff; ``Vanished`` where there is no such reminder; ``Conflict`` where it is held back.
    """
    occasion = _known(actor, code, about)
    offset = timedelta(days=days)
    found = _candidate(occasion, about, person)
    if found is None:
        raise Vanished
    subject = f"{occasion.model._meta.label_lower}:{about}"
    held = ReminderHold.objects.filter(occasion=code, subject=subject, released_at=None)
    if held.filter(recipient=person).exists() or held.filter(recipient=None).exists():
        raise Conflict(_("This reminder is held back: release it first."))
    language = recipients_of([person.pk])[person.pk].language if person else found.language
    telling = Telling(found.who, subject, occurrence_of(offset, found.date), language)
    with transaction.atomic():
        sent = notify_many(kind=occasion.kind, tellings=[telling])
        if sent:
            changes = {"occasion": code, "about": subject}
            audit.record("reminder.send_now", person or actor, actor=actor, changes=changes)
    return bool(sent)


def _candidate(occasion: Occasion, about: int, person: User | None) -> Candidate | None:
    now = timezone.now()
    span = Span(now, now - FAR, now + FAR, again=True)
    who = person.pk if person else None
    for page in pages(occasion, span, about=about, who=who):
        for row in page:
            if row.who == who and (who is None or who in recipients_of([who])):
                return row
    return None


def _known(actor: Any, code: str, about: int) -> Occasion:
    require(may_manage_reminders(actor))
    occasion = occasion_of(code)
    if occasion is None or about not in occasion.name([about], actor):
        raise Vanished
    return occasion


def note_bounce(*, actor: Any, message: Message, note: str = "") -> None:
    """Note that a mail came back, with what the other side said. Twice is once. ``Refusal`` unless staff."""
    require(may_manage_reminders(actor))
    with transaction.atomic():
        sent = Message.objects.filter(pk=message.pk, state=Message.State.SENT, bounced_at=None)
        if sent.update(bounced_at=timezone.now(), bounce_note=note.strip()[:300]):
            audit.record("reminder.bounce", message, actor=actor)


def send_test(*, actor: Any) -> None:
    """A mail to the actor that looks as a reminder does. ``Refusal`` unless staff."""
    require(may_manage_reminders(actor))
    with transaction.atomic():
        notices.notify(
            recipient=actor, kind=TEST, subject=actor, occurrence=f"{timezone.now():%Y%m%dT%H%M%S%f}"
        )
        audit.record("reminder.test", actor, actor=actor)


def save_rule(
    *,
    actor: Any,
    rule: ReminderRule,
    days: int,
    side: str,
    repeat_days: int | None,
    times: int,
    mandatory: bool,
    active: bool,
    version: int,
) -> ReminderRule:
    """Set a rule, new or known. What was sent under it stays sent: a reminder of other days is another reminder.

    ``Refusal`` unless staff; ``Conflict`` with the present version where somebody changed it since ``version``;
    ``ValidationError`` by field.
    """
    require(may_manage_reminders(actor))
    wanted = ReminderRule(
        occasion=rule.occasion, days=days, side=side, repeat_days=repeat_days or None, times=times
    )
    wanted.mandatory, wanted.active = mandatory, active
    check_rule(wanted)
    try:
        with transaction.atomic():
            if rule.pk is None:
                wanted.save(force_insert=True)
            else:
                _replace(rule, wanted, version)
            ReminderRule.objects.filter(pk=wanted.pk).update(changed_by=actor, changed_at=timezone.now())
            changes = {"days": days, "side": side, "times": times, "active": active}
            audit.record("reminder.change_rule", wanted, actor=actor, changes=changes)
    except IntegrityError:
        raise ValidationError({"days": _("There is a reminder at this distance already.")}) from None
    return wanted


def _replace(rule: ReminderRule, wanted: ReminderRule, version: int) -> None:
    standing = ReminderRule.objects.select_for_update().get(pk=rule.pk)
    if standing.version != version:
        raise Conflict(
            _("Somebody has changed this reminder since you opened it."),
            current={"version": standing.version},
        )
    wanted.pk, wanted.version = standing.pk, standing.version + 1
    wanted.save(force_update=True)


def check_rule(rule: ReminderRule) -> None:
    """Raise ``ValidationError`` by field where a rule can't be."""
    errors: dict[str, str] = {}
    before = rule.side == ReminderRule.Side.BEFORE
    if occasion_of(rule.occasion) is None or rule.side not in ReminderRule.Side.values:
        raise ValidationError({"side": _("There are no such reminders.")})
    if not (1 if before else 0) <= rule.days <= MOST_DAYS:
        errors["days"] = _("Give a number from %(first)d to %(last)d.") % {
            "first": 1 if before else 0,
            "last": MOST_DAYS,
        }
    if not 1 <= rule.times <= MOST_TIMES:
        errors["times"] = _("Give a number from %(first)d to %(last)d.") % {"first": 1, "last": MOST_TIMES}
    if rule.times > 1 and not 1 <= (rule.repeat_days or 0) <= MOST_DAYS:
        errors["repeat_days"] = _("Say after how many days it is repeated.")
    if errors:
        raise ValidationError(errors)
