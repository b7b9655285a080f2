"""The agenda of a meeting: its points, their order, who speaks to them and for how long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.verdicts import Conflict, Vanished, require
from drafts.models import Draft, Provision
from experts.words import Words, check_length, set_words, words_of
from roadmap.actions.meetings import check_version, lock_meeting
from roadmap.meeting_rules import may_change_plan, may_note_presence
from roadmap.models import AgendaItem, AgendaSpeaker, Meeting

LONGEST_TITLE, MOST_ITEMS, MOST_SPEAKERS, MOST_MINUTES = 300, 60, 30, 1440
CONTENT = ("minutes", "pillar", "draft", "provision_key")
# (person, minutes) in the order in which they speak.
Speakers = Iterable[tuple[User, int]]


@dataclass(frozen=True)
class Spoken:
    """How many were noted, and of whom somebody else noted otherwise meanwhile: there theirs stands."""

    changed: int = 0
    clashes: list[AgendaSpeaker] = field(default_factory=list)


def add_item(
    *, actor: Any, meeting: Meeting, titles: Words, speakers: Speakers = (), **content: Any
) -> AgendaItem:
    """A point at the end of the agenda. ``content`` as in ``CONTENT``.

    ``Refusal`` unless staff, and once the meeting was held or cancelled; ``ValidationError`` by field: also for a
    speaker who isn't invited.
    """
    with transaction.atomic():
        meeting = _changeable(actor, meeting)
        if meeting.agenda.count() >= MOST_ITEMS:
            raise ValidationError(
                {"title": _("An agenda has at most %(limit)d points.") % {"limit": MOST_ITEMS}}
            )
        last = meeting.agenda.order_by("-position").values_list("position", flat=True).first()
        item = AgendaItem(meeting=meeting, position=(last or 0) + 1, **content)
        set_words(item, "title", titles)
        _check(item)
        item.save()
        _set_speakers(item, speakers)
        audit.record("meeting.agenda", meeting, actor=actor, changes={"added": item.pk})
    return item


def change_item(
    *,
    actor: Any,
    item: AgendaItem,
    version: int | None = None,
    titles: Words | None = None,
    speakers: Speakers | None = None,
    **content: Any,
) -> AgendaItem:
    """Change a point; what isn't named stays. Errors as in ``add_item``; ``Conflict`` where it changed since
    ``version``."""
    with transaction.atomic():
        meeting = _changeable(actor, item.meeting)
        item = _locked(item)
        check_version(item, version)
        before = _standing(item)
        for name, value in content.items():
            setattr(item, name, value)
        set_words(item, "title", titles or {})
        _check(item)
        changed = _set_speakers(item, speakers) if speakers is not None else False
        if changed or _standing(item) != before:
            item.version += 1
            item.save()
            audit.record("meeting.agenda", meeting, actor=actor, changes={"changed": item.pk})
    return item


def move_item(*, actor: Any, item: AgendaItem, up: bool) -> None:
    """Change places with the point before or after it; at the end of the list nothing happens."""
    with transaction.atomic():
        meeting = _changeable(actor, item.meeting)
        items = list(meeting.agenda.select_for_update())
        place = next((n for n, row in enumerate(items) if row.pk == item.pk), None)
        if place is None:
            raise Vanished
        other = place - 1 if up else place + 1
        if not 0 <= other < len(items):
            return
        items[place], items[other] = items[other], items[place]
        for n, row in enumerate(items, 1):
            if row.position != n:
                AgendaItem.objects.filter(pk=row.pk).update(position=n)
        audit.record("meeting.agenda", meeting, actor=actor, changes={"moved": item.pk})


def remove_item(*, actor: Any, item: AgendaItem) -> None:
    """Take a point out. Its papers stay with the meeting. ``Conflict`` where it is noted how long people spoke."""
    with transaction.atomic():
        meeting = _changeable(actor, item.meeting)
        item = _locked(item)
        if item.speakers.filter(spoken__isnull=False).exists():
            raise Conflict(_("It is noted how long people spoke to this point: it stays."))
        audit.record("meeting.agenda", meeting, actor=actor, changes={"removed": item.pk})
        item.delete()


def note_speaking(
    *,
    actor: Any,
    meeting: Meeting,
    minutes: Mapping[int, int | None],
    seen: Mapping[int, int | None] | None = None,
) -> Spoken:
    """Note for how many minutes people spoke, by the id of the ``AgendaSpeaker``; None takes it back.

    ``seen`` holds the minutes as the list was read: whoever is as they were is left alone, as for who came.
    ``Refusal`` as for who came; ``ValidationError`` for no number of minutes; ids of other meetings are passed over.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        require(may_note_presence(actor, meeting, at=timezone.now()))
        if any(n is not None and not 0 <= n <= MOST_MINUTES for n in minutes.values()):
            raise ValidationError({"minutes": _wrong_minutes()})
        rows = AgendaSpeaker.objects.select_for_update(of=("self",)).filter(item__meeting=meeting)
        changed, clashes = 0, []
        for row in rows.filter(pk__in=list(minutes)).select_related("person").order_by("pk"):
            read = (seen or {}).get(row.pk, row.spoken)
            if minutes[row.pk] in (row.spoken, read):
                continue
            if read != row.spoken:
                clashes.append(row)
                continue
            row.spoken = minutes[row.pk]
            row.save(update_fields=["spoken"])
            changed += 1
        if changed:
            audit.record("meeting.speaking", meeting, actor=actor, changes={"speakers": changed})
    return Spoken(changed, clashes)


