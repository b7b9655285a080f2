"""Meetings: planned, changed, announced, cancelled, held, and told of."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Group
from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict, Vanished, require
from core.words import clean_words
from experts.actions.calls import LONGEST_REASON, LONGEST_TITLE, YEARS
from experts.models import Call, HostingSlot
from experts.words import Words, check_length, set_words, words_of
from experts.zones import is_zone
from roadmap.meeting_queries import people_in
from roadmap.meeting_rules import (
    is_told,
    may_announce,
    may_change_plan,
    may_hold,
    may_manage_meetings,
    may_publish,
)
from roadmap.meeting_times import fitted
from roadmap.models import Meeting, MeetingInvitation

PLAN = (
    *("kind", "starts_at", "ends_at", "precision", "time_zone", "mode", "place", "country"),
    *("join_url", "public"),
)
# What calendars hold: a change of it is told to whoever is invited.
TOLD = frozenset(PLAN) - {"public", "kind"} | {"title"}
CHOICES: dict[str, Any] = {"kind": Meeting.Kind, "mode": Meeting.Mode, "precision": Meeting.Precision}
LONGEST_PLACE, LONGEST_ADDRESS = 200, 500


def plan_meeting(
    *,
    actor: Any,
    titles: Words,
    groups: Iterable[Group] = (),
    slot: HostingSlot | None = None,
    **plan: Any,
) -> Meeting:
    """A meeting in preparation, which the secretariat alone knows of. ``plan`` as in ``PLAN``; ``slot``: the meeting of
    a call to host from which it comes.

    ``Refusal`` unless staff; ``Conflict`` for a slot whose hosts aren't announced, or that has its meeting already;
    ``ValidationError`` by field.
    """
    with transaction.atomic():
        require(may_manage_meetings(actor))
        if slot is not None:
            slot = _free_slot(slot)
        meeting = Meeting(created_by=actor, slot=slot, **plan)
        set_words(meeting, "title", titles)
        _fit(meeting)
        _check(meeting)
        meeting.save()
        meeting.groups.set(list(groups))
        audit.record("meeting.plan", meeting, actor=actor, changes={"slot": slot.pk} if slot else {})
    return meeting


def change_meeting(
    *,
    actor: Any,
    meeting: Meeting,
    version: int | None = None,
    titles: Words | None = None,
    groups: Iterable[Group] | None = None,
    **plan: Any,
) -> Meeting:
    """Change what is planned; what isn't named stays, and a change of nothing leaves no trace. Once announced, whoever
    is invited is told, and their calendars with them. Whom groups named later bring is invited at once.

    ``Refusal`` unless staff, and once it was held or cancelled; ``Conflict`` where it changed since ``version``;
    ``ValidationError`` by field.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        require(may_change_plan(actor, meeting))
        check_version(meeting, version)
        before = _standing(meeting)
        for name, value in plan.items():
            setattr(meeting, name, value)
        set_words(meeting, "title", titles or {})
        _fit(meeting)
        _check(meeting)
        after = _standing(meeting)
        changed = sorted(name for name in after if after[name] != before[name])
        if groups is not None and set(groups) != set(meeting.groups.all()):
            meeting.groups.set(list(groups))
            changed.append("groups")
        if not changed:
            return meeting
        meeting.version += 1
        if meeting.announced_at and TOLD & set(changed):
            meeting.sequence += 1
            outbox.record("meeting.changed", meeting)
        meeting.save()
        audit.record("meeting.change", meeting, actor=actor, changes={"fields": changed})
        if meeting.announced_at and "groups" in changed:
            bring_groups(meeting, actor)
    return meeting


def announce_meeting(*, actor: Any, meeting: Meeting, version: int | None = None) -> Meeting:
    """Invite everybody of its groups and tell all who are invited, once. What is over is only put on record.

    ``Refusal`` unless staff, and where it is announced, held or cancelled; ``Conflict`` where it changed since
    ``version``; ``ValidationError`` by field where something is missing that people need.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        require(may_announce(actor, meeting))
        check_version(meeting, version)
        _check_complete(meeting)
        meeting.announced_at = timezone.now()
        meeting.version += 1
        meeting.save()
        invited = bring_groups(meeting, actor, tell=False)
        audit.record("meeting.announce", meeting, actor=actor, changes={"invited": invited})
        outbox.record("meeting.announced", meeting)
    return meeting


def cancel_meeting(*, actor: Any, meeting: Meeting, note: str = "", version: int | None = None) -> Meeting:
    """Cancel it for good; whoever was told of it is told, with ``note``. Twice is once.

    ``Refusal`` unless staff, and once it was held; ``Conflict`` where it changed since ``version``.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        if meeting.cancelled_at and may_manage_meetings(actor):
            return meeting
        require(may_change_plan(actor, meeting))
        check_version(meeting, version)
        said = clean_words(note)
        if len(said) > LONGEST_REASON:
            raise ValidationError({"note": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})
        meeting.cancelled_at, meeting.cancellation_note = timezone.now(), said
        meeting.version += 1
        meeting.sequence += 1
        meeting.save()
        audit.record("meeting.cancel", meeting, actor=actor)
        outbox.record("meeting.cancelled", meeting)
    return meeting


def hold_meeting(*, actor: Any, meeting: Meeting) -> Meeting:
    """Note that it took place. ``Refusal`` unless staff, before it began, and where it was cancelled. Twice is once."""
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        if meeting.held_at and may_manage_meetings(actor):
            return meeting
        require(may_hold(actor, meeting, at=timezone.now()))
        meeting.held_at = timezone.now()
        meeting.version += 1
        meeting.save()
        audit.record("meeting.hold", meeting, actor=actor)
    return meeting


