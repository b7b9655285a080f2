"""What pages read of people, organisations, groups, consents and the audit trail."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, Max, Prefetch, Q, QuerySet, When
from django.utils.translation import get_language

from accounts.facts import VOUCHED_KINDS
from accounts.models import (
    Affiliation,
    Consent,
    ConsentText,
    Country,
    Group,
    Membership,
    MembershipChange,
    Organisation,
    Region,
    RegionMembership,
    Role,
    RoleGrant,
    StakeholderGroup,
    User,
)
from core import audit
from core.audit import Shown
from core.collation import sort_key
from core.models import AuditEntry, subject_of

PARTICIPATION = "participation"
NAME_COLUMNS = ["name_" + code.replace("-", "_") for code, _name in settings.LANGUAGES]


# --- Finding ---------------------------------------------------------------------------------------------


def holding(words: str, *columns: str) -> Q:
    """Rows in which every word stands in one of ``columns``, whatever its case.

    SQLite folds the case of Latin letters without accents only, so other cases of a word are asked for too.
    """
    condition = Q()
    for word in words.split()[:8]:
        cases = {word, word.lower(), word.upper(), word.capitalize(), word.title()}
        if word.isascii():
            cases = {word}
        found = Q(pk__in=[])
        for column in columns:
            for case in cases:
                found |= Q(**{f"{column}__icontains": case})
        condition &= found
    return condition


def find_organisations(words: str, *, limit: int = 20) -> list[Organisation]:
    """Organisations with these words in their name, in any language; none for no words."""
    if not words.strip():
        return []
    found = Organisation.objects.filter(
        holding(words, *NAME_COLUMNS, *(f"country__{column}" for column in NAME_COLUMNS))
    )
    return list(found.select_related("country").order_by("name_en", "pk")[:limit])


def countries_by_name() -> list[Country]:
    """Every country, in the order of its name in the language that is active."""
    language = (get_language() or "en").lower()
    return sorted(Country.objects.all(), key=lambda country: _place_of_name(country.name, language))


def country_names() -> dict[str, str]:
    """The name of every country in the language that is active, in the order of names, by ISO code."""
    language = (get_language() or "en").lower()
    names = Country.objects.values_list("pk", "name")
    return dict(sorted(names, key=lambda row: _place_of_name(row[1], language)))


# Two hundred names of six languages, asked for by every page that has a select of countries.
_place_of_name = lru_cache(maxsize=2048)(sort_key)


# --- Consent ---------------------------------------------------------------------------------------------


def newest_version(kind: str = PARTICIPATION) -> int:
    """The version of a text that is in force; 0 where there is none."""
    return ConsentText.objects.filter(kind=kind).aggregate(newest=Max("version"))["newest"] or 0


def consent_text(version: int, language: str, kind: str = PARTICIPATION) -> ConsentText | None:
    """One version in ``language``, or else in English."""
    texts = {t.language: t for t in ConsentText.objects.filter(kind=kind, version=version)}
    return texts.get(language) or texts.get("en")


def consents_of(person: User) -> "QuerySet[Consent]":
    return person.consents.select_related("text").order_by("-at", "-pk")


def standing_consent(person: User) -> Consent | None:
    """The consent to the newest text among those not taken back."""
    return consents_of(person).filter(withdrawn_at=None).order_by("-text__version", "-at").first()


# --- Organisations ---------------------------------------------------------------------------------------


def affiliations_of(person: User) -> "QuerySet[Affiliation]":
    return person.affiliations.select_related("organisation__country").order_by("pk")


def waiting_affiliations(organisation: Organisation | None = None) -> "QuerySet[Affiliation]":
    """Who asks to be confirmed, in one organisation or in any; oldest first."""
    waiting = Affiliation.objects.filter(confirmed_at=None, user__in=User.objects.active())
    if organisation is not None:
        waiting = waiting.filter(organisation=organisation)
    return waiting.select_related("user", "organisation__country").order_by("pk")


def deciders_of(organisation: Organisation) -> list[User]:
    """Who is told that somebody asks to join: the contact point, or the secretariat where there is none."""
    contact = organisation.affiliations.filter(
        role=Affiliation.Position.CONTACT, confirmed_at__isnull=False, user__in=User.objects.active()
    ).select_related("user")
    found = [affiliation.user for affiliation in contact]
    return found or secretariat()


def secretariat() -> list[User]:
    """Who is told what the secretariat has to know."""
    grants = User.objects.active().filter(role_grants__role=Role.STAFF, role_grants__scope_type="")
    return list(grants.distinct())


def stakeholder_groups(people: "QuerySet[Any, Any] | Iterable[int]") -> dict[int, str]:
    """As which stakeholder group each of these people speaks (one query); those without an organisation, as
    individuals, are left out. The same as ``accounts.facts.load_facts`` of many at once; a test holds the two together.
    """
    rows = Affiliation.objects.filter(user__in=people).values_list(
        "user_id", "organisation__kind", "confirmed_at"
    )
    best: dict[int, tuple[bool, bool, str]] = {}
    for person, kind, confirmed in rows.order_by():
        if confirmed is None and kind in VOUCHED_KINDS:
            continue
        rank = (kind != StakeholderGroup.MEMBER_STATE, confirmed is None, kind)
        best[person] = min(best.get(person, rank), rank)
    return {person: kind for person, (_other, _claimed, kind) in best.items()}


# --- People and groups -----------------------------------------------------------------------------------


def find_people(
    *, words: str = "", role: str = "", country: str = "", group: str = "", state: str = ""
) -> "QuerySet[User]":
    """People by name, address or organisation, and by filters; with what a list shows of them.

    ``state``: ``disabled`` or ``waiting`` (for a confirmation of their organisation). Erased ones are nobody.
    """
    found = User.objects.filter(erased_at=None)
    for word in words.split()[:8]:
        inside = Affiliation.objects.filter(holding(word, *(f"organisation__{c}" for c in NAME_COLUMNS)))
        found = found.filter(holding(word, "name", "email") | Q(pk__in=inside.values("user")))
    if role:
        found = found.filter(pk__in=RoleGrant.objects.filter(role=role).values("user"))
    if country:
        found = found.filter(country=country)
    if group:
        members = Membership.objects.current().filter(group__slug=group)
        places = Affiliation.objects.filter(
            organisation__in=members.exclude(organisation=None).values("organisation"),
            confirmed_at__isnull=False,
        )
        found = found.filter(
            Q(pk__in=members.exclude(user=None).values("user")) | Q(pk__in=places.values("user"))
        )
    if state == "disabled":
        found = found.filter(is_active=False)
    elif state == "waiting":
        found = found.filter(pk__in=waiting_affiliations().values("user"))
    grants = RoleGrant.objects.order_by("role", "scope_type", "pk")
    return (
        found.select_related("country")
        .prefetch_related(
            Prefetch("role_grants", grants),
            Prefetch("affiliations", Affiliation.objects.select_related("organisation__country")),
        )
        .order_by("name", "pk")
    )


def groups_with_counts() -> "QuerySet[Group]":
    current = Q(memberships__in=Membership.objects.current())
    return Group.objects.annotate(members=Count("memberships", filter=current)).order_by(
        "kind", "name_en", "pk"
    )


# Who speaks for a group stands first.
OFFICES = (Membership.Role.CHAIR, Membership.Role.CO_CHAIR, Membership.Role.RAPPORTEUR)


def members_of(group: Group) -> "QuerySet[Membership]":
    """Who is in it now: the chair first, then by name."""
    return (
        Membership.objects.current()
        .filter(group=group)
        .select_related("user__country", "organisation__country")
        .annotate(
            place=Case(*(When(role=role, then=n) for n, role in enumerate(OFFICES)), default=len(OFFICES))
        )
        .order_by("place", "user__name", "pk")
    )


def history_of(group: Group) -> "QuerySet[Membership]":
    """Everybody who is or was in the group, whoever came last first, with what was done to each membership."""
    changes = MembershipChange.objects.select_related("by").order_by("at", "pk")
    return (
        Membership.objects.filter(group=group)
        .select_related("user__country", "organisation__country")
        .select_related("replaces__user", "replaces__organisation__country")
        .prefetch_related(Prefetch("changes", changes))
        .order_by("-since", "-pk")
    )


# --- Audit trail -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TrailEntry:
    """An entry with what it names, its act in words. ``subject`` is None where the reader may not see it, or it
    is gone."""

    entry: AuditEntry
    act: str
    subject: Shown | None = None
    changes: list[tuple[str, str]] = field(default_factory=list)


def audit_trail(
    *,
    reader: Any,
    actor: str = "",
    action: str = "",
    subject: str = "",
    since: date | None = None,
    until: date | None = None,
) -> "QuerySet[AuditEntry]":
    """Entries that ``reader`` may know of, newest first. ``actor``: words of a name or address; ``action`` and
    ``subject``: beginnings; days are whole days of the secretariat's zone, both included."""
    found = AuditEntry.objects.select_related("actor", "on_behalf_of").exclude(audit.withheld_from(reader))
    if actor.strip():
        people = User.objects.filter(holding(actor, "name", "email")).values("pk")
        found = found.filter(Q(actor__in=people) | Q(on_behalf_of__in=people))
    if action:
        found = found.filter(action__startswith=action)
    if subject:
        found = found.filter(subject__startswith=subject)
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found.order_by("-at", "-id")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.SECRETARIAT_TIME_ZONE))


