"""The secret address of a person's own calendar: made, renewed, withdrawn, found again."""

import base64
import hashlib
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from core import audit
from core.verdicts import Allowed, Verdict, require
from roadmap.meeting_rules import HIDDEN
from roadmap.models import CalendarLink


def renew_link(*, actor: Any) -> CalendarLink:
    """A new address of the caller's own calendar; the earlier one leads nowhere from now on."""
    require(_own(actor))
    with transaction.atomic():
        # The person's row: two who renew at once follow each other.
        person = User.objects.select_for_update().get(pk=actor.pk)
        link = CalendarLink.objects.filter(person=person).first() or CalendarLink(person=person)
        link.nonce, link.made_at = uuid4(), timezone.now()
        link.token_sha256 = _hash(_derive(link, settings.SECRET_KEY))
        link.save()
        audit.record("calendar.renew", person, actor=actor)
    return link


def stop_link(*, actor: Any) -> None:
    """Withdraw the address; the calendar is read by nobody any more. Twice is once."""
    require(_own(actor))
    with transaction.atomic():
        deleted, _by_model = CalendarLink.objects.filter(person=actor.pk).delete()
        if deleted:
            audit.record("calendar.stop", actor, actor=actor)


def token_of(link: CalendarLink) -> str:
    """The secret in the address. It follows from the portal's key; "" when that key is gone."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(link, key)
        if _hash(token) == link.token_sha256:
            return token
    return ""


def find_person(token: str) -> User | None:
    """Whose calendar an address is, as long as their account is open."""
    link = CalendarLink.objects.select_related("person").filter(token_sha256=_hash(token)).first()
    return link.person if link and link.person.is_active and not link.person.erased_at else None


def _own(actor: Any) -> Verdict:
    return Allowed if actor.is_authenticated and actor.is_active else HIDDEN


def _derive(link: CalendarLink, key: str) -> str:
    digest = salted_hmac("roadmap.calendar", str(link.nonce), secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
