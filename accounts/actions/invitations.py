"""Inviting people by mail, and taking up an invitation."""

import base64
import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.actions.affiliations import lock_state, take_seat
from accounts.actions.memberships import enter_group
from accounts.actions.speaking import tell_of_change
from accounts.contact_sheet import read_sheet
from accounts.invitation_list import Line, Outcome, assess, read_list
from accounts.mission_queries import expired_invitations
from accounts.models import Affiliation, Country, Group, Invitation, Role, RoleGrant, User
from accounts.queries import secretariat
from accounts.rules import CLOSED, may_accept, may_invite, may_offer
from core import audit, outbox
from core.punctuation import listed
from core.sheets import Sheet
from core.verdicts import Conflict, Refused, Vanished, require

DAYS, MOST_DAYS = 14, 60
# A second mail within this time is more likely impatience than need.
PAUSE = timedelta(minutes=10)
KEPT_FOR = timedelta(days=90)


# --- The link ---------------------------------------------------------------------------------------------


def token_of(invitation: Invitation) -> str:
    """The secret of the link in the invitation's last mail. It isn't kept: it follows from the secret key, so
    that a mail which is sent again after a crash has the same link."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(invitation, key)
        if _hash(token) == invitation.token_sha256:
            return token
    raise LookupError(f"The key under which invitation {invitation.pk} was written is gone.")


def find_invitation(token: str) -> Invitation | None:
    """The invitation that a link opens, in whatever state."""
    known = Invitation.objects.select_related("group", "country", "invited_by", "accepted_by")
    return known.filter(token_sha256=_hash(token)).first()


def _derive(invitation: Invitation, key: str) -> str:
    value = f"{invitation.uuid}:{invitation.mailing}"
    digest = salted_hmac("accounts.invitation", value, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


# --- The secretariat --------------------------------------------------------------------------------------


def preview_invitations(
    *,
    actor: Any,
    people: str,
    group: Group | None,
    role: str,
    language: str,
    country: Country | None = None,
    sheet: Sheet | None = None,
) -> list[Line]:
    """What would become of each line of a pasted list, or of each row of ``sheet`` where there is one; nothing is
    written. ``Refusal`` and ``ValidationError`` as in ``invite_people``, but for lines that are wrong: they say so
    themselves."""
    require(may_invite(actor, role))
    if role and role not in Role.values:
        raise ValidationError({"role": _("Choose one of: %(choices)s.") % {"choices": listed(Role.values)}})
    if group is None and not role:
        raise ValidationError(_("Choose a group, a role, or both."))
    if sheet is not None:
        lines = read_sheet(sheet, language=language, country=country)
        if role != Role.FOCAL_POINT and any(line.position for line in lines):
            raise ValidationError(
                {"role": _("The table gives positions in missions: choose the role “Focal point” for it.")}
            )
    else:
        lines = read_list(people, language=language, country=country)
    return assess(lines, group=group, role=role, actor=actor)


def invite_people(
    *,
    actor: Any,
    people: str = "",
    group: Group | None = None,
    role: str = "",
    language: str = "en",
    country: Country | None = None,
    days: int = DAYS,
    sheet: Sheet | None = None,
) -> list[Line]:
    """Invite everyone in a pasted list, or in ``sheet``, into a group, a role, or both; what became of each line.

    All or nothing: with a wrong line nobody is invited (``ValidationError`` under ``people``). Whoever takes
    part or has been invited is left out. ``Refusal`` unless the actor may grant it.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": _("Between 1 and %(most)d days.") % {"most": MOST_DAYS}})
    offer: dict[str, Any] = {"group": group, "role": role, "language": language, "country": country}
    with transaction.atomic():
        lines = preview_invitations(actor=actor, people=people, sheet=sheet, **offer)
        if any(line.outcome == Outcome.WRONG for line in lines):
            raise ValidationError(
                {"people": _("Mend the lines that are marked; nobody has been invited yet.")}
            )
        try:
            for line in lines:
                if line.is_sent:
                    _invite(actor, line, group, role, days)
        except IntegrityError:
            raise Conflict(
                _("Somebody else is inviting the same people at this moment. Look again.")
            ) from None
    return lines


