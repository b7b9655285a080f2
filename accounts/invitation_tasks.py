"""What follows an invitation, outside the request: its mail, and forgetting it in the end."""

from datetime import datetime

from django.utils import timezone

from accounts.actions.invitations import forget_invitations, note_sent, token_of
from accounts.invitation_mails import invitation_mail
from accounts.models import Invitation
from core import outbox, schedule
from core.models import pk_of


@outbox.handler("invitation.sent", name="accounts.send_invitation", outside=True, pause=60)
def send_invitation(subject: str) -> None:
    """Send the mail, unless it went out or the invitation has ended meanwhile. Raises what the mail server
    raised: the outbox tries again, until the invitation expires."""
    waiting = Invitation.objects.open_at(timezone.now()).filter(sent_at=None)
    found = (
        waiting.select_related("group", "country", "invited_by").filter(pk=pk_of(subject, Invitation)).first()
    )
    if found is not None:
        invitation_mail(found, token_of(found)).send()
        note_sent(invitation_id=found.pk, mailing=found.mailing)


@schedule.every(24 * 3600, "accounts.forget_invitations")
def forget(now: datetime) -> None:
    forget_invitations(now)
