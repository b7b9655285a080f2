"""Which member states are reached, and by whom: what the secretariat's overview and a mission's page read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.models import (
    Affiliation,
    Country,
    Invitation,
    InvitationQuerySet,
    Organisation,
    Region,
    RegionMembership,
    Role,
    StakeholderGroup,
    User,
)
from accounts.queries import NAME_COLUMNS, countries_by_name
from accounts.rules import SPEAKERS

SCHEME = "un_group"


class Reach(TextChoices):
    """How far the portal has come with a member state."""

    REACHED = "reached", pgettext_lazy("member state", "Reached")
    INVITED = "invited", pgettext_lazy("member state", "Invited")
    EXPIRED = "expired", pgettext_lazy("member state", "Invitation expired")
    NOBODY = "nobody", pgettext_lazy("member state", "Nobody yet")


@dataclass
class Mission:
    """One member state: who speaks for it, and whom an invitation asks to."""

    country: Country
    region: Region | None
    organisation_id: int | None = None
    contact: User | None = None
    deputies: list[User] = field(default_factory=list)
    open: list[Invitation] = field(default_factory=list)
    expired: list[Invitation] = field(default_factory=list)

    @property
    def reach(self) -> str:
        if self.contact or self.deputies:
            return Reach.REACHED
        if self.open:
            return Reach.INVITED
        return Reach.EXPIRED if self.expired else Reach.NOBODY

    @property
    def reach_label(self) -> str:
        return str(Reach(self.reach).label)


@dataclass
class RegionCount:
    """How many states of a region are how far."""

    region: Region
    reached: int = 0
    invited: int = 0
    expired: int = 0
    nobody: int = 0

    @property
    def states(self) -> int:
        return self.reached + self.invited + self.expired + self.nobody

    @property
    def reached_or_invited(self) -> int:
        return self.reached + self.invited


def missions(*, at: datetime | None = None) -> list[Mission]:
    """All member states by name, in five queries however many people there are."""
    now = at or timezone.now()
    memberships = RegionMembership.objects.in_un_groups().select_related("region")
    regions = {membership.country_id: membership.region for membership in memberships}
    found = {country.pk: Mission(country, regions.get(country.pk)) for country in countries_by_name()}
    states = Organisation.objects.filter(kind=StakeholderGroup.MEMBER_STATE)
    for pk, country in states.values_list("pk", "country"):
        if country in found:
            found[country].organisation_id = pk
    places = Affiliation.objects.filter(
        organisation__kind=StakeholderGroup.MEMBER_STATE,
        role__in=SPEAKERS,
        confirmed_at__isnull=False,
        user__in=User.objects.active(),
    )
    for place in places.select_related("user", "organisation").order_by("user__name", "pk"):
        mission = found[str(place.organisation.country_id)]
        if place.role == Affiliation.Position.CONTACT:
            mission.contact = place.user
        else:
            mission.deputies.append(place.user)
    for invitation in seat_invitations().order_by("expires_at", "pk"):
        mission = found[str(invitation.country_id)]
        (mission.open if invitation.expires_at > now else mission.expired).append(invitation)
    return list(found.values())


def seat_invitations() -> "QuerySet[Invitation]":
    """Standing invitations to speak for a member state, by the secretariat or by its mission."""
    standing = Invitation.objects.standing().filter(country__isnull=False)
    by_secretariat = standing.filter(role=Role.FOCAL_POINT)
    return (by_secretariat | standing.filter(role="", position__in=SPEAKERS)).exclude(
        position=Affiliation.Position.MEMBER
    )


def narrowed(
    found: Iterable[Mission], *, words: str = "", region: str = "", reach: str = ""
) -> list[Mission]:
    """Those of a region, of a state of affairs, and with every word in a name of the country (in any language), its
    code, or the name or address of somebody there."""
    wanted = words.casefold().split()[:8]
    return [
        mission
        for mission in found
        if (not region or (mission.region is not None and mission.region.code == region))
        and (not reach or mission.reach == reach)
        and all(word in _searched(mission) for word in wanted)
    ]


def _searched(mission: Mission) -> str:
    country = mission.country
    people = [mission.contact, *mission.deputies, *mission.open, *mission.expired]
    parts: list[Any] = [country.pk, country.iso2, *(getattr(country, column) for column in NAME_COLUMNS)]
    parts += [part for person in people if person is not None for part in (person.name, person.email)]
    return " ".join(filter(None, parts)).casefold()


def counted_by_region(found: Iterable[Mission]) -> list[RegionCount]:
    """One count for each region, in the order of their names in English."""
    counts: dict[int, RegionCount] = {}
    for mission in found:
        if mission.region is not None:
            count = counts.setdefault(mission.region.pk, RegionCount(mission.region))
            setattr(count, mission.reach, getattr(count, mission.reach) + 1)
    return sorted(counts.values(), key=lambda count: count.region.code)


def expired_invitations() -> "QuerySet[Invitation]":
    """The secretariat's invitations of focal points that nobody took up in time."""
    expired = Invitation.objects.standing().filter(
        role=Role.FOCAL_POINT, country__isnull=False, expires_at__lte=timezone.now()
    )
    return expired.select_related("country", "group", "invited_by").order_by("pk")


def mission_invitations(organisation: Organisation) -> InvitationQuerySet:
    """What a mission has ever offered, the latest first, whatever became of it."""
    own = Invitation.objects.filter(country=organisation.country_id, role="").exclude(position="")
    found: InvitationQuerySet = own.select_related("country", "invited_by").order_by("-created_at", "-pk")
    return found
