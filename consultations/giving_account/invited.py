"""Who was invited to a round: the members of its groups when it closed, for a round that isn't open to everyone."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.facts import VOUCHED_KINDS, group_of
from accounts.models import Affiliation, Membership, RegionMembership, User
from consultations.models import Round, TallyParticipant
from consultations.queries import SMALLEST_SHOWN
from consultations.rules import is_secretariat, is_staff


@dataclass(frozen=True)
class Invited:
    """People and organisations; ``by`` counts people: dimension → key → how many."""

    people: int
    organisations: int
    by: dict[str, Counter[str]] = field(default_factory=dict)


def invited_to(round: Round, user: Any) -> Invited | None:
    """Whom a round invited, as the caller may know it; None where it is open to everyone, for nobody can be counted.

    Cells of fewer than three people are for staff alone: who sits in a group is not everybody's to know
    (docs/decisions/0006-small-cells.md). Four queries.
    """
    if round.kind == Round.Kind.OPEN:
        return None
    at = min(round.closed_at or round.closes_at, timezone.now())
    groups = [audience.group_id for audience in round.audience.all()]
    members = Membership.objects.current(at).filter(group__in=groups)
    bodies = set(members.filter(organisation__isnull=False).values_list("organisation", flat=True))
    brought = Affiliation.objects.filter(organisation__in=bodies, confirmed_at__lte=at)
    people = list(
        User.objects.active()
        .filter(Q(pk__in=members.values("user")) | Q(pk__in=brought.values("user")))
        .values_list("pk", "country", "language")
    )
    by = _by_dimension(people)
    if not is_staff(user, round):
        by = {
            name: Counter({key: n for key, n in cells.items() if n >= SMALLEST_SHOWN})
            for name, cells in by.items()
        }
    return Invited(len(people), len(bodies), by)


def _by_dimension(people: list[tuple[int, str | None, str]]) -> dict[str, Counter[str]]:
    regions: dict[str, str] = dict(
        RegionMembership.objects.in_un_groups().values_list("country", "region__code")
    )
    places: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    rows = Affiliation.objects.filter(user__in=[pk for pk, _country, _language in people])
    for person, kind, confirmed_at in rows.values_list("user", "organisation__kind", "confirmed_at"):
        places[person].append((kind, confirmed_at is not None))
    return {
        "region": Counter(regions.get(country or "", "") for _pk, country, _language in people),
        "stakeholder": Counter(group_of(places[pk]) for pk, _country, _language in people),
        "language": Counter(language for _pk, _country, language in people),
    }


def organisations_of(round: Round, user: Any) -> int | None:
    """How many organisations those who took part are of; None where so few could tell who they are (one query)."""
    audience = "staff" if is_secretariat(user, round) else "readers"
    speakers = TallyParticipant.objects.filter(
        round=round, audience=audience, dimension="total", comments__gt=0
    )
    places: QuerySet[Affiliation] = Affiliation.objects.filter(user__in=speakers.values("author"))
    places = places.exclude(confirmed_at=None, organisation__kind__in=VOUCHED_KINDS)
    n = places.values("organisation").distinct().count()
    return None if round.anonymous and n < SMALLEST_SHOWN and not is_staff(user, round) else n
