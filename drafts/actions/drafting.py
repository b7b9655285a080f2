"""Beginning the next draft, and changing its words."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict, require
from drafts.marks import printed
from drafts.models import Draft, Guidelines, Provision, ProvisionText, Revision
from drafts.queries import labels_of
from drafts.rules import may_create_draft, may_edit_draft

MAX_LENGTH = 100_000


def begin_draft(*, actor: Any, base: Draft, label: str) -> Draft:
    """A working draft with the provisions, keys and words of ``base``. ``Refusal`` unless a drafter."""
    require(may_create_draft(actor))
    label = label.strip()
    if not 1 <= len(label) <= 120 or any(unicodedata.category(c) == "Cc" for c in label):
        raise ValidationError({"label": _("A label has 1 to 120 characters.")})
    with transaction.atomic():
        # Whoever begins another draft at the same moment waits: numbers and labels are taken once.
        guidelines = Guidelines.objects.select_for_update().get(pk=base.guidelines_id)
        if any(label.casefold() == other.casefold() for other in labels_of(guidelines)):
            raise ValidationError(
                {"label": _("These guidelines have a draft labelled “%(label)s” already.") % {"label": label}}
            )
        last = guidelines.drafts.aggregate(last=Max("number"))["last"]
        draft = Draft.objects.create(
            guidelines=guidelines,
            number=last + 1,
            label=label,
            label_en=label,
            base=base,
            source_language=base.source_language,
        )
        _copy(base, draft, actor)
        audit.record("draft.begin", draft, actor=actor, changes={"base": base.pk})
    return draft


def revise_provision(
    *,
    actor: Any,
    provision: Provision,
    language: str,
    version: int,
    text: str | None = None,
    heading: str | None = None,
    reason: str = "",
) -> Revision:
    """Change a provision's words in one language; ``version`` is the one the actor saw.

    ``Conflict`` when the text has moved on or the draft is published; ``Refusal`` unless a drafter.
    """
    if language not in dict(settings.LANGUAGES):
        raise ValidationError(
            {"language": _("Choose one of: %(choices)s.") % {"choices": listed(dict(settings.LANGUAGES))}}
        )
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=provision.draft_id)
        verdict = may_edit_draft(actor, draft)
        if verdict.code == "published":
            raise Conflict(verdict.reason, current={"status": draft.status})
        require(verdict)
        words = (
            ProvisionText.objects.select_for_update().filter(provision=provision, language=language).first()
        )
        if words is None:
            raise ValidationError({"language": _("This provision has no text in that language yet.")})
        if words.version != version:
            raise _moved_on(words)
        before = words.content
        changes = {"text": text, "heading": heading}
        for name, value in changes.items():
            if value is not None:
                if len(value) > MAX_LENGTH or "\x00" in value:
                    raise ValidationError({name: _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}})
                setattr(words, name, unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip())
        if words.content == before:
            raise ValidationError({"text": _("Nothing was changed.")})
        # Compare and set, for SQLite knows no row locks.
        changed = ProvisionText.objects.filter(pk=words.pk, version=version).update(
            text=words.text, heading=words.heading, version=version + 1
        )
        if not changed:
            words.refresh_from_db()
            raise _moved_on(words)
        words.version = version + 1
        revision = Revision.objects.create(
            provision_text=words,
            version=words.version,
            content=words.content,
            author=actor,
            at=timezone.now(),
            reason=reason.strip(),
        )
        audit.record("provision.revise", provision, actor=actor, changes={"version": words.version})
        outbox.record("provision.revised", revision)
    return revision


def _moved_on(words: ProvisionText) -> Conflict:
    return Conflict(
        _("This provision has changed since you opened it."),
        current={"version": words.version, **printed(words.content)},
    )


def _copy(base: Draft, draft: Draft, actor: Any) -> None:
    originals = list(Provision.objects.filter(draft=base).order_by("position"))
    copies: dict[int, Provision] = {}
    waiting = originals
    while waiting:
        level = [p for p in waiting if p.parent_id is None or p.parent_id in copies]
        made = Provision.objects.bulk_create(
            Provision(
                draft=draft,
                key=p.key,
                parent=copies[p.parent_id] if p.parent_id else None,
                kind=p.kind,
                pillar=p.pillar,
                actor=p.actor,
                position=p.position,
                number=p.number,
            )
            for p in level
        )
        copies.update((original.pk, copy) for original, copy in zip(level, made, strict=True))
        waiting = [p for p in waiting if p.pk not in copies]
    words = ProvisionText.objects.of_draft(base)
    texts = ProvisionText.objects.bulk_create(
        ProvisionText(
            provision=copies[w.provision_id],
            language=w.language,
            heading=w.heading,
            text=w.text,
            footnotes=w.footnotes,
            state=w.state,
            translated_from_version=1 if w.language != base.source_language else None,
        )
        for w in words
    )
    Revision.objects.bulk_create(
        Revision(provision_text=t, version=1, content=t.content, author=actor) for t in texts
    )
