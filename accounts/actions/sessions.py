"""Ending sessions."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import User
from accounts.rules import may_edit_profile
from core import audit
from core.verdicts import require


def end_sessions(*, actor: Any, person: User, only: int | None = None, spare: str | None = None) -> int:
    """Sign a person out where they are signed in: in session ``only``, or everywhere but in the session with
    the key ``spare``. The number of sessions ended; ``Refusal`` for anybody else."""
    require(may_edit_profile(actor, person))
    with transaction.atomic():
        sessions = UserSession.objects.filter(user=person).exclude(session_key=spare)
        if only is not None:
            sessions = sessions.filter(pk=only)
        ended = list(sessions)
        for session in ended:
            session.end()
        if ended:
            audit.record("session.end", person, actor=actor, changes={"sessions": len(ended)})
    return len(ended)
