"""Who takes part in the demonstration. Everyone is fictional; addresses end in example.org."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.actions.memberships import set_role, set_term
from accounts.models import Affiliation, Group, Membership, Organisation, Role, RoleGrant, User, day_of
from guidelines_portal.demonstration.clock import clock_set_to

# Before the first round: whoever spoke then was a member then.
LONG_AGO = timezone.now() - timedelta(days=400)
TEXTS = Path(__file__).resolve().parent / "texts"


@dataclass(frozen=True)
class Account:
    """A person whose sign-in the demonstration shows."""

    email: str
    name: str
    role: str
    language: str = "en"
    country: str | None = None
    time_zone: str = ""


SECRETARIAT = (
    Account("staff@example.org", "Amara Njoroge", Role.STAFF, "en", "KEN", "Africa/Nairobi"),
    Account("drafter@example.org", "Lucas Moreau", Role.DRAFTER, "fr", "FRA", "Europe/Paris"),
    Account("second.drafter@example.org", "Mei Tanaka", Role.DRAFTER, "en", "JPN", "Asia/Tokyo"),
    Account("coordinator@example.org", "Rosa Quispe", Role.COORDINATOR, "es", "PER", "America/Lima"),
    Account("admin@example.org", "Ivan Sokolov", Role.ADMIN, "ru", "KGZ", "Asia/Bishkek"),
)


def make_people(password: str) -> tuple[dict[str, User], list[User]]:
    """Create everyone; returns the secretariat by role (the other drafter is the
    "second drafter") and the others in the order of ``people.json``.

    One hash serves all, for the password is the same and printed on the sign-in page.
    """
    hashed = make_password(password)
    secretariat: dict[str, User] = {}
    for account in SECRETARIAT:
        user = _make(account.email, account.name, account.language, account.country, hashed, account.role)
        user.time_zone = account.time_zone
        user.save(update_fields=["time_zone"])
        role = str(account.role)
        secretariat[role if role not in secretariat else f"second {role}"] = user
    organisations: dict[str, Organisation] = {}
    groups = {group.slug: group for group in Group.objects.all()}
    others = []
    for person in sorted(json.loads((TEXTS / "people.json").read_text("utf-8")), key=lambda p: p["index"]):
        user = _make(
            person["email"], person["name"], person["language"], person["country"], hashed, person["role"]
        )
        _affiliate(user, person, organisations)
        Membership.objects.bulk_create(
            Membership(group=groups[slug], user=user, since=LONG_AGO)
            for slug in person["groups"]
            if slug in groups
        )
        others.append(user)
    return secretariat, others


def give_offices(staff: User) -> None:
    """The working group's term, its chair and its rapporteur, as its members agreed on at their first meeting."""
    members = Membership.objects.filter(group__slug="expert-working-group", user__isnull=False).order_by("pk")
    last = day_of(timezone.now() + timedelta(days=240))
    with clock_set_to(LONG_AGO + timedelta(days=30)):
        for row in members:
            set_term(actor=staff, membership=row, ends_on=last, reason="The term of the group.")
        for row, role in zip(members, (Membership.Role.CHAIR, Membership.Role.RAPPORTEUR), strict=False):
            set_role(
                actor=staff, membership=row, role=role, reason="Chosen by the members at their first meeting."
            )


def _make(email: str, name: str, language: str, country: str | None, hashed: str, role: str) -> User:
    user = User.objects.create(
        email=email.lower(), name=name, language=language, country_id=country, password=hashed
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    RoleGrant.objects.create(user=user, role=role)
    return user


def _affiliate(user: User, person: dict[str, Any], organisations: dict[str, Organisation]) -> None:
    kind = person.get("organisation_kind")
    if not kind:
        return
    if kind == "member_state":
        organisation, _created = Organisation.objects.get_or_create(
            kind=kind, country_id=person["country"], defaults={"name": person["organisation"]}
        )
    else:
        name = person["organisation"]
        organisation = organisations.get(name) or Organisation.objects.create(kind=kind, name=name)
        organisations[name] = organisation
    free = not organisation.affiliations.filter(role="contact").exists()
    contact = person["role"] == Role.FOCAL_POINT and free
    Affiliation.objects.create(
        user=user,
        organisation=organisation,
        role="contact" if contact else "member",
        confirmed_at=timezone.now(),
    )
