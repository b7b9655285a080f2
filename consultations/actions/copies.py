"""Asking for a copy of one's own comments by mail."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Comment, Round
from core import audit, notices


def mail_own_copy(*, actor: Any, round: Round) -> None:
    """Send the actor what they wrote in a round; asked for again within a minute, once.

    ``ValidationError`` where they wrote nothing.
    """
    if not Comment.objects.filter(round=round, author=actor).exists():
        raise ValidationError(_("You have written nothing in this round."))
    with transaction.atomic():
        occurrence = f"{timezone.now():%Y-%m-%d %H:%M}"
        if notices.notify(recipient=actor, kind="own_copy", subject=round, occurrence=occurrence):
            audit.record("comment.mail_copy", round, actor=actor)
