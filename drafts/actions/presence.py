"""Who has a provision open for editing. Told politely, and never a reason to wait."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.verdicts import require
from drafts.models import Presence, Provision
from drafts.rules import may_change_words

SEEN_WITHIN = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(hours=1)


def be_present(*, actor: Any, provision: Provision, language: str) -> list[str]:
    """Say that ``actor`` has the provision open; the names of the others who have, in any language."""
    require(may_change_words(actor, provision.draft, language))
    now = timezone.now()
    Presence.objects.update_or_create(
        user=actor, provision=provision, language=language, defaults={"seen_at": now}
    )
    Presence.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
    others = Presence.objects.filter(provision=provision, seen_at__gte=now - SEEN_WITHIN).exclude(user=actor)
    return sorted(set(others.values_list("user__name", flat=True)))


def be_gone(*, actor: Any, provision: Provision) -> None:
    """Say that the page was left."""
    Presence.objects.filter(user=actor, provision=provision).delete()
