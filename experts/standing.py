"""What a caller is in calls and nominations: secretariat, voice of a country, coordinator of a region."""

from typing import Any

from accounts.facts import facts_of, region_of
from accounts.models import Organisation, Role


def is_staff(user: Any) -> bool:
    return facts_of(user).has(Role.STAFF)


def country_spoken_for(user: Any) -> str:
    """The code of the member state whose contact point or deputy the caller is, or an empty text.

    One query, and none for everybody else; kept with the caller for the request.
    """
    organisation = facts_of(user).speaks_for
    if organisation is None:
        return ""
    if not hasattr(user, "_country_spoken_for"):
        countries = Organisation.objects.filter(pk=organisation).values_list("country", flat=True)
        user._country_spoken_for = countries.first() or ""
    return str(user._country_spoken_for)


def regions_coordinated(user: Any) -> frozenset[str]:
    """Codes of the UN regional groups whose coordinator the caller is: those named in the grant, else their own."""
    facts = facts_of(user)
    named = facts.scoped(Role.COORDINATOR, "region")
    if named or not facts.has(Role.COORDINATOR):
        return named
    if not hasattr(user, "_region_coordinated"):
        user._region_coordinated = region_of(user)
    return frozenset(filter(None, [user._region_coordinated]))
