"""What people change of their own account."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import AuthToken

from accounts.models import (
    Country,
    User,
)
from accounts.reserved_names import is_reserved, refusal
from accounts.rules import may_edit_profile
from accounts.time_zones import time_zones
from core import audit
from core.names import without_overrides
from core.punctuation import listed
from core.verdicts import require


def change_profile(
    *, actor: Any, person: User, name: str, language: str, time_zone: str, country: Country | None
) -> User:
    """Change how a person is named, addressed and told the time."""
    require(may_edit_profile(actor, person))
    errors = {}
    name = without_overrides(name)
    if not name:
        errors["name"] = _("Give a name.")
    elif is_reserved(name) and name != person.name:
        errors["name"] = refusal()
    if language not in dict(settings.LANGUAGES):
        errors["language"] = _("Choose one of: %(choices)s.") % {"choices": listed(dict(settings.LANGUAGES))}
    if time_zone and time_zone not in time_zones():
        errors["time_zone"] = _("There is no such time zone.")
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        person.name, person.language, person.time_zone, person.country = (
            name,
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