def trail_about(person: User, *, reader: Any) -> "QuerySet[AuditEntry]":
    return audit_trail(reader=reader).filter(subject=subject_of(person))


def trail_by(person: User, *, reader: Any) -> "QuerySet[AuditEntry]":
    return audit_trail(reader=reader).filter(actor=person)


# What stands in an entry's changes as an id: the kind of thing that it names.
_NAMED = {
    "organisation": "accounts.organisation",
    "group": "accounts.group",
    "round": "consultations.round",
    "base": "drafts.draft",
}


def with_subjects(entries: Iterable[AuditEntry], reader: Any) -> list[TrailEntry]:
    """Entries with what they are about, as far as the reader may see it; one query for each kind of thing."""
    read = list(entries)
    named = [_named(entry) for entry in read]
    shown = audit.shown_to(reader, {e.subject for e in read} | {s for names in named for s in names.values()})
    slugs = {str(e.changes["group"]) for e in read if isinstance(e.changes.get("group"), str)}
    groups = {group.slug: group.name for group in Group.objects.filter(slug__in=slugs)} if slugs else {}
    return [
        TrailEntry(
            entry,
            audit.name_of_act(entry.action),
            shown.get(entry.subject),
            [
                (name, _named_or_said(name, value, names, shown, groups))
                for name, value in entry.changes.items()
            ],
        )
        for entry, names in zip(read, named, strict=True)
    ]