def _changeable(actor: Any, meeting: Meeting) -> Meeting:
    meeting = lock_meeting(meeting)
    require(may_change_plan(actor, meeting))
    return meeting


def _locked(item: AgendaItem) -> AgendaItem:
    found = AgendaItem.objects.select_for_update().filter(pk=item.pk).first()
    if found is None:
        raise Vanished
    return found


def _standing(item: AgendaItem) -> dict[str, Any]:
    plan = {name: getattr(item, f"{name}_id" if name == "draft" else name) for name in CONTENT}
    return {**plan, "title": words_of(item, "title")}


def _wrong_minutes() -> str:
    return _("Give a number from %(first)d to %(last)d.") % {"first": 0, "last": MOST_MINUTES}


def _check(item: AgendaItem) -> None:
    errors: dict[str, str] = {}
    titles = words_of(item, "title")
    if not titles:
        errors["title"] = _("Give the point a name.")
    try:
        check_length(titles, LONGEST_TITLE)
    except ValidationError as error:
        errors["title"] = str(error.message)
    if not 0 <= item.minutes <= MOST_MINUTES:
        errors["minutes"] = _wrong_minutes()
    if item.pillar is not None and not 1 <= item.pillar <= 8:
        errors["pillar"] = _("Give a number from %(first)d to %(last)d.") % {"first": 1, "last": 8}
    if item.provision_key and not _has_provision(item.draft, item.provision_key):
        errors["provision_key"] = _("The draft has no such provision.")
    if errors:
        raise ValidationError(errors)


def _has_provision(draft: Draft | None, key: str) -> bool:
    return draft is not None and Provision.objects.filter(draft=draft, key=key).exists()


def _set_speakers(item: AgendaItem, speakers: Speakers) -> bool:
    """Whether they changed. What was noted of who stays stays."""
    wanted = {person.pk: minutes for person, minutes in speakers}
    standing = {row.person_id: row for row in item.speakers.all()}
    if {pk: row.minutes for pk, row in standing.items()} == wanted and list(standing) == list(wanted):
        return False
    _check_speakers(item, wanted)
    gone = [row for pk, row in standing.items() if pk not in wanted]
    if any(row.spoken is not None for row in gone):
        raise Conflict(_("It is noted how long people spoke to this point: it stays."))
    spoken = {pk: row.spoken for pk, row in standing.items()}
    item.speakers.all().delete()  # made anew in their order
    AgendaSpeaker.objects.bulk_create(
        AgendaSpeaker(item=item, person_id=pk, minutes=minutes, spoken=spoken.get(pk))
        for pk, minutes in wanted.items()
    )
    return True


def _check_speakers(item: AgendaItem, wanted: dict[int, int]) -> None:
    if len(wanted) > MOST_SPEAKERS:
        raise ValidationError({"speakers": _("At most %(limit)d people.") % {"limit": MOST_SPEAKERS}})
    if any(not 0 <= minutes <= MOST_MINUTES for minutes in wanted.values()):
        raise ValidationError({"speakers": _wrong_minutes()})
    invited = item.meeting.invitations.filter(withdrawn_at__isnull=True, person__in=wanted)
    if invited.count() != len(wanted):
        raise ValidationError({"speakers": _("Who speaks is invited first.")})
