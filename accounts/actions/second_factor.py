"""Taking a second factor away from somebody who has lost it."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import User
from core import audit


def reset_second_factor(*, person: User) -> int:
    """Remove a person's authenticator app, passkeys and recovery codes, and sign them out everywhere; the number
    removed. For the command line, by whoever has made sure who is asking. A role that needs a second factor asks
    for a new one at the next sign-in."""
    with transaction.atomic():
        removed, _by_model = Authenticator.objects.filter(user=person).delete()
        for session in UserSession.objects.filter(user=person):
            session.end()
        audit.record("second_factor.reset", person, actor=None, changes={"removed": removed})
    return removed


def note_factor(*, person: User, factor: str, on: bool) -> None:
    """Record that somebody turned a second factor on or off; ``factor`` is its kind (``totp``, ``webauthn``)."""
    audit.record(
        "second_factor.add" if on else "second_factor.remove",
        person,
        actor=person,
        changes={"factor": factor},
    )


def note_new_codes(*, person: User) -> None:
    """Record that somebody has new recovery codes; earlier ones no longer work."""
    audit.record("second_factor.new_codes", person, actor=person)
