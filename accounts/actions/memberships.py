"""A membership from beginning to end: who enters a group, for how long, as what, in whose place, and why."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Group, Membership, MembershipChange, Organisation, User, day_of
from accounts.queries import secretariat
from accounts.rules import may_change_membership, may_manage_groups
from core import audit, notices
from core.verdicts import require
from core.words import clean_words

Kind, Role = MembershipChange.Kind, Membership.Role
LONGEST_REASON = 2000
LONGEST_TERM = timedelta(days=3653)
# Whom a notice of a change can be about; an organisation is told nothing.
CHANGED, ENDING, TERMS_END = "membership_changed", "term_ending", "terms_ending"
# How long before the last day of a term its member and the secretariat are told.
TOLD_BEFORE = timedelta(days=30)


def enter_group(
    *,
    group: Group,
    person: User,
    by: Any,
    ends_on: date | None = None,
    reason: str = "",
    replaces: Membership | None = None,
) -> tuple[Membership, bool]:
    """The person's membership, and whether it is new. Whoever is a member stays what they are.

    A part of other actions: they ask their rule, own the transaction and record their act. A membership whose term is
    over stays on record as what it was, and another begins.
    """
    standing = Membership.objects.select_for_update().filter(group=group, user=person, until=None).first()
    if standing is not None and not standing.is_current() and standing.ends_on is not None:
        standing.until = _end_of(standing.ends_on)
        standing.save(update_fields=["until"])
    membership, created = Membership.objects.get_or_create(
        group=group,
        user=person,
        until=None,
        defaults={"since": timezone.now(), "ends_on": ends_on, "replaces": replaces},
    )
    if created:
        note_change(membership, Kind.JOINED, by=by, value=_iso(ends_on), reason=reason)
    return membership, created


def note_change(
    membership: Membership, kind: str, *, by: Any, before: str = "", value: str = "", reason: str = ""
) -> MembershipChange:
    """Put on the membership's record what an action has done."""
    return MembershipChange.objects.create(
        membership=membership, kind=kind, before=before, value=value, reason=reason, by=by, at=timezone.now()
    )


def set_term(*, actor: Any, membership: Membership, ends_on: date | None, reason: str) -> Membership:
    """Agree another last day, or None: no end is agreed. The same again changes nothing; the member is told.

    ``Refusal`` unless of the secretariat, and where the membership is over; ``ValidationError`` by field.
    """
    said = clean_reason(reason)
    with transaction.atomic():
        locked = _locked(actor, membership)
        if locked.ends_on == ends_on:
            return locked
        check_term(ends_on)
        before, locked.ends_on = locked.ends_on, ends_on
        locked.save(update_fields=["ends_on"])
        made = note_change(locked, Kind.TERM, by=actor, before=_iso(before), value=_iso(ends_on), reason=said)
        changes = {"ends_on": [_iso(before), _iso(ends_on)]}
        audit.record("group.term", _subject(locked), actor=actor, changes=_named(locked, changes))
        _tell(locked, made)
    return locked


def set_role(*, actor: Any, membership: Membership, role: str, reason: str) -> Membership:
    """Make somebody chair, co-chair, rapporteur or member again. A group has one chair at a time; the member is told.

    ``Refusal`` unless of the secretariat, and where the membership is over; ``ValidationError`` by field.
    """
    if role not in Role.values:
        raise ValidationError({"role": _("Choose a role.")})
    said = clean_reason(reason)
    with transaction.atomic():
        locked = _locked(actor, membership)
        if locked.role == role:
            return locked
        others = Membership.objects.current().filter(group=locked.group_id, role=Role.CHAIR)
        sitting = others.exclude(pk=locked.pk).select_related("user", "organisation__country").first()
        if role == Role.CHAIR and sitting is not None:
            text = _("%(name)s is the chair. Give that member another role first, or choose co-chair.")
            raise ValidationError({"role": text % {"name": sitting.shown_name}})
        before, locked.role = locked.role, role
        locked.save(update_fields=["role"])
        made = note_change(locked, Kind.ROLE, by=actor, before=before, value=role, reason=said)
        changes = {"role": [before, role]}
        audit.record("group.role", _subject(locked), actor=actor, changes=_named(locked, changes))
        _tell(locked, made)
    return locked


def set_replaced(*, actor: Any, membership: Membership, replaces: Membership | None) -> Membership:
    """Note whose place in the group somebody has taken; None takes the note back.

    ``Refusal`` unless of the secretariat, and where the membership is over; ``ValidationError`` where the other was
    not in the group before, or somebody else has that place.
    """
    with transaction.atomic():
        locked = _locked(actor, membership)
        if replaces is not None and not replaceable_by(locked).filter(pk=replaces.pk).exists():
            raise ValidationError({"replaces": _("Choose a former member whose place nobody has taken.")})
        before, after = locked.replaces_id, replaces.pk if replaces else None
        if before == after:
            return locked
        locked.replaces = replaces
        locked.save(update_fields=["replaces"])
        note_change(locked, Kind.REPLACED, by=actor, before=str(before or ""), value=str(after or ""))
        audit.record("group.replace", _subject(locked), actor=actor, changes=_named(locked, {}))
    return locked


