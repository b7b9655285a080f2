"""Invitations to a meeting: given, withdrawn, answered; and who is named in public."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.groups import MOST_LINES
from accounts.models import User
from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict, Vanished, require
from roadmap.actions.meetings import check_version, lock_meeting
from roadmap.meeting_rules import is_told, may_answer, may_be_named, may_change_plan, may_manage_meetings
from roadmap.models import Meeting, MeetingInvitation

Answer = MeetingInvitation.Answer


def answers_open_to(meeting: Meeting) -> list[tuple[str, Any]]:
    """What can be answered: coming online is a choice of its own where others come on site."""
    hybrid = meeting.mode == Meeting.Mode.HYBRID
    return [(value, label) for value, label in Answer.choices if hybrid or value != Answer.ONLINE]


def invite_people(*, actor: Any, meeting: Meeting, people: Iterable[User]) -> list[MeetingInvitation]:
    """Invite persons; those whose invitation was withdrawn anew. Whoever is invited already stays so.

    Of a meeting that is announced they are told at once. ``Refusal`` unless staff, and once it was held or cancelled.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        require(may_change_plan(actor, meeting))
        standing = {row.person_id: row for row in meeting.invitations.select_for_update()}
        made = []
        for person in people:
            row = standing.get(person.pk)
            if (row and row.withdrawn_at is None) or not person.is_active or person.erased_at:
                continue
            made.append(_invite(meeting, person, row, actor))
        if made:
            audit.record("meeting.invite", meeting, actor=actor, changes={"people": len(made)})
    return made


def _invite(meeting: Meeting, person: User, row: MeetingInvitation | None, actor: Any) -> MeetingInvitation:
    if row is None:
        row = MeetingInvitation.objects.create(meeting=meeting, person=person, invited_by=actor)
    else:
        row.withdrawn_at, row.invited_at, row.invited_by = None, timezone.now(), actor
        row.times += 1
        row.version += 1
        row.answer, row.answered_at, row.answered_by, row.on_behalf = "", None, None, False
        row.save()
    if is_told(meeting):
        outbox.record("meeting.invited", row)
    return row


def invite_addresses(*, actor: Any, meeting: Meeting, text: str) -> tuple[list[MeetingInvitation], list[str]]:
    """Invite everybody whose address stands on a line; those invited, and the lines that name no account.

    ``ValidationError`` for no line or too many.
    """
    require(may_manage_meetings(actor))
    lines = list(dict.fromkeys(line.strip(" \t,;<>").lower() for line in text.splitlines() if line.strip()))
    if not lines:
        raise ValidationError({"addresses": _("Give at least one address.")})
    if len(lines) > MOST_LINES:
        raise ValidationError({"addresses": _("At most %(limit)d lines.") % {"limit": MOST_LINES}})
    known = {person.email: person for person in User.objects.active().filter(email__in=lines)}
    made = invite_people(actor=actor, meeting=meeting, people=known.values())
    return made, [line for line in lines if line not in known]


def withdraw_invitation(*, actor: Any, invitation: MeetingInvitation) -> MeetingInvitation:
    """Take an invitation back; who was told of it is told. Twice is once. ``Refusal`` unless staff, and once the
    meeting was held or cancelled; ``Conflict`` for somebody whose presence is noted."""
    with transaction.atomic():
        meeting = lock_meeting(invitation.meeting)
        require(may_change_plan(actor, meeting))
        invitation = lock_invitation(invitation)
        if invitation.withdrawn_at:
            return invitation
        if hasattr(invitation, "attendance"):
            raise Conflict(_("It is noted whether this person came: the invitation stays."))
        invitation.withdrawn_at = timezone.now()
        invitation.version += 1
        invitation.save()
        audit.record(
            "meeting.withdraw_invitation", meeting, actor=actor, changes={"person": invitation.person_id}
        )
        if is_told(meeting):
            outbox.record("meeting.uninvited", invitation)
    return invitation


def answer_invitation(
    *, actor: Any, invitation: MeetingInvitation, answer: str, version: int | None = None
) -> MeetingInvitation:
    """Answer for oneself, or as staff on somebody's behalf; the same answer again changes nothing.

    ``version``: as it was read, for an answer on behalf: the person's own word since is a ``Conflict``. ``Refusal`` by
    ``may_answer``; ``ValidationError`` for an answer that the meeting doesn't offer.
    """
    with transaction.atomic():
        invitation = lock_invitation(invitation)
        require(may_answer(actor, invitation, at=timezone.now()))
        check_version(invitation, version)
        offered = [value for value, _label in answers_open_to(invitation.meeting)]
        if answer not in offered:
            raise ValidationError({"answer": _("Choose one of: %(choices)s.") % {"choices": listed(offered)}})
        behalf = invitation.person_id != actor.pk
        if (invitation.answer, invitation.on_behalf) == (answer, behalf):
            return invitation
        invitation.answer, invitation.answered_at = answer, timezone.now()
        invitation.answered_by, invitation.on_behalf = actor, behalf
        invitation.version += 1
        invitation.save()
        audit.record(
            "meeting.answer",
            invitation.meeting,
            actor=actor,
            on_behalf_of=invitation.person if behalf else None,
            changes={"answer": answer},
        )
    return invitation


def set_named(*, actor: Any, invitation: MeetingInvitation, named: bool) -> MeetingInvitation:
    """Say whether one is named where the meeting is told of in public; it holds at once. Nobody says it for another."""
    with transaction.atomic():
        invitation = lock_invitation(invitation)
        require(may_be_named(actor, invitation))
        if invitation.named != named:
            invitation.named = named
            invitation.version += 1
            invitation.save()
            audit.record("meeting.name", invitation.meeting, actor=actor, changes={"named": named})
    return invitation


def lock_invitation(invitation: MeetingInvitation) -> MeetingInvitation:
    """The invitation as it stands, locked for the caller's transaction. ``Vanished`` where it is gone."""
    found = MeetingInvitation.objects.select_for_update(of=("self",)).select_related("meeting", "person")
    row = found.filter(pk=invitation.pk).first()
    if row is None:
        raise Vanished
    return row
