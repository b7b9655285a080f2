"""The front page: what this is, what is open, where the process stands, the draft, what became of what was said."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_request
from django.utils.translation import gettext as _

from consultations.models import Round, Tally
from consultations.queries import with_people
from consultations.waiting import waiting_for
from drafts.models import Draft
from drafts.queries import contents
from drafts.waiting import waiting_for as drafts_waiting_for
from experts.models import Call
from experts.waiting import waiting_for as nominations_waiting_for
from guidelines_portal.road_map import road_map
from roadmap.models import Milestone


@dataclass(frozen=True)
class Account:
    """You said, we did: what everyone may know of public rounds, and where to read it."""

    comments: int
    answered: int
    accepted: int
    address: str

    @property
    def figures(self) -> list["Figure"]:
        words = (
            (_("comments received"), self.comments),
            (_("answered in public"), self.answered),
            (_("accepted, wholly or in part"), self.accepted),
        )
        whole = max(self.comments, 1)
        return [Figure(label, number, round(100 * number / whole, 1)) for label, number in words]


@dataclass(frozen=True)
class Figure:
    """A number of comments, with its share of all in per cent."""

    label: str
    number: int
    percent: float


def to_language(request: HttpRequest) -> HttpResponse:
    """The bare address: on to the reader's language."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    seen = with_people(Round.objects.visible_to(request.user)).prefetch_related("audience__group")
    rounds = list(seen.order_by("opens_at", "pk"))
    calls = list(Call.objects.filter(announced_at__isnull=False).order_by("opens_at", "pk"))
    drafts = Draft.objects.visible_to(request.user).filter(
        status__in=[Draft.Status.PUBLISHED, Draft.Status.ADOPTED]
    )
    draft = drafts.select_related("guidelines").order_by("-published_at").first()
    pillars = (
        [u for u in contents(draft, get_language() or "en") if u.provision.kind == "pillar"] if draft else []
    )
    public = [r for r in rounds if r.visibility == Round.Visibility.PUBLIC]
    context: dict[str, Any] = {
        "open": [round for round in rounds if round.state_at(now) == Round.State.OPEN],
        "next": next((round for round in rounds if round.state_at(now) == Round.State.PLANNED), None),
        "open_calls": [call for call in calls if call.state_at(now) == Call.State.OPEN],
        "road_map": road_map(
            sorted([*rounds, *calls], key=lambda step: step.opens_at),
            now,
            Milestone.objects.visible_to(request.user),
        ),
        "now": now,
        "waiting": [
            *drafts_waiting_for(request.user),
            *nominations_waiting_for(request.user),
            *waiting_for(request.user, rounds),
        ],
        "draft": draft,
        "thematic": [unit for unit in pillars if (unit.provision.pillar or 0) <= 4],
        "enabling": [unit for unit in pillars if (unit.provision.pillar or 0) > 4],
        "account": _account(public),
    }
    return render(request, "home.html", context)


def _account(rounds: list[Round]) -> Account:
    """From the tallies of these public rounds (one query)."""
    cells = (
        Tally.objects.filter(
            round__in=rounds, audience=Tally.Audience.READERS, dimension=Tally.Dimension.DISPOSITION
        )
        .values("round", "key")
        .annotate(n=Sum("comments"))
    )
    counts: dict[str, int] = {}
    answered_rounds = set()
    for cell in cells:
        counts[cell["key"]] = counts.get(cell["key"], 0) + cell["n"]
        if cell["key"] and cell["n"]:
            answered_rounds.add(cell["round"])
    return Account(
        comments=sum(counts.values()),
        answered=sum(n for key, n in counts.items() if key),
        accepted=counts.get("accepted", 0) + counts.get("partly_accepted", 0),
        address=_address_of([r for r in rounds if r.pk in answered_rounds] or rounds),
    )


def _address_of(rounds: list[Round]) -> str:
    """Where the account of the latest of ``rounds`` is read, or while none is given its comments."""
    if not rounds:
        return reverse("consultations:round_list")
    given = [round for round in rounds if round.published_at]
    if given:
        return reverse("consultations:account", args=[max(given, key=lambda r: (r.opens_at, r.pk)).pk])
    return reverse("consultations:comment_list", args=[max(rounds, key=lambda r: (r.opens_at, r.pk)).pk])
