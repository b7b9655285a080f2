"""Reference data kept in step with the files beside it: countries, regions, standing groups, consent texts."""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import ConsentText, Country, Group, Region, RegionMembership
from core.six_languages import set_words, words_of

REFERENCE = Path(__file__).resolve().parent / "reference"
SCHEMES = {"un_group": "un_group", "habitat_region": "habitat_region"}
CONSENT = ("participation", 1)
# What people agree to when they take part, and when they are nominated.
CONSENTS = (CONSENT, ("nomination", 1))


def read_table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a reference file; lines that begin with # name its sources."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def keep_reference_tables(**kwargs: Any) -> None:
    """Receiver of ``post_migrate``: load what is missing or differs. Cheap when nothing does."""
    with transaction.atomic():
        regions = _keep_regions()
        _keep_countries(regions)
        _keep_groups()
        _keep_consent_texts()


def _names(row: dict[str, str]) -> dict[str, str]:
    columns = ["name_" + code.replace("-", "_") for code, _name in settings.LANGUAGES]
    return {"name": row["name_en"], **{column: row[column] for column in columns}}


def _keep_regions() -> dict[tuple[str, str], Region]:
    for row in read_table("regions.csv"):
        Region.objects.update_or_create(scheme=row["scheme"], code=row["code"], defaults=_names(row))
    return {(region.scheme, region.code): region for region in Region.objects.all()}


def _keep_countries(regions: dict[tuple[str, str], Region]) -> None:
    rows = list(read_table("countries.csv"))
    standing = {country.pk: country for country in Country.objects.all()}
    wanted = [Country(iso3=row["iso3"], iso2=row["iso2"], **_names(row)) for row in rows]
    fields = [field.name for field in Country._meta.concrete_fields]
    changed = [c for c in wanted if c.pk in standing and _differs(c, standing[c.pk], fields)]
    Country.objects.bulk_create([country for country in wanted if country.pk not in standing])
    Country.objects.bulk_update(changed, [name for name in fields if name != "iso3"])
    current = set(RegionMembership.objects.filter(until=None).values_list("country_id", "region_id"))
    RegionMembership.objects.bulk_create(
        RegionMembership(country_id=row["iso3"], region=regions[scheme, row[column]])
        for row in rows
        for scheme, column in SCHEMES.items()
        if row[column] and (row["iso3"], regions[scheme, row[column]].pk) not in current
    )


def _differs(a: Country, b: Country, fields: list[str]) -> bool:
    return any(a.__dict__[name] != b.__dict__[name] for name in fields)


def _keep_groups() -> None:
    standing = {group.slug: group for group in Group.objects.all()}
    for row in read_table("groups.csv"):
        group = standing.get(row["slug"]) or Group(slug=row["slug"], kind=row["kind"], **_names(row))
        # Terms of reference that the secretariat has touched are its own, also where it took them away.
        unwritten = group.version == 1 and not words_of(group, "terms")
        terms = usual_terms(group.kind) if unwritten else {}
        if group.pk is None or terms:
            set_words(group, "terms", terms)
            group.save()


def usual_terms(kind: str) -> dict[str, str]:
    """What groups of a kind are asked to do, by language; from the road map (HSP/EB.2023/16, paragraph 7)."""
    files = {
        code: REFERENCE / "terms_of_reference" / f"{kind}.{code}.md" for code, _name in settings.LANGUAGES
    }
    return {code: file.read_text("utf-8") for code, file in files.items() if file.exists()}


def _keep_consent_texts() -> None:
    for kind, version in CONSENTS:
        known = ConsentText.objects.filter(kind=kind, version=version)
        standing = set(known.values_list("language", flat=True))
        for language, _name in settings.LANGUAGES:
            if language not in standing:
                text = (REFERENCE / "consent" / f"{kind}-{version}.{language}.txt").read_text("utf-8").strip()
                digest = hashlib.sha256(text.encode()).hexdigest()
                ConsentText.objects.create(
                    kind=kind, version=version, language=language, text=text, sha256=digest
                )
