"""The link that brings a nominee to their nomination."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, outbox
from core.verdicts import Conflict, Refused, Vanished, require
from experts.actions.moving import lock_nomination, move
from experts.models import Nomination, NominationMove, NomineeLink
from experts.rules import speaks_for_country

VALID_FOR = timedelta(days=14)
# A second mail within this time is more likely impatience than need.
PAUSE = timedelta(minutes=10)
S = Nomination.State


def token_of(link: NomineeLink) -> str:
    """The secret of the last mail's link. It follows from the secret key, so that a mail sent again after a crash has
    the same one. ``LookupError`` when that key is gone."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(link.nomination, link.mailing, key)
        if _hash(token) == link.token_sha256:
            return token
    raise LookupError(f"The key under which link {link.pk} was written is gone.")


def find_link(token: str) -> NomineeLink | None:
    """The link that a token is of, in whatever state."""
    known = NomineeLink.objects.select_related("nomination__call", "nomination__country")
    return known.filter(token_sha256=_hash(token)).first()


def _derive(nomination: Nomination, mailing: int, key: str) -> str:
    value = f"{nomination.uuid}:{mailing}"
    digest = salted_hmac("experts.nominee_link", value, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def send_link(nomination: Nomination) -> None:
    """Have the nominee told, with a new link; the earlier one opens no more. For callers that hold the row's lock.

    Whoever has an account with this address, confirmed, finds the nomination there at once.
    """
    if nomination.nominee_id is None:
        known = EmailAddress.objects.filter(email=nomination.email, verified=True, user__is_active=True)
        address = known.select_related("user").first()
        nomination.nominee = address.user if address else None
        nomination.save(update_fields=["nominee"])
    link = NomineeLink.objects.filter(nomination=nomination).first() or NomineeLink(
        nomination=nomination, mailing=0
    )
    link.mailing += 1
    link.token_sha256 = _hash(_derive(nomination, link.mailing, settings.SECRET_KEY))
    link.expires_at, link.sent_at, link.used_at = timezone.now() + VALID_FOR, None, None
    link.save()
    outbox.record("nominee.told", link)


def resend_link(*, actor: Any, nomination: Nomination) -> None:
    """Tell the nominee again. ``Refusal`` unless the actor nominated for the country; ``Conflict`` when the nominee
    has it in hand already, or a mail went out a moment ago."""
    with transaction.atomic():
        nomination = lock_nomination(nomination.pk)
        if not speaks_for_country(actor, nomination):
            require(Refused(_("Only the focal point of a Member State nominates."), "not_focal_point"))
        link = NomineeLink.objects.filter(nomination=nomination).first()
        if nomination.state != S.AWAITING_NOMINEE or (link and link.used_at):
            raise Conflict(_("The nominee has opened it already."), current={"state": nomination.state})
        # Asked for, or gone out: two who ask at once send one mail.
        asked_at = link.expires_at - VALID_FOR if link else None
        if any(at and at > timezone.now() - PAUSE for at in (asked_at, link and link.sent_at)):
            raise Conflict(_("A mail went out a few minutes ago. Wait a little before the next one."))
        send_link(nomination)
        audit.record("nomination.tell_again", nomination, actor=actor)


def take_over(*, actor: User, token: str) -> Nomination:
    """Take a nomination in hand by its link. Once; a second time, by the same person, changes nothing.

    ``Vanished`` for a link that opens nothing (never did, expired, or was used by another), or is for another address.
    """
    found = find_link(token)
    if found is None:
        raise Vanished
    with transaction.atomic():
        nomination = lock_nomination(found.nomination_id)
        if nomination.nominee_id == actor.pk:
            NomineeLink.objects.filter(nomination=nomination, used_at=None).update(used_at=timezone.now())
            return nomination
        link = NomineeLink.objects.get(nomination=nomination)
        confirmed = EmailAddress.objects.filter(user=actor, email=nomination.email, verified=True).exists()
        stands = link.token_sha256 == _hash(token) and link.is_open(timezone.now())
        if not stands or not confirmed or nomination.nominee_id or nomination.state == S.WITHDRAWN:
            raise Vanished
        nomination.nominee = actor
        nomination.save(update_fields=["nominee"])
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
        audit.record("nomination.take_over", nomination, actor=actor)
    return nomination


def refuse_by_link(*, token: str) -> NominationMove | None:
    """Say no without an account: whoever has the link has the address. Twice is once; ``Vanished`` as above."""
    found = find_link(token)
    if found is None:
        raise Vanished
    with transaction.atomic():
        nomination = lock_nomination(found.nomination_id)
        link = NomineeLink.objects.get(nomination=nomination)
        if nomination.state == S.WITHDRAWN:
            return None
        if link.token_sha256 != _hash(token) or not link.is_open(timezone.now()):
            raise Vanished
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
        made = move(nomination, to=S.WITHDRAWN, by=nomination.nominee)
        outbox.record("nomination.moved", made)
    return made


def note_sent(*, link_id: int, mailing: int) -> None:
    """The mail server has taken the mail over."""
    NomineeLink.objects.filter(pk=link_id, mailing=mailing).update(sent_at=timezone.now())
