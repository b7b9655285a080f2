"""The import report of a parsed draft."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .document import ParsedDocument

COUNTED_KINDS = (
    "paragraph",
    "pillar",
    "principle",
    "action",
    "footnote",
    "term",
    "step",
    "step_action",
    "item",
)
LISTED_ACTORS = ("national_government", "local_regional_government", "stakeholder")


def import_report(parsed: ParsedDocument) -> dict[str, Any]:
    """The contract's report without the draft's id: figures per kind and actor, characters, warnings."""
    kinds = Counter(provision.kind for provision in parsed.provisions)
    actors = Counter(p.actor for p in parsed.provisions if p.kind == "action")
    by_actor = {actor: actors[actor] for actor in LISTED_ACTORS}
    if actors["all_stakeholders"]:
        by_actor["all_stakeholders"] = actors["all_stakeholders"]
    return {
        "provisions": len(parsed.provisions),
        "counts": {kind: kinds[kind] for kind in COUNTED_KINDS},
        "actions_by_actor": by_actor,
        "characters": dict(parsed.characters),
        "warnings": [
            {"line": warning.line, "code": warning.code, "message": warning.message}
            for warning in parsed.warnings
        ],
    }
