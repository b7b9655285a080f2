"""Offering a place, and the link by which it is answered."""

import base64
import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import Group
from core import audit, outbox
from experts.models import Appointment, Nomination


def token_of(appointment: Appointment) -> str:
    """The secret of the link in the last mail. It isn't kept: it follows from the secret key, so that a mail which
    is sent again after a crash has the same link. LookupError: that key is gone."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(appointment, key)
        if _hash(token) == appointment.token_sha256:
            return token
    raise LookupError(f"The key under which appointment {appointment.pk} was offered is gone.")


def find_appointment(token: str) -> Appointment | None:
    """The place that a link opens, in whatever state; only the link of the last mail does."""
    known = Appointment.objects.select_related("group", "nomination__call", "nomination__country")
    return known.filter(token_sha256=_hash(token)).first()


def offer(
    *,
    actor: Any,
    nomination: Nomination,
    group: Group,
    expires_at: datetime,
    replaces: Appointment | None = None,
) -> Appointment:
    """A new offer and its mail, in the caller's transaction, which holds the nomination and moved its state."""
    appointment = Appointment(
        nomination=nomination, group=group, expires_at=expires_at, offered_by=actor, replaces=replaces
    )
    appointment.token_sha256 = _hash(_derive(appointment, settings.SECRET_KEY))
    appointment.save()
    outbox.record("appointment.offered", appointment)
    audit.record("appointment.offer", appointment, actor=actor, changes={"group": group.slug})
    return appointment


def offer_again(*, actor: Any, appointment: Appointment, expires_at: datetime) -> Appointment:
    """The same place, offered anew with another link; the caller holds the row. The earlier link opens no more."""
    appointment.mailing += 1
    appointment.offered_by, appointment.expires_at = actor, expires_at
    appointment.sent_at = appointment.reminded_at = appointment.lapsed_at = None
    appointment.answer, appointment.answered_at, appointment.answered_by = "", None, None
    appointment.on_behalf = False
    appointment.token_sha256 = _hash(_derive(appointment, settings.SECRET_KEY))
    appointment.save()
    outbox.record("appointment.offered", appointment)
    changes = {"group": appointment.group.slug, "mailing": appointment.mailing}
    audit.record("appointment.offer", appointment, actor=actor, changes=changes)
    return appointment


def _derive(appointment: Appointment, key: str) -> str:
    value = f"{appointment.uuid}:{appointment.mailing}"
    digest = salted_hmac("experts.appointment", value, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
