"""Who came to a meeting."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.punctuation import listed
from core.verdicts import require
from roadmap.actions.meetings import lock_meeting
from roadmap.meeting_rules import may_note_presence
from roadmap.models import Attendance, Meeting, MeetingInvitation

STATES = ("", *Attendance.State.values)


@dataclass(frozen=True)
class Noted:
    """How many were noted, and of whom somebody else noted otherwise meanwhile: there theirs stands."""

    changed: int = 0
    clashes: list[MeetingInvitation] = field(default_factory=list)


def note_attendance(
    *, actor: Any, meeting: Meeting, states: Mapping[int, str], seen: Mapping[int, str] | None = None
) -> Noted:
    """Note who came, by the id of the invitation; "" takes it back.

    ``seen`` holds the states as the list was read: whoever is as they were is left alone, so that two people with the
    same list don't undo each other. ``Refusal`` by ``may_note_presence``; ``ValidationError`` for an unknown state.
    Ids of other meetings are passed over.
    """
    if any(state not in STATES for state in states.values()):
        choices = {"choices": listed(Attendance.State.values)}
        raise ValidationError({"states": _("Choose one of: %(choices)s.") % choices})
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        require(may_note_presence(actor, meeting, at=timezone.now()))
        rows = meeting.invitations.filter(pk__in=list(states), withdrawn_at__isnull=True)
        changed, clashes = 0, []
        for row in rows.select_related("person", "attendance").order_by("pk"):
            standing = row.attendance.state if hasattr(row, "attendance") else ""
            read = (seen or {}).get(row.pk, standing)
            if states[row.pk] in (standing, read):
                continue
            if read != standing:
                clashes.append(row)
                continue
            _note(row, states[row.pk], actor)
            changed += 1
        if changed:
            audit.record("meeting.attendance", meeting, actor=actor, changes={"people": changed})
    return Noted(changed, clashes)


def _note(invitation: MeetingInvitation, state: str, actor: Any) -> None:
    if not state:
        Attendance.objects.filter(invitation=invitation).delete()
        return
    noted = {"state": state, "noted_by": actor, "noted_at": timezone.now()}
    Attendance.objects.update_or_create(invitation=invitation, defaults=noted)