def _named(entry: AuditEntry) -> dict[str, str]:
    """The things that stand in the changes as ids, by the name of the change; a scope is one too."""
    found = {
        name: f"{label}:{entry.changes[name]}"
        for name, label in _NAMED.items()
        if isinstance(entry.changes.get(name), int)
    }
    match entry.changes.get("scope"):
        case [("round" | "draft") as kind, str(pk)] if pk:
            found["scope"] = f"{'consultations' if kind == 'round' else 'drafts'}.{kind}:{pk}"
    return found


def _named_or_said(
    name: str, value: Any, names: dict[str, str], shown: dict[str, Shown], groups: dict[str, str]
) -> str:
    if (thing := shown.get(names.get(name, ""))) is not None:
        return thing.name
    if name == "group" and value in groups:
        return groups[value]
    return _in_words(value)


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return " → ".join(_in_words(part) for part in value if part != "")
    return "–" if value is None else str(value)


def regions_by_country(countries: Iterable[str] | None = None) -> dict[str, str]:
    """The code of the UN regional group of each country, or of these, as of today (one query)."""
    current = RegionMembership.objects.in_un_groups()
    if countries is not None:
        current = current.filter(country__in=set(countries))
    return dict(current.values_list("country_id", "region__code"))


def region_names() -> dict[str, str]:
    """The UN regional groups in the reader's language, by code, in the order of their codes (one query)."""
    return dict(Region.objects.filter(scheme="un_group").order_by("code").values_list("code", "name"))
