"""What a snapshot holds beside its sums, and the hash by which it is known to be what it was."""

import hashlib
import json
from datetime import date
from typing import Any

from core.six_languages import words_of
from roadmap.ledger import Ledger
from roadmap.models import CostLine, FundingSnapshot

SUMS = ("required", "pledged", "committed", "received")


def content_of(ledger: Ledger, on: date) -> dict[str, Any]:
    """The lines with their estimates, and the entries that count, by id: amounts and days as text, no donors."""
    estimates = ledger.estimates(on)
    lines = CostLine.objects.filter(pk__in=estimates).order_by("priority", "pk")
    return {
        "lines": [
            {
                "id": str(line.uuid),
                "titles": words_of(line, "title"),
                "kind": line.kind,
                "quantity": f"{estimates[line.pk].quantity:.2f}",
                "unit_cost": f"{estimates[line.pk].unit_cost:.2f}",
                "currency": estimates[line.pk].currency,
                "amount_usd": f"{estimates[line.pk].amount_usd:.2f}",
            }
            for line in lines
        ],
        "entries": sorted(
            (
                {
                    "id": str(counted.entry.uuid),
                    "kind": counted.entry.kind,
                    "on": counted.entry.on.isoformat(),
                    "amount": f"{counted.entry.amount:.2f}",
                    "currency": counted.entry.currency,
                    "counted_usd": f"{counted.usd:.2f}",
                }
                for counted in ledger.counted(on)
            ),
            key=lambda entry: (entry["on"], entry["id"]),
        ),
    }


def hash_of(snapshot: FundingSnapshot) -> str:
    """SHA-256 of the canonical JSON of the day, the sums and the content."""
    told = {
        "on": snapshot.on.isoformat(),
        **{name: f"{getattr(snapshot, name):.2f}" for name in SUMS},
        "content": snapshot.content,
    }
    canonical = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
