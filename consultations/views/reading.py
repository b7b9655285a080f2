"""What stands beside a page of a draft: the round chosen, and how much was said on each provision."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from consultations.queries import reading_round, voices_by_provision
from consultations.rules import may_comment
from drafts.models import Draft
from drafts.queries import UnitPage
from drafts.views import text_language

# Stands for a provision's key in an address that is made once for a page and not for each of its provisions.
KEY = "provision-key"


def voices_beside(request: HttpRequest, draft: Draft, page: UnitPage) -> dict[str, Any]:
    """Context for ``consultations/read.html``; hangs ``voices`` on the page's rows. ``?round=`` chooses."""
    asked = request.GET.get("round", "")
    wanted = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    round, rounds = reading_round(draft, request.user, wanted)
    rows = [each for row in page.rows for each in (row, *row.footnotes)]
    voices = voices_by_provision(round, request.user, [row.key for row in rows])
    for row in rows:
        row.voices = voices.get(row.key)  # type: ignore[attr-defined]
    address = reverse("consultations:voices", args=[round.pk, KEY]) if round else ""
    if request.GET.get("text"):
        address += f"?text={text_language(request)}"
    return {
        "voices_address": address,
        "round": round,
        "rounds": rounds,
        "may_comment": may_comment(request.user, round, at=timezone.now()) if round else None,
        "margin_template": "consultations/_margin.html" if round else None,
    }
