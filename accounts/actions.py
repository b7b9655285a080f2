"""Writing people, their roles and their consent."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken

from accounts.models import (
    Affiliation,
    Consent,
    ConsentText,
    Country,
    Group,
    Membership,
    Organisation,
    Role,
    RoleGrant,
    StakeholderGroup,
    User,
)
from accounts.rules import may_assign_roles, may_edit_profile
from accounts.time_zones import time_zones
from core import audit
from core.verdicts import require

# Kinds of organisation that a person names for themselves; member states are named by the secretariat.
OWN_KINDS = [kind for kind in StakeholderGroup.values if kind not in ("member_state", "individual")]


def keep_person(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    country: str | None = None,
    organisation: str = "",
    organisation_kind: str = "",
    groups: Iterable[str] = (),
    language: str = "en",
    password: str | None = None,
) -> User:
    """Create or update an account that may sign in (its address counts as confirmed). For the command line.

    Roles and groups named are added; none is taken away. ``ValidationError`` by field, and nothing written.
    """
    roles, slugs, email = list(roles), list(groups), email.strip().lower()
    _check_person(email, name, roles, country, organisation, organisation_kind, slugs, language)
    with transaction.atomic():
        user = User.objects.filter(email=email).first() or User(email=email)
        created = user.pk is None
        user.name, user.language = name.strip(), language
        if country or created:
            user.country_id = country
        if password:
            user.set_password(password)
        elif created:
            user.set_unusable_password()
        user.save()
        EmailAddress.objects.update_or_create(
            user=user, email=email, defaults={"verified": True, "primary": True}
        )
        for role in roles:
            RoleGrant.objects.get_or_create(user=user, role=role, scope_type="", scope_id="")
        for group in Group.objects.filter(slug__in=slugs):
            Membership.objects.get_or_create(group=group, user=user, until=None)
        if organisation:
            _affiliate(user, organisation, organisation_kind, country, Role.FOCAL_POINT in roles)
        audit.record("person.keep", user, actor=None, changes={"roles": roles, "created": created})
    return user


def settle_sign_up(
    *,
    user: User,
    name: str,
    language: str,
    consent: ConsentText,
    country: Country | None = None,
    stakeholder_group: str = StakeholderGroup.INDIVIDUAL,
    organisation: str = "",
    time_zone: str = "",
) -> User:
    """Complete an account that somebody opened for themselves: a participant, with consent on record.

    ``time_zone`` is what the browser told; one that doesn't exist is left out.
    """
    with transaction.atomic():
        user.time_zone = time_zone if time_zone in time_zones() else ""
        user.name, user.language, user.country = name.strip(), language, country
        user.save()
        RoleGrant.objects.get_or_create(user=user, role=Role.PARTICIPANT, scope_type="", scope_id="")
        Consent.objects.get_or_create(user=user, text=consent, withdrawn_at=None)
        if stakeholder_group in OWN_KINDS and organisation.strip():
            _affiliate(user, organisation, stakeholder_group, None, contact=False, confirmed=False)
        audit.record("person.sign_up", user, actor=user, changes={"consent": str(consent)})
    return user


def change_profile(
    *, actor: Any, person: User, name: str, language: str, time_zone: str, country: Country | None
) -> User:
    """Change how a person is named, addressed and told the time."""
    require(may_edit_profile(actor, person))
    errors = {}
    if not name.strip():
        errors["name"] = _("Give a name.")
    if language not in dict(settings.LANGUAGES):
        errors["language"] = _("Choose one of: %(choices)s.") % {
            "choices": ", ".join(dict(settings.LANGUAGES))
        }
    if time_zone and time_zone not in time_zones():
        errors["time_zone"] = _("There is no such time zone.")
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        person.name, person.language, person.time_zone, person.country = (
            name.strip(),
            language,
            time_zone,
            country,
        )
        person.save()
        audit.record("person.change_profile", person, actor=actor)
    return person


def revoke_token(*, actor: Any, token: AuthToken) -> None:
    """Take an API token out of use. ``Refusal`` unless it is the actor's own."""
    require(may_edit_profile(actor, token.user))
    with transaction.atomic():
        audit.record("token.revoke", token.user, actor=actor, changes={"token": token.token_key})
        token.delete()


