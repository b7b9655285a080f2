"""Who was invited to a round: the members of its groups when it closed, for a round that isn't open to everyone."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
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
    people = User.objects.active().filter(Q(pk__in=members.values("user")) | Q(pk__in=brought.values("user")))
    total, by = _by_dimension(people)
    if not is_staff(user, round):
        by = {
            name: Counter({key: n for key, n in cells.items() if n >= SMALLEST_SHOWN})
            for name, cells in by.items()
        }
    return Invited(total, len(bodies), by)


def _by_dimension(people: "QuerySet[User]") -> tuple[int, dict[str, Counter[str]]]:
    """How many people, and by region, stakeholder group and language. The database counts; only places in
    organizations are read one by one, for which of them somebody speaks for is a rule of its own."""
    regions: dict[str, str] = dict(
        RegionMembership.objects.in_un_groups().values_list("country", "region__code")
    )
    by: dict[str, Counter[str]] = {name: Counter() for name in ("region", "stakeholder", "language")}
    cells = people.order_by().values_list("country", "language").annotate(n=Count("pk"))
    for country, language, n in cells:
        by["region"][regions.get(country or "", "")] += n
        by["language"][language] += n
    total = by["language"].total()
    places: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    rows = Affiliation.objects.filter(user__in=people.order_by().values("pk")).order_by()
    for person, kind, confirmed_at in rows.values_list("user", "organisation__kind", "confirmed_at"):
        places[person].append((kind, confirmed_at is not None))
    by["stakeholder"].update(group_of(each) for each in places.values())
    by["stakeholder"][group_of(())] += total - len(places)
    return total, by


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
