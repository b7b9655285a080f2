"""Opening accounts: by the command line, or by people for themselves."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.memberships import enter_group
from accounts.models import (
    Affiliation,
    Consent,
    ConsentText,
    Country,
    Group,
    Organisation,
    Role,
    RoleGrant,
    StakeholderGroup,
    User,
)
from accounts.reserved_names import is_reserved, refusal
from accounts.time_zones import time_zones
from core import audit
from core.names import without_overrides
from core.punctuation import listed

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
        user.name, user.language = without_overrides(name), language
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
            enter_group(group=group, person=user, by=None)
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
        user.name, user.language, user.country = without_overrides(name), language, country
        user.save()
        RoleGrant.objects.get_or_create(user=user, role=Role.PARTICIPANT, scope_type="", scope_id="")
        Consent.objects.get_or_create(user=user, text=consent, withdrawn_at=None)
        if stakeholder_group in OWN_KINDS and organisation.strip():
            _affiliate(user, organisation, stakeholder_group, None, contact=False, confirmed=False)
        audit.record("person.sign_up", user, actor=user, changes={"consent": str(consent)})
    return user


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
    if not 1 <= len(without_overrides(name)) <= 150:
        errors["name"] = _("Give a name.")
    elif is_reserved(name):
        errors["name"] = refusal()
    if not roles or set(roles) - set(Role.values):
        errors["role"] = _("Choose one of: %(choices)s.") % {"choices": listed(Role.values)}
    if country and not Country.objects.filter(pk=country).exists():
        errors["country"] = _("There is no Member State with the code “%(code)s”.") % {"code": country}
    if language not in dict(settings.LANGUAGES):
        errors["language"] = _("Choose one of: %(choices)s.") % {"choices": listed(dict(settings.LANGUAGES))}
    if organisation and kind not in StakeholderGroup.values:
        choices = listed(StakeholderGroup.values)
        errors["organisation_kind"] = _("Choose one of: %(choices)s.") % {"choices": choices}
    if kind == StakeholderGroup.MEMBER_STATE and not country:
        errors["country"] = _("A Member State needs its country.")
    unknown = set(slugs) - set(Group.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    if unknown:
        errors["group"] = _("There is no group “%(group)s”.") % {"group": sorted(unknown)[0]}
    if errors:
        raise ValidationError(errors)
