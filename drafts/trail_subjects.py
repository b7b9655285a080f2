"""What the trail shows of drafts and their provisions."""

from typing import Any

from django.urls import reverse

from core.audit import Shown
from core.punctuation import detail
from drafts.models import Draft, Guidelines, Provision
from drafts.places import place_name


def drafts(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = Draft.objects.visible_to(reader).filter(pk__in=keys).select_related("guidelines")
    return {
        str(draft.pk): Shown(
            f"{draft.guidelines.title}{detail()}{draft.label}",
            reverse("drafts:contents", args=[draft.guidelines.slug, draft.number]),
        )
        for draft in found
    }


def guidelines(reader: Any, keys: list[str]) -> dict[str, Shown]:
    """Guidelines of which the reader may read a draft."""
    visible = Draft.objects.visible_to(reader).values("guidelines")
    found = Guidelines.objects.filter(pk__in=keys).filter(pk__in=visible)
    return {str(row.pk): Shown(row.title, reverse("drafts:guidelines", args=[row.slug])) for row in found}


def provisions(reader: Any, keys: list[str]) -> dict[str, Shown]:
    visible = Draft.objects.visible_to(reader).values("pk")
    found = Provision.objects.filter(pk__in=keys, draft__in=visible).select_related("draft__guidelines")
    return {
        str(row.pk): Shown(
            f"{row.draft.label}{detail()}{place_name(row)}",
            reverse("drafts:read", args=[row.draft.guidelines.slug, row.draft.number, row.key]),
        )
        for row in found
    }


SUBJECTS = {"drafts.guidelines": guidelines, "drafts.draft": drafts, "drafts.provision": provisions}
