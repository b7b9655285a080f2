"""Second factors are allauth's; what is done to them belongs into the audit trail of the portal."""

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.dispatch import receiver

from accounts.actions.second_factor import note_factor, note_new_codes
from accounts.models import User

CODES = Authenticator.Type.RECOVERY_CODES


@receiver(signals.authenticator_added, dispatch_uid="accounts.factor_added")
def added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Recovery codes come by themselves with the first factor, too."""
    if authenticator.type == CODES:
        note_new_codes(person=user)
    else:
        note_factor(person=user, factor=authenticator.type, on=True)


@receiver(signals.authenticator_removed, dispatch_uid="accounts.factor_removed")
def removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Recovery codes go by themselves with the last factor: that isn't an act of its own."""
    if authenticator.type != CODES:
        note_factor(person=user, factor=authenticator.type, on=False)


@receiver(signals.authenticator_reset, dispatch_uid="accounts.factor_reset")
def made_anew(user: User, **kwargs: Any) -> None:
    note_new_codes(person=user)
