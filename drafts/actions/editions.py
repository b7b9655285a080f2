"""Freezing the languages of a draft when it is released, so that its hash can be verified."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone

from core import audit, outbox
from drafts.actions.moving import check_move, lock_guidelines, move_draft
from drafts.models import Draft, Edition, Provision, ProvisionText


def canonical_bytes(draft: Draft, language: str, *, unreleased: bool = False) -> bytes:
    """The bytes behind an edition's hash; docs/content-hash.md gives the recipe.

    UTF-8 JSON with sorted keys and no blanks: guidelines, draft number, language, and every provision that
    has words in ``language``, in document order; with ``unreleased`` also words that readers don't see yet.
    """
    words = ProvisionText.with_unreleased if unreleased else ProvisionText.objects
    texts = (
        words.of_draft(draft)
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


def freeze_edition(draft: Draft, language: str, *, at: datetime | None = None) -> Edition:
    """Freeze one language. The database refuses a second time (one edition a language)."""
    canonical = canonical_bytes(draft, language)
    return Edition.objects.create(
        draft=draft,
        language=language,
        canonical=canonical,
        sha256=hashlib.sha256(canonical).hexdigest(),
        released_at=at or timezone.now(),
    )


def state_of_words(draft: Draft) -> str:
    """What the words of ``draft`` are at this moment, in every language: the SHA-256 of the lines
    ``language:sha256`` of what each language's edition would hold, in the order of their codes."""
    lines = (
        f"{code}:{hashlib.sha256(canonical_bytes(draft, code)).hexdigest()}"
        for code in languages_with_words(draft)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def state_of_language(draft: Draft, language: str) -> str:
    """What the words in one language are at this moment, released or not: the hash that its edition would have."""
    return hashlib.sha256(canonical_bytes(draft, language, unreleased=True)).hexdigest()


def languages_with_words(draft: Draft) -> list[str]:
    """The codes of the languages that a draft has words in, in their order."""
    found = ProvisionText.objects.of_draft(draft).values_list("language", flat=True)
    return sorted(found.distinct().order_by())


def release_draft(
    draft: Draft, *, actor: Any, at: datetime | None = None, only: Collection[str] = ()
) -> Draft:
    """Publish ``draft`` in every language it has words in, or in those of ``only``: the words in the others stay
    with those who translate them until they are released (``release_language``). The draft published before is
    superseded.

    One that comes out behind a newer one (a text of long ago, imported) is superseded from the beginning. For callers
    that hold a transaction and have asked who may. The draft is closed to changes afterwards.
    """
    at = at or timezone.now()
    lock_guidelines(draft)
    came_out = [language for language in languages_with_words(draft) if not only or language in only]
    for language in came_out:
        freeze_edition(draft, language, at=at)
    # Removed provisions too: nothing of a language that is to come may be read.
    ProvisionText.with_unreleased.filter(provision__draft=draft).exclude(language__in=came_out).update(
        unreleased=True
    )
    behind = draft.guidelines.drafts.filter(number__gt=draft.number).filter(
        status__in=(Draft.Status.PUBLISHED, Draft.Status.ADOPTED)
    )
    if behind.exists():
        draft.published_at = at
        check_move(draft, Draft.Status.PUBLISHED)
        draft.status, draft.superseded_at = Draft.Status.SUPERSEDED, at
        draft.save(update_fields=["status", "published_at", "superseded_at"])
    else:
        # First the one before: two are never published at once.
        for earlier in draft.guidelines.drafts.filter(status=Draft.Status.PUBLISHED, number__lt=draft.number):
            move_draft(earlier, Draft.Status.SUPERSEDED, at=at)
            audit.record("draft.supersede", earlier, actor=actor, changes={"by": draft.pk})
        move_draft(draft, Draft.Status.PUBLISHED, at=at)
    changes = {"provisions": _count(draft), "languages": came_out}
    audit.record("draft.publish", draft, actor=actor, changes=changes)
    outbox.record("draft.released", draft)
    return draft


def release_language(draft: Draft, language: str, *, actor: Any, at: datetime) -> Edition:
    """Let a language of a published draft come out: readers get its words, which are frozen with their hash.

    For callers that hold the lock on the draft and have asked who may and whether it is whole.
    """
    hidden = ProvisionText.with_unreleased.filter(provision__draft=draft, language=language, unreleased=True)
    hidden.update(unreleased=False)
    edition = freeze_edition(draft, language, at=at)
    changes = {"language": language, "sha256": edition.sha256}
    audit.record("draft.release_language", draft, actor=actor, changes=changes)
    outbox.record("draft.released", draft)
    return edition


def _count(draft: Draft) -> int:
    return Provision.objects.filter(draft=draft).count()
