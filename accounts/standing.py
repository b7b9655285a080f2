"""What somebody is in the portal: for their own eyes."""

from dataclasses import dataclass

from accounts.models import Affiliation, Group, Role, User
from accounts.queries import affiliations_of
from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.slots import scope_labels


@dataclass(frozen=True)
class Standing:
    """``roles``: what each is called, and for what alone it is held ("" for everything). ``states`` are the
    member states in whose organisation the person has a place, ``organisations`` the other places."""

    roles: list[tuple[str, str]]
    groups: list[Group]
    states: list[Affiliation]
    organisations: list[Affiliation]
    second_factor_missing: bool


def standing_of(person: User) -> Standing:
    """Read anew, in a constant number of queries."""
    scopes = scope_labels() if any(scope for _role, scope, _pk in person.facts.grants) else {}
    places = list(affiliations_of(person))
    return Standing(
        roles=sorted(
            (str(Role(role).label), scopes.get((scope, pk), pk)) for role, scope, pk in person.facts.grants
        ),
        groups=list(Group.objects.filter(pk__in=person.facts.groups).order_by("kind", "pk")),
        states=[place for place in places if place.organisation.kind == "member_state"],
        organisations=[place for place in places if place.organisation.kind != "member_state"],
        second_factor_missing=needs_second_factor(person) and not has_second_factor(person),
    )