def _invite(actor: Any, line: Line, group: Group | None, role: str, days: int) -> None:
    # One that has expired makes room; its record stays as withdrawn.
    now = timezone.now()
    expired = Invitation.objects.standing().filter(expires_at__lte=now)
    expired.filter(email=line.email, group=group, role=role).update(withdrawn_at=now)
    offer_place(
        actor,
        days=days,
        email=line.email,
        name=line.name,
        language=line.language,
        country=line.country,
        group=group,
        role=role,
        position=line.position if role == Role.FOCAL_POINT and line.country else "",
    )


def invite_member(
    *, actor: Any, email: str, name: str, group: Group, language: str, days: int
) -> Invitation | None:
    """Invite somebody into a group where they have a place already, to open an account; None where an invitation waits.

    No rule is asked: the place was given by ``actor`` when they might. For callers that hold a transaction.
    """
    now = timezone.now()
    standing = Invitation.objects.standing().filter(email=email, group=group, role="")
    if standing.filter(expires_at__gt=now).exists():
        return None
    standing.update(withdrawn_at=now)
    person = {"email": email, "name": name, "language": language, "country": None}
    try:
        with transaction.atomic():
            return offer_place(actor, days=days, group=group, role="", position="", **person)
    except IntegrityError:  # invited by somebody else at this moment
        return None


def offer_place(actor: Any, *, days: int, **fields: Any) -> Invitation:
    """Keep an invitation and have its mail sent; whoever calls has asked the rule and holds a transaction."""
    invitation = Invitation(invited_by=actor, expires_at=timezone.now() + timedelta(days=days), **fields)
    invitation.token_sha256 = _hash(_derive(invitation, settings.SECRET_KEY))
    invitation.save()
    outbox.record("invitation.sent", invitation)
    audit.record("invitation.send", invitation, actor=actor, changes=_offer(invitation))
    return invitation


def resend_invitation(*, actor: Any, invitation: Invitation, days: int = DAYS) -> Invitation:
    """Send the mail again, with a new link and a new term; the earlier link opens no more.

    ``Refusal`` unless the actor may grant what is offered; ``Conflict`` when it has been accepted or
    withdrawn, or a mail went out a moment ago.
    """
    require(may_offer(actor, invitation))
    now = timezone.now()
    with transaction.atomic():
        # The update locks the row: two who resend at once send one mail.
        rows = Invitation.objects.standing().filter(pk=invitation.pk, mailing=invitation.mailing)
        if not rows.exclude(sent_at__gt=now - PAUSE).update(mailing=F("mailing") + 1, sent_at=None):
            current = Invitation.objects.get(pk=invitation.pk)
            reason = CLOSED.get(current.state_at(now)) if not _stands(current) else None
            raise Conflict(
                reason or _("A mail went out a few minutes ago. Wait a little before the next one.")
            )
        invitation.refresh_from_db()
        invitation.invited_by = actor
        invitation.expires_at = now + timedelta(days=days)
        invitation.token_sha256 = _hash(_derive(invitation, settings.SECRET_KEY))
        invitation.save(update_fields=["invited_by", "expires_at", "token_sha256"])
        outbox.record("invitation.sent", invitation)
        audit.record("invitation.resend", invitation, actor=actor, changes=_offer(invitation))
    return invitation


def resend_expired(*, actor: Any, uuids: Iterable[UUID]) -> int:
    """Send those of ``uuids`` again that are focal points' invitations and have expired; how many. Whatever was
    accepted, withdrawn or sent again meanwhile is left as it is, so that twice is once."""
    sent = 0
    for invitation in expired_invitations().filter(uuid__in=list(uuids)):
        try:
            resend_invitation(actor=actor, invitation=invitation)
        except Conflict:
            continue
        sent += 1
    return sent


