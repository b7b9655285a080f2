"""The words of an invitation's mail."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.invitations import note_sent, token_of
from accounts.models import Invitation
from accounts.slots import Occasion, occasions_meant_by
from accounts.templatetags.moments import day_in_words, moment_in_words
from core.mail import MailContent
from core.models import Notice, pk_of
from core.notices import Addressee


def render_invitation(notices: Sequence[Notice]) -> MailContent | None:
    """The mail of an invitation; None where it went out, or the invitation has ended meanwhile."""
    found = _invitation(notices)
    return invitation_content(found, token_of(found)) if found is not None else None


def address_of(notices: Sequence[Notice]) -> Addressee | None:
    found = _invitation(notices)
    return Addressee(found.email, found.name) if found is not None else None


def note_invitation_sent(notices: Sequence[Notice], at: datetime) -> None:
    mailing = int(notices[-1].occurrence.removeprefix("mailing-"))
    note_sent(invitation_id=int(pk_of(notices[-1].subject, Invitation)), mailing=mailing)


def _invitation(notices: Sequence[Notice]) -> Invitation | None:
    waiting = Invitation.objects.open_at(timezone.now()).filter(sent_at=None)
    found = (
        waiting.select_related("group", "country", "invited_by")
        .filter(pk=pk_of(notices[-1].subject, Invitation))
        .first()
    )
    return found if found and notices[-1].occurrence == f"mailing-{found.mailing}" else None


def invitation_content(invitation: Invitation, token: str) -> MailContent:
    """What it says, under the language that is active."""
    names = {"inviter": invitation.invited_by.name, "offer": invitation.offer}
    return MailContent(
        subject=_("Invitation to the Guidelines Portal"),
        paragraphs=[
            _("%(inviter)s invites you to take part in the Guidelines Portal: %(offer)s.") % names,
            *([_taking_over()] if invitation.is_hand_over else []),
            *map(_announced, occasions_meant_by(invitation)),
            _("It takes a few minutes. You read what happens to your data before you agree to anything."),
            _("The link is for you alone (%(address)s). It works once, until %(day)s.")
            % {"address": invitation.email, "day": day_in_words(invitation.expires_at)},
        ],
        action_label=_("See the invitation"),
        action_path=reverse("accounts:invitation", args=[token]),
        reason=(_by_mission() if invitation.is_of_mission else _by_secretariat()),
    )


def _taking_over() -> str:
    return _(
        "You would speak for the Member State and look after the people of its mission. Nothing changes until you "
        "accept."
    )


def _by_secretariat() -> str:
    return _(
        "You get this message because the secretariat entered your address. If you don't want to take part, "
        "do nothing: the address is deleted ninety days after the invitation has ended."
    )


def _by_mission() -> str:
    return _(
        "You get this message because the mission of a Member State entered your address. If you don't want to take "
        "part, do nothing: the address is deleted ninety days after the invitation has ended."
    )


def _announced(occasion: Occasion) -> str:
    """When to take part in what, in words."""
    words = {
        "title": occasion.title,
        "opening": occasion.opening or moment_in_words(occasion.opens_at),
        "closing": occasion.closing or moment_in_words(occasion.closes_at),
    }
    if occasion.opens_at > timezone.now():
        return _("It is about “%(title)s”, open from %(opening)s until %(closing)s.") % words
    return _("It is about “%(title)s”, open until %(closing)s.") % words
