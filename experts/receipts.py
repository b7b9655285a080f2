"""The receipt of a nomination: a fingerprint of what was handed in."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from experts.models import Nomination


def content_of(nomination: Nomination) -> dict[str, Any]:
    """What a nomination says, without interests and without what was decided of it; papers by their fingerprints."""
    traits: dict[str, list[str]] = {}
    for trait in sorted(nomination.traits.all(), key=lambda trait: (trait.kind, trait.value)):
        traits.setdefault(trait.kind, []).append(trait.value)
    return {
        "id": str(nomination.uuid),
        "call": nomination.call_id,
        "country": nomination.country_id,
        "name": nomination.name,
        "gender": nomination.gender,
        "workplace": nomination.workplace,
        "position": nomination.position,
        "level_of_government": nomination.level_of_government,
        "expertise": traits.get("expertise", []),
        "languages": traits.get("language", []),
        "nationalities": traits.get("nationality", []),
        "experience": nomination.experience,
        "years_of_experience": nomination.years_of_experience,
        "motivation": nomination.motivation,
        "answers": {str(answer.question_id): answer.text for answer in nomination.answers.all()},
        "papers": {paper.kind: paper.file.sha256 for paper in nomination.papers.all()},
    }


def receipt_of(nomination: Nomination, *, at: datetime) -> str:
    """SHA-256 of the content and the time, as JSON with sorted names. The identifier in it is known to those alone who
    may see the nomination, so that nobody finds out by trying what a receipt is of."""
    said = {**content_of(nomination), "submitted_at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
