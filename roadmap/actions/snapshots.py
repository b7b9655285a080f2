"""Snapshots of the funding: taken once, never changed."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.six_languages import Words, check_length, set_words, words_of
from core.verdicts import require
from drafts.models import Guidelines
from roadmap.actions.accounting import check_day, lock_budget
from roadmap.funding_queries import ledger_of, position_in
from roadmap.funding_rules import may_manage_funding
from roadmap.models import FundingSnapshot
from roadmap.snapshots import content_of, hash_of

LONGEST_TITLE = 200


def take_snapshot(
    *, actor: Any, guidelines: Guidelines, titles: Words, on: date, uuid: UUID | None = None
) -> FundingSnapshot:
    """How the funding stands at the end of the day ``on``, by what is known now, kept for good under a name.

    ``uuid`` makes it one, sent twice. ``Refusal`` unless staff; ``ValidationError`` by field.
    """
    require(may_manage_funding(actor))
    uuid = uuid or uuid4()
    with transaction.atomic():
        lock_budget(guidelines)
        standing = FundingSnapshot.objects.filter(uuid=uuid, guidelines=guidelines).first()
        if standing is not None:
            return standing
        check_day(on)
        ledger = ledger_of(guidelines)
        position = position_in(ledger, on)
        snapshot = FundingSnapshot(uuid=uuid, guidelines=guidelines, on=on, taken_by=actor)
        snapshot.taken_at = timezone.now()
        for name in ("required", "pledged", "committed", "received"):
            setattr(snapshot, name, getattr(position, name))
        set_words(snapshot, "title", titles)
        _check_title(snapshot)
        snapshot.content = content_of(ledger, on)
        snapshot.sha256 = hash_of(snapshot)
        snapshot.save()
        audit.record("funding.snapshot", snapshot, actor=actor, changes={"on": str(on)})
    return snapshot


def _check_title(snapshot: FundingSnapshot) -> None:
    titles = words_of(snapshot, "title")
    if not titles:
        raise ValidationError({"title": _("Give the snapshot a name.")})
    try:
        check_length(titles, LONGEST_TITLE)
    except ValidationError as error:
        raise ValidationError({"title": str(error.message)}) from error
