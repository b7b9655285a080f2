"""What stands beside a page of a draft: the round chosen, and how much was said on each provision."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import StakeholderGroup
from consultations.carried import carried_beside
from consultations.filters import VoiceFilter
from consultations.glimpses import Glimpse, glimpses_beside
from consultations.interest import Interest, interest_in, level_of, quotes_on
from consultations.models import Comment, Round
from consultations.queries import reading_round
from consultations.rules import may_comment
from consultations.views.voices import visible_round
from drafts.models import Draft
from drafts.queries import UnitPage, page_languages
from drafts.views.language import text_language

# Stands for a provision's key in an address that is made once for a page and not for each of its provisions.
KEY = "provision-key"


def voices_beside(request: HttpRequest, draft: Draft, page: UnitPage) -> dict[str, Any]:
    """Context for ``consultations/read.html``; hangs ``voices`` on the page's rows. ``?round=`` chooses."""
    asked = request.GET.get("round", "")
    wanted = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    round, rounds = reading_round(draft, request.user, wanted)
    chosen = VoiceFilter.of(request.GET)
    interest = interest_in(round, request.user, chosen) if round else Interest()
    rows = [each for row in page.rows for each in (row, *row.footnotes)]
    pillar = page.unit.provision.pillar
    glimpses: dict[str, list[Glimpse]] = {}
    # Where nothing was said there is nothing to look for.
    if round and any(row.key in interest.voices for row in rows):
        glimpses = glimpses_beside(round, request.user, rows, chosen=chosen, pillar=pillar)
    carried = carried_beside(draft, request.user, [row.provision.pk for row in rows])
    for each in rows:
        each.carried = carried.get(each.provision.pk, 0)  # type: ignore[attr-defined]
        each.voices = interest.voices.get(each.key)  # type: ignore[attr-defined]
        each.glimpses = glimpses.get(each.key, [])  # type: ignore[attr-defined]
    spoken_on = [interest.voices[row.key] for row in rows if row.key in interest.voices]
    said = interest.on_units(page.contents)
    most = max(said.values(), default=0)
    for unit in page.contents:
        comments = said.get(unit.provision.key, 0)
        unit.interest = (comments, level_of(comments, most)) if comments else None  # type: ignore[attr-defined]
    query = "&".join(part for part in (_text(request), chosen.query) if part)
    context: dict[str, Any] = {
        "round": round,
        "rounds": rounds,
        "chosen": chosen,
        "may_comment": may_comment(request.user, round, at=timezone.now()) if round else None,
        # Nobody is asked to sign in for what is over.
        "over": round is not None and round.state not in (Round.State.PLANNED, Round.State.OPEN),
        "margin_template": "consultations/_margin.html" if round or carried else None,
        "interest_template": "consultations/_interest.html" if round else None,
    }
    if round:
        address = reverse("consultations:voices", args=[round.pk, KEY])
        quotes = reverse("consultations:quotes", args=[round.pk, page.unit.provision.key])
        context |= {
            "voices_address": f"{address}?{query}" if query else address,
            "quotes_address": f"{quotes}?{query}" if query else quotes,
            # Leads on to the other pages with the same round, language and filter.
            "query": _onward(request, chosen),
            "voices_shown": sum(voices.comments for voices in spoken_on),
            "kinds": Comment.Kind.choices,
            "spoken": settings.LANGUAGES,
            "groups": StakeholderGroup.choices,
        }
    return context


def asked_about(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """Context for ``consultations/_asked_about.html``: the round that is open on the draft and closes first."""
    now = timezone.now()
    round, _rounds = reading_round(draft, request.user)
    if round is None or round.state_at(now) != Round.State.OPEN:
        return {"round": None}
    return {"round": round, "may_comment": may_comment(request.user, round, at=now)}


@require_safe
def quotes(request: HttpRequest, round_id: int, key: str) -> HttpResponse:
    """Which stretches of a page's words are quoted, and how often: drawn under them by ``reading.js``."""
    round = visible_round(request, round_id)
    page = page_languages(round.draft, key, text_language(request))
    if page is None:
        raise Http404
    found = []
    for each in sorted(set(page.languages.values())):
        found += quotes_on(
            round,
            request.user,
            language=each,
            chosen=VoiceFilter.of(request.GET),
            pillar=page.pillar,
            positions=page.positions,
        )
    response = JsonResponse({"quotes": found, "languages": page.languages})
    response["Cache-Control"] = "private, no-cache"
    return response


def _text(request: HttpRequest) -> str:
    return f"text={text_language(request)}" if request.GET.get("text") else ""


def _onward(request: HttpRequest, chosen: VoiceFilter) -> str:
    round = request.GET.get("round", "")
    parts = (_text(request), f"round={round}" if round.isdecimal() else "", chosen.query)
    query = "&".join(part for part in parts if part)
    return f"?{query}" if query else ""
