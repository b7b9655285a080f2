"""What attributes, their values and the rules of a panel are called, in the language that is active."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from accounts.models import Country, Region
from core.punctuation import colon
from experts.expertise import FIELDS
from experts.models import Gender, Level
from experts.panel import Kind
from experts.selection_pool import (
    EXPERIENCED,
    EXPERTISE,
    GENDER,
    LANGUAGE,
    LEVEL,
    NATIONALITY,
    PERSON,
    REGION,
)

PILLARS = [str(number) for number in range(1, 9)]


class Words:
    """Names, each table read once (one query each for regions and countries, when they are asked for)."""

    @cached_property
    def regions(self) -> dict[str, str]:
        found = Region.objects.filter(scheme="un_group").order_by("code")
        return {region.code: region.name for region in found}

    @cached_property
    def countries(self) -> dict[str, str]:
        return {country.iso3: country.name for country in Country.objects.all()}

    def attribute(self, code: str) -> str:
        names = {
            GENDER: _("Gender"),
            REGION: _("Region"),
            EXPERTISE: _("Expertise"),
            LEVEL: _("Level of government or sector"),
            EXPERIENCED: _("Experienced in such processes"),
            LANGUAGE: _("Languages"),
            NATIONALITY: _("Nationality"),
            PERSON: _("Person"),
        }
        return names.get(code, code)

    def value(self, attribute: str, value: str) -> str:
        """A value's name; one that isn't known, itself."""
        if attribute == REGION:
            return self.regions.get(value, value)
        if attribute == NATIONALITY:
            return self.countries.get(value, value)
        if attribute == GENDER and value in Gender.values:
            return str(Gender(value).label)
        if attribute == LEVEL and value in Level.values:
            return str(Level(value).label)
        if attribute == EXPERTISE and value in PILLARS:
            return _("Pillar %(number)d") % {"number": int(value)}
        if attribute == EXPERTISE and value in FIELDS:
            return str(FIELDS[value])
        if attribute == EXPERIENCED:
            return {"yes": _("Yes"), "no": _("No")}.get(value, value)
        if attribute == LANGUAGE:
            return self.language(value)
        return value

    def language(self, code: str) -> str:
        reader = Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))
        try:
            name = Locale.parse(to_locale(code)).get_language_name(reader)
        except Exception:  # babel's own errors have no common ancestor: this is no language it knows
            name = None
        return f"{name[:1].upper()}{name[1:]}" if name else code

    def values(self, attribute: str) -> list[str]:
        """The values that everybody can be asked for, in the order in which they are read."""
        known: dict[str, list[str]] = {
            GENDER: [Gender.WOMAN, Gender.MAN, Gender.OTHER],
            REGION: list(self.regions),
            EXPERTISE: PILLARS,
            LEVEL: list(Level.values),
            EXPERIENCED: ["yes", "no"],
            LANGUAGE: [code for code, _name in settings.LANGUAGES],
        }
        return [str(value) for value in known.get(attribute, [])]

    def quota(self, attribute: str, value: str) -> str:
        """The attribute and its value: ``Gender: Woman``."""
        return f"{self.attribute(attribute)}{colon()}{self.value(attribute, value)}"

    def demand(self, demand: Mapping[str, Any], asked: Mapping[str, Any], people: Mapping[str, str]) -> str:
        """One rule as a sentence's part. ``people`` names candidates."""
        kind, attribute, value = demand["kind"], demand["attribute"], demand["value"]
        if attribute == PERSON:
            return _("one place for each person, also where two countries nominated them")
        if kind == Kind.PER_COUNTRY:
            return _("at most %(n)d from one country") % {"n": asked["per_country"]}
        if kind == Kind.INCLUDE:
            return _("%(name)s is included by decision") % {"name": people.get(demand["candidate"], "?")}
        if kind == Kind.EXCLUDE and demand["candidate"]:
            return _("%(name)s is excluded by decision") % {"name": people.get(demand["candidate"], "?")}
        if kind == Kind.EXCLUDE:
            return _("the people excluded by decision stay out")
        found = next((q for q in asked["quotas"] if (q["attribute"], q["value"]) == (attribute, value)), None)
        bound = found[str(kind)] if found else None
        return self.bound(str(kind), attribute, value, bound)

    def bound(self, kind: str, attribute: str, value: str, n: int | None) -> str:
        """One side of a quota: ``at least 5 (Gender: Woman)``."""
        words = {"n": "?" if n is None else n, "what": self.quota(attribute, value)}
        if kind == Kind.MIN:
            return _("at least %(n)s (%(what)s)") % words
        return _("at most %(n)s (%(what)s)") % words