def replaceable_by(membership: Membership) -> Any:
    """Former members of the group whose place nobody has but perhaps this member (a queryset)."""
    taken = Membership.objects.filter(group=membership.group_id, replaces__isnull=False)
    return (
        Membership.objects.former()
        .filter(group=membership.group_id)
        .exclude(pk=membership.pk)
        .exclude(pk__in=taken.exclude(pk=membership.pk).values("replaces"))
        .select_related("user", "organisation__country")
        .order_by("-since", "-pk")
    )


def end_membership(*, actor: Any, membership: Membership, reason: str) -> None:
    """Take a person or an organisation out of a group from now on, and say why. Twice is once; the member is told.

    ``Refusal`` unless of the secretariat; ``ValidationError`` without a reason.
    """
    require(may_manage_groups(actor))
    said = clean_reason(reason)
    with transaction.atomic():
        locked = _read(membership)
        if not locked.is_current():
            return
        made = end_now(locked, by=actor, reason=said)
        audit.record("group.end", _subject(locked), actor=actor, changes=_named(locked, {}))
        _tell(locked, made)


def end_now(membership: Membership, *, by: Any, reason: str) -> MembershipChange:
    """End a membership that the caller has locked; a part of other actions, as ``enter_group``."""
    membership.until = timezone.now()
    membership.save(update_fields=["until"])
    return note_change(membership, Kind.ENDED, by=by, reason=reason)


def tell_of_ending_terms(now: datetime) -> int:
    """Tell members whose term ends within a month, and the secretariat once for each group and day; how many are told.

    Safe to run twice: a notice is unique, and another last day is another notice.
    """
    today, count = day_of(now), 0
    ending = Membership.objects.current(now).filter(ends_on__lte=today + TOLD_BEFORE, user__isnull=False)
    rows = ending.filter(user__in=User.objects.active()).select_related("user", "group").order_by("pk")
    days: dict[tuple[int, date], Group] = {}
    for row in rows:
        assert row.user is not None and row.ends_on is not None  # of the filter
        days[row.group_id, row.ends_on] = row.group
        with transaction.atomic():
            told = notices.notify(
                recipient=row.user, kind=ENDING, subject=row, occurrence=row.ends_on.isoformat()
            )
        count += told is not None
    for (_pk, day), group in days.items():
        with transaction.atomic():
            for person in secretariat():
                notices.notify(recipient=person, kind=TERMS_END, subject=group, occurrence=day.isoformat())
    return count


def check_term(ends_on: date | None) -> None:
    """``ValidationError`` where a last day lies in the past or absurdly far ahead."""
    today = day_of(timezone.now())
    if ends_on is not None and ends_on < today:
        text = _("The last day can’t be in the past. To end a membership now, end it below.")
        raise ValidationError({"ends_on": text})
    if ends_on is not None and ends_on > today + LONGEST_TERM:
        raise ValidationError({"ends_on": _("Give a day within the next ten years.")})


def clean_reason(reason: str) -> str:
    """The words of a reason; ``ValidationError`` where there are none or too many."""
    said = clean_words(reason)
    if not said:
        raise ValidationError({"reason": _("Give a reason.")})
    if len(said) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})
    return said


def _locked(actor: Any, membership: Membership) -> Membership:
    locked = _read(membership)
    require(may_change_membership(actor, locked))
    return locked


def _read(membership: Membership) -> Membership:
    """The row, locked after its group's: two who would make a chair wait for each other."""
    Group.objects.select_for_update(no_key=True).get(pk=membership.group_id)
    rows = Membership.objects.select_for_update(of=("self",))
    return rows.select_related("group", "user", "organisation__country").get(pk=membership.pk)


def _subject(membership: Membership) -> User | Organisation:
    subject = membership.user or membership.organisation
    assert subject is not None  # a constraint of the table
    return subject


def _named(membership: Membership, changes: dict[str, Any]) -> dict[str, Any]:
    return {"group": membership.group.slug, **changes}


def _tell(membership: Membership, change: MembershipChange) -> None:
    if membership.user is not None and membership.user.is_active and not membership.user.erased_at:
        notices.notify(recipient=membership.user, kind=CHANGED, subject=change)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _end_of(day: date) -> datetime:
    """The first moment after a day of the secretariat's zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.SECRETARIAT_TIME_ZONE))
