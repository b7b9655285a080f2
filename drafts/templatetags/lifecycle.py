"""Where a draft stands, for its readers."""

from collections.abc import Mapping
from typing import Any

from django import template

from drafts.lifecycle import successor_of
from drafts.models import Draft

register = template.Library()


@register.inclusion_tag("drafts/_standing.html")
def standing(draft: Draft) -> dict[str, Any]:
    """That a draft is superseded, and by which; or that it was adopted. Nothing for others (no query then)."""
    successor = successor_of(draft) if draft.status == Draft.Status.SUPERSEDED else None
    return {"draft": draft, "successor": successor}


@register.filter
def of(forms: Mapping[str, Any], name: str) -> Any:
    return forms[name]