def publish_summary(*, actor: Any, meeting: Meeting) -> Meeting:
    """Let everybody who may know of the meeting read its summary, decisions and numbers.

    ``Refusal`` unless staff, before it was held, and where it is published; ``ValidationError`` without a summary.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        require(may_publish(actor, meeting))
        record = getattr(meeting, "record", None)
        if record is None or not words_of(record, "summary"):
            raise ValidationError({"summary": _("Write the summary first, in one language at least.")})
        meeting.published_at = timezone.now()
        meeting.version += 1
        meeting.save()
        audit.record("meeting.publish", meeting, actor=actor)
    return meeting


def bring_groups(meeting: Meeting, actor: Any, *, tell: bool = True) -> int:
    """Invite everybody of the meeting's groups who isn't yet; how many are new. For callers that hold its lock.

    Whose invitation was withdrawn stays out.
    """
    known = set(meeting.invitations.values_list("person", flat=True))
    people = [person for person in people_in(meeting.groups.all()) if person.pk not in known]
    made = MeetingInvitation.objects.bulk_create(
        MeetingInvitation(meeting=meeting, person=person, invited_by=actor) for person in people
    )
    if tell and is_told(meeting):
        for invitation in made:
            outbox.record("meeting.invited", invitation)
    return len(made)


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting as it stands, locked for the caller's transaction. ``Vanished`` where it is gone."""
    found = Meeting.objects.select_for_update().filter(pk=meeting.pk).first()
    if found is None:
        raise Vanished
    return found


def check_version(row: Any, version: int | None) -> None:
    """``Conflict`` with the present version where it isn't ``version``."""
    if version is not None and row.version != version:
        raise Conflict(_("This has changed since you opened it."), current={"version": row.version})


def _free_slot(slot: HostingSlot) -> HostingSlot:
    call = Call.objects.get(pk=slot.call_id)
    if not call.decided_at:
        raise Conflict(_("A meeting is planned from a call to host once its hosts are announced."))
    # Two who plan it at once are told apart here; the database holds one meeting for each.
    slot = HostingSlot.objects.select_for_update().get(pk=slot.pk)
    standing = Meeting.objects.filter(slot=slot).first()
    if standing:
        raise Conflict(_("This meeting is planned already."), current={"meeting": str(standing.uuid)})
    return slot


def _standing(meeting: Meeting) -> dict[str, Any]:
    # By its id: reading the country itself would ask the database.
    plan = {name: getattr(meeting, f"{name}_id" if name == "country" else name) for name in PLAN}
    return {**plan, "title": words_of(meeting, "title")}


def _fit(meeting: Meeting) -> None:
    meeting.place = clean_words(meeting.place)
    known = meeting.precision in Meeting.Precision.values and is_zone(meeting.time_zone)
    if known and _years_fit(meeting):
        meeting.starts_at, meeting.ends_at = fitted(
            meeting.starts_at, meeting.ends_at, meeting.precision, meeting.time_zone
        )


def _years_fit(meeting: Meeting) -> bool:
    return all(at is not None and at.year in YEARS for at in (meeting.starts_at, meeting.ends_at))


def _check(meeting: Meeting) -> None:
    errors: dict[str, str] = {}
    titles = words_of(meeting, "title")
    if not titles:
        errors["title"] = _("Give the meeting a name.")
    try:
        check_length(titles, LONGEST_TITLE)
    except ValidationError as error:
        errors["title"] = str(error.message)
    for name, choices in CHOICES.items():
        if getattr(meeting, name) not in choices.values:
            errors[name] = _("Choose one of: %(choices)s.") % {"choices": listed(choices.values)}
    if not is_zone(meeting.time_zone):
        errors["time_zone"] = _("This is no time zone of a place.")
    if len(meeting.place) > LONGEST_PLACE:
        errors["place"] = _("At most %(limit)d characters.") % {"limit": LONGEST_PLACE}
    errors |= _wrong_times(meeting) | _wrong_address(meeting.join_url)
    if errors:
        raise ValidationError(errors)


def _wrong_times(meeting: Meeting) -> dict[str, str]:
    span = {"first": YEARS[0], "last": YEARS[-1]}
    errors = {}
    for name in ("starts_at", "ends_at"):
        at = getattr(meeting, name)
        if at is None:
            errors[name] = _("This is needed.")
        elif at.year not in YEARS:
            errors[name] = _("Give a year from %(first)d to %(last)d.") % span
    if not errors and meeting.ends_at <= meeting.starts_at:
        errors["ends_at"] = _("The end comes after the beginning.")
    return errors


def _wrong_address(address: str) -> dict[str, str]:
    if not address:
        return {}
    try:
        if len(address) > LONGEST_ADDRESS:
            raise ValidationError("")
        URLValidator(schemes=["https", "http"])(address)
    except ValidationError:
        return {"join_url": _("Write a whole address, such as https://example.org/room.")}
    return {}


def _check_complete(meeting: Meeting) -> None:
    """What people need to come: for what is over nothing more is asked."""
    if meeting.ends_at <= timezone.now():
        return
    errors = {}
    if meeting.precision == Meeting.Precision.MONTH:
        errors["precision"] = _("Say on which day it is before you announce it.")
    if meeting.mode != Meeting.Mode.ONLINE and not meeting.place:
        errors["place"] = _("Say where it is before you announce it.")
    if errors:
        raise ValidationError(errors)
