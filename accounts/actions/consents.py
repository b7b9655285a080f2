"""Agreeing to the text in force, and taking that back."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Consent, ConsentText, User
from accounts.queries import newest_version
from accounts.rules import may_edit_profile
from core import audit, outbox
from core.verdicts import Conflict, require


def give_consent(*, actor: Any, person: User, text: ConsentText) -> Consent:
    """Note that a person agreed to ``text``, as they read it. Twice is once.

    ``Conflict`` when a newer version has come into force since they opened the page.
    """
    require(may_edit_profile(actor, person))
    if text.version != newest_version(text.kind):
        raise Conflict(
            _("A newer text has come into force. Please read that one."), current={"version": text.version}
        )
    with transaction.atomic():
        standing = Consent.objects.filter(
            user=person, text__kind=text.kind, text__version=text.version, withdrawn_at=None
        ).first()
        if standing:
            return standing
        # get_or_create rides on the unique constraint: two clicks at once leave one consent.
        consent, created = Consent.objects.get_or_create(user=person, text=text, withdrawn_at=None)
        if created:
            audit.record("consent.give", person, actor=actor, changes={"text": str(text)})
    return consent


def withdraw_consent(*, actor: Any, person: User) -> int:
    """Take every consent back; the number taken back. Twice is once.

    What follows is done by the handlers of ``consent.withdrawn``: names leave what was submitted.
    """
    require(may_edit_profile(actor, person))
    with transaction.atomic():
        standing = Consent.objects.filter(user=person, withdrawn_at=None)
        withdrawn = standing.update(withdrawn_at=timezone.now())
        if withdrawn:
            audit.record("consent.withdraw", person, actor=actor)
            outbox.record("consent.withdrawn", person)
    return withdrawn