def grant_role(*, actor: Any, person: User, role: str, scope_type: str = "", scope_id: str = "") -> RoleGrant:
    """Give a role. ``Refusal`` unless an administrator, and never to oneself."""
    require(may_assign_roles(actor, person))
    if role not in Role.values:
        raise ValidationError(
            {"role": _("Choose one of: %(choices)s.") % {"choices": ", ".join(Role.values)}}
        )
    with transaction.atomic():
        grant, created = RoleGrant.objects.get_or_create(
            user=person, role=role, scope_type=scope_type, scope_id=scope_id, defaults={"granted_by": actor}
        )
        if created:
            audit.record(
                "role.grant", person, actor=actor, changes={"role": role, "scope": [scope_type, scope_id]}
            )
    return grant


def withdraw_role(*, actor: Any, grant: RoleGrant) -> None:
    """Take a role away. ``Refusal`` unless an administrator, and never one's own."""
    require(may_assign_roles(actor, grant.user))
    with transaction.atomic():
        audit.record("role.withdraw", grant.user, actor=actor, changes={"role": grant.role})
        grant.delete()


def _affiliate(
    user: User, name: str, kind: str, country: str | None, contact: bool, confirmed: bool = True
) -> Affiliation:
    if kind == StakeholderGroup.MEMBER_STATE:
        organisation, _created = Organisation.objects.get_or_create(
            kind=kind, country_id=country, defaults={"name": name.strip(), "name_en": name.strip()}
        )
    else:
        found = Organisation.objects.filter(kind=kind, name_en__iexact=name.strip()).first()
        organisation = found or Organisation.objects.create(
            kind=kind, name=name.strip(), name_en=name.strip()
        )
    others = organisation.affiliations.exclude(user=user)
    speaks = contact and kind == "member_state" and not others.filter(role="contact").exists()
    affiliation, created = Affiliation.objects.get_or_create(
        user=user,
        organisation=organisation,
        defaults={"confirmed_at": timezone.now() if confirmed else None},
    )
    if speaks and affiliation.role != Affiliation.Position.CONTACT:
        affiliation.role = Affiliation.Position.CONTACT
        affiliation.save()
    return affiliation


def _check_person(
    email: str,
    name: str,
    roles: list[str],
    country: str | None,
    organisation: str,
    kind: str,
    slugs: list[str],
    language: str,
) -> None:
    errors: dict[str, Any] = {}
    try:
        validate_email(email)
    except ValidationError as error:
        errors["email"] = error.messages
    if not 1 <= len(name.strip()) <= 150:
        errors["name"] = _("Give a name.")
    if not roles or set(roles) - set(Role.values):
        errors["role"] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Role.values)}
    if country and not Country.objects.filter(pk=country).exists():
        errors["country"] = _("There is no Member State with the code “%(code)s”.") % {"code": country}
    if language not in dict(settings.LANGUAGES):
        errors["language"] = _("Choose one of: %(choices)s.") % {
            "choices": ", ".join(dict(settings.LANGUAGES))
        }
    if organisation and kind not in StakeholderGroup.values:
        choices = ", ".join(StakeholderGroup.values)
        errors["organisation_kind"] = _("Choose one of: %(choices)s.") % {"choices": choices}
    if kind == StakeholderGroup.MEMBER_STATE and not country:
        errors["country"] = _("A Member State needs its country.")
    unknown = set(slugs) - set(Group.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    if unknown:
        errors["group"] = _("There is no group “%(group)s”.") % {"group": sorted(unknown)[0]}
    if errors:
        raise ValidationError(errors)
