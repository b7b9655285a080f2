"""Freezing the languages of a draft when it is released, so that its hash can be verified."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from core import audit
from drafts.models import Draft, Edition, Provision, ProvisionText


def canonical_bytes(draft: Draft, language: str) -> bytes:
    """The bytes behind an edition's hash; docs/content-hash.md gives the recipe.

    UTF-8 JSON with sorted keys and no blanks: guidelines, draft number, language, and every provision that
    has words in ``language``, in document order.
    """
    texts = (
        ProvisionText.objects.of_draft(draft)
        .filter(language=language)
        .select_related("provision__parent")
        .order_by("provision__position")
    )
    provisions = [
        {
            "key": text.provision.key,
            "parent": text.provision.parent.key if text.provision.parent else None,
            "kind": text.provision.kind,
            "number": text.provision.number,
            "pillar": text.provision.pillar,
            "actor": text.provision.actor,
            "heading": text.heading,
            "text": text.text,
            "footnotes": text.footnotes,
        }
        for text in texts
    ]
    document = {
        "guidelines": draft.guidelines.slug,
        "draft": draft.number,
        "language": language,
        "provisions": provisions,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def freeze_edition(draft: Draft, language: str) -> Edition:
    """Freeze one language. The database refuses a second time (one edition a language)."""
    canonical = canonical_bytes(draft, language)
    return Edition.objects.create(
        draft=draft, language=language, canonical=canonical, sha256=hashlib.sha256(canonical).hexdigest()
    )


def release_draft(draft: Draft, *, actor: Any, at: datetime | None = None) -> Draft:
    """Publish ``draft`` in every language it has words in; the draft published before is superseded.

    For callers that hold a transaction and have asked who may. The draft is closed to changes afterwards.
    """
    for language in (
        ProvisionText.objects.of_draft(draft).values_list("language", flat=True).distinct().order_by()
    ):
        freeze_edition(draft, language)
    draft.status = Draft.Status.PUBLISHED
    draft.published_at = at or timezone.now()
    draft.save(update_fields=["status", "published_at"])
    Draft.objects.filter(
        guidelines=draft.guidelines_id, status=Draft.Status.PUBLISHED, number__lt=draft.number
    ).update(status=Draft.Status.SUPERSEDED)
    audit.record("draft.publish", draft, actor=actor, changes={"provisions": _count(draft)})
    return draft


def _count(draft: Draft) -> int:
    return Provision.objects.filter(draft=draft).count()
