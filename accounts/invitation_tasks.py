"""What follows an invitation, outside the request: its mail, and forgetting it in the end."""

from datetime import datetime

from accounts.actions.invitations import forget_invitations
from accounts.invitation_mails import address_of, note_invitation_sent, render_invitation
from accounts.models import Invitation
from core import notices, outbox, schedule
from core.models import pk_of


@outbox.handler("invitation.sent", name="accounts.send_invitation")
def send_invitation(subject: str) -> None:
    """Have the mail sent, once for each mailing."""
    found = Invitation.objects.filter(pk=pk_of(subject, Invitation), sent_at=None).first()
    if found is not None:
        notices.notify(
            recipient=None,
            kind="invitation_sent",
            subject=found,
            occurrence=f"mailing-{found.mailing}",
            language=found.language,
        )


@schedule.every(24 * 3600, "accounts.forget_invitations")
def forget(now: datetime) -> None:
    forget_invitations(now)


notices.register_kind("invitation_sent", render_invitation, address=address_of, sent=note_invitation_sent)
