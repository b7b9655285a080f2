"""Who speaks for Member States in the demonstration: most of the countries that nominate, some only invited."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from accounts.actions.invitations import offer_place
from accounts.actions.speaking import keep_role
from accounts.models import (
    Affiliation,
    Country,
    Invitation,
    Organisation,
    Role,
    RoleGrant,
    StakeholderGroup,
    User,
)
from guidelines_portal.demonstration.clock import clock_set_to
from guidelines_portal.demonstration.nominees import Profile, Register

# Invited, and (the last five) so long ago that the invitation has expired.
INVITED = ("AFG", "AZE", "BHS", "CUB", "DNK", "GRC", "ISL", "KGZ", "LAO", "MWI", "SLV", "SLE", "TGO", "TON")
EXPIRED = ("BLZ", "COM", "LVA", "PLW", "YEM")


def make_accounts(people: Iterable[Profile], *, password: str, role: str, at: datetime) -> dict[str, User]:
    """Accounts that may sign in, by address; ``password`` is hashed already."""
    users = User.objects.bulk_create(
        User(
            email=person.email,
            name=person.name,
            language=person.language,
            country_id=person.country,
            password=password,
            date_joined=at,
        )
        for person in {person.email: person for person in people}.values()
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, granted_at=at) for user in users)
    return {user.email: user for user in users}


def make_missions(
    register: Register, people: list[User], staff: User, *, password: str, now: datetime
) -> dict[str, User]:
    """The contact point of each country that nominates, by country. Ghana's deputy is one of ``people``."""
    seats = Affiliation.objects.filter(organisation__kind=StakeholderGroup.MEMBER_STATE, role="contact")
    contacts = {
        str(seat.organisation.country_id): seat.user for seat in seats.select_related("user", "organisation")
    }
    begun = now - timedelta(days=380)
    missing = [country for country in register.countries if country not in contacts]
    profiles = [register.profile(country) for country in missing]
    users = make_accounts(profiles, password=password, role=Role.FOCAL_POINT, at=begun)
    names = dict(Country.objects.values_list("pk", "name_en"))
    standing = {
        row.country_id: row for row in Organisation.objects.filter(kind=StakeholderGroup.MEMBER_STATE)
    }
    new = [
        Organisation(
            kind=StakeholderGroup.MEMBER_STATE,
            country_id=country,
            name=f"Permanent Mission of {names[country]} (fictional)",
        )
        for country in missing
        if country not in standing
    ]
    standing |= {row.country_id: row for row in Organisation.objects.bulk_create(new)}
    for profile in profiles:
        contacts[profile.country] = users[profile.email]
    Affiliation.objects.bulk_create(
        Affiliation(
            user=contacts[country], organisation=standing[country], role="contact", confirmed_at=begun
        )
        for country in missing
    )
    _second(people, standing["GHA"], staff, begun)
    _invite(register, staff, now)
    return contacts


def _second(people: list[User], ghana: Organisation, staff: User, at: datetime) -> None:
    """A municipality's man is his country's deputy as well."""
    deputy = next(person for person in people if person.email.startswith("kwabena.tetteh@"))
    place = {"user": deputy, "organisation": ghana}
    Affiliation.objects.create(role="deputy", confirmed_at=at, **place)
    with clock_set_to(at):
        keep_role(staff, deputy, ghana, before="")
    RoleGrant.objects.filter(user=deputy, role=Role.FOCAL_POINT).update(granted_at=at)


def _invite(register: Register, staff: User, now: datetime) -> None:
    names = dict(Country.objects.values_list("pk", "name_en"))
    rows = [*((code, 5) for code in INVITED), *((code, 34) for code in EXPIRED)]
    for code, age in rows:
        at = now - timedelta(days=age)
        with clock_set_to(at):
            invitation = offer_place(
                staff,
                days=14,
                email=f"mission.{code.lower()}@example.org",
                name=f"Permanent Mission of {names[code]}",
                language="en",
                country=Country(pk=code),
                role=Role.FOCAL_POINT,
            )
        Invitation.objects.filter(pk=invitation.pk).update(created_at=at, sent_at=at + timedelta(minutes=1))