def withdraw_invitation(*, actor: Any, invitation: Invitation) -> None:
    """Take an invitation back: its link opens no more. Twice is once; ``Conflict`` when it was accepted."""
    require(may_offer(actor, invitation))
    with transaction.atomic():
        if Invitation.objects.standing().filter(pk=invitation.pk).update(withdrawn_at=timezone.now()):
            audit.record("invitation.withdraw", invitation, actor=actor, changes=_offer(invitation))
        elif Invitation.objects.get(pk=invitation.pk).accepted_at:
            raise Conflict(CLOSED[Invitation.State.ACCEPTED])


def note_sent(*, invitation_id: int, mailing: int) -> None:
    """The mail server has taken the mail over."""
    Invitation.objects.filter(pk=invitation_id, mailing=mailing).update(sent_at=timezone.now())


def forget_invitations(now: Any = None) -> int:
    """Delete invitations that ended ninety days ago, with the addresses in them; the number deleted. What was
    granted stays, and so does the audit trail, which holds neither."""
    before = (now or timezone.now()) - KEPT_FOR
    deleted, _by_model = Invitation.objects.filter(expires_at__lt=before).delete()
    return deleted


# --- The person invited -----------------------------------------------------------------------------------


def accept_invitation(*, actor: User, token: str) -> Invitation:
    """Take up what is offered. Once only: a second time, by the same person, changes nothing.

    ``Refusal`` with the reason when the offer no longer stands or is for somebody else; ``Vanished`` when the
    link opens nothing.
    """
    invitation = find_invitation(token)
    if invitation is None:
        raise Vanished
    if invitation.accepted_by_id == actor.pk:
        return invitation
    require(may_accept(actor, invitation, at=timezone.now()))
    with transaction.atomic():
        if country := invitation.state_spoken_for:
            # The state and the person first, then what was true a moment ago once more: of two who take the contact
            # over at once, or of two states that one person would speak for, the second finds how it stands now.
            lock_state(country)
            actor = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
            current = find_invitation(token)
            if current is None:
                raise Vanished
            invitation = current
            if invitation.accepted_by_id != actor.pk:
                require(may_accept(actor, invitation, at=timezone.now()))
        now = timezone.now()
        open_still = Invitation.objects.open_at(now).filter(pk=invitation.pk, mailing=invitation.mailing)
        if not open_still.update(accepted_at=now, accepted_by=actor):
            invitation.refresh_from_db()
            if invitation.accepted_by_id == actor.pk:
                return invitation
            state = invitation.state_at(now)
            require(Refused(CLOSED.get(state, CLOSED[Invitation.State.WITHDRAWN]), state))
        _grant(invitation, actor)
        audit.record("invitation.accept", invitation, actor=actor, changes=_offer(invitation))
    invitation.refresh_from_db()
    return invitation


def _grant(invitation: Invitation, person: User) -> None:
    if invitation.group is not None:
        enter_group(group=invitation.group, person=person, by=invitation.invited_by)
    country = invitation.state_spoken_for
    # A focal point's role comes with the place.
    if invitation.role and not (country and invitation.position == Affiliation.Position.MEMBER):
        RoleGrant.objects.get_or_create(
            user=person,
            role=invitation.role,
            scope_type="",
            scope_id="",
            defaults={"granted_by": invitation.invited_by},
        )
    if country:
        place = take_seat(
            actor=person,
            person=person,
            country=country,
            position=invitation.position,
            invited_by=invitation.invited_by,
            outgoing_leaves=invitation.outgoing_leaves,
        )
        if invitation.is_hand_over:
            for member in secretariat():
                tell_of_change("contact_handed_over", member, place.organisation)


def _stands(invitation: Invitation) -> bool:
    return not invitation.accepted_at and not invitation.withdrawn_at


def _offer(invitation: Invitation) -> dict[str, Any]:
    offered = {"group": invitation.group_id, "role": invitation.role, "mailing": invitation.mailing}
    return offered | ({"position": invitation.position} if invitation.position else {})
