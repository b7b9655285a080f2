"""Beginning the next draft."""

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import require
from drafts.actions.revising import revise_provision
from drafts.models import Draft, Guidelines, Provision, ProvisionText, Revision
from drafts.queries import labels_of
from drafts.rules import may_create_draft

__all__ = ["begin_draft", "revise_provision"]


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
            references=w.references,
            state=w.state,
            translated_from_version=1 if w.language != base.source_language else None,
        )
        for w in words
    )
    Revision.objects.bulk_create(
        Revision(provision_text=t, version=1, content=t.content, author=actor, at=timezone.now())
        for t in texts
    )
