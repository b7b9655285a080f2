"""The front page: what this is, what is open, the draft, what became of what was said."""

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_request

from consultations.models import Round, Tally
from consultations.queries import with_people
from drafts.models import Draft
from drafts.queries import contents


def to_language(request: HttpRequest) -> HttpResponse:
    """The bare address: on to the reader's language."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rounds = list(with_people(Round.objects.visible_to(request.user)).order_by("opens_at"))
    drafts = Draft.objects.visible_to(request.user).filter(status=Draft.Status.PUBLISHED)
    draft = drafts.select_related("guidelines").order_by("-published_at").first()
    pillars = (
        [u for u in contents(draft, get_language() or "en") if u.provision.kind == "pillar"] if draft else []
    )
    context = {
        "open": [round for round in rounds if round.state_at(now) == Round.State.OPEN],
        "steps": rounds,
        "draft": draft,
        "thematic": [unit for unit in pillars if (unit.provision.pillar or 0) <= 4],
        "enabling": [unit for unit in pillars if (unit.provision.pillar or 0) > 4],
        "account": _account([r for r in rounds if r.visibility == Round.Visibility.PUBLIC]),
    }
    return render(request, "home.html", context)


def _account(rounds: list[Round]) -> dict[str, Any]:
    """You said, we did: what everyone may know of public rounds, from the tallies (one query)."""
    cells = (
        Tally.objects.filter(
            round__in=rounds, audience=Tally.Audience.READERS, dimension=Tally.Dimension.DISPOSITION
        )
        .values("key")
        .annotate(n=Sum("comments"))
    )
    counts = {cell["key"]: cell["n"] for cell in cells}
    return {
        "comments": sum(counts.values()),
        "answered": sum(n for key, n in counts.items() if key),
        "accepted": counts.get("accepted", 0) + counts.get("partly_accepted", 0),
    }
