"""Who was asked in a round and who has spoken: by region, member state, stakeholder group and language, while there is
time to ask those from whom nothing has come. For the secretariat's staff alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from accounts.models import (
    Affiliation,
    Consent,
    Membership,
    Role,
    RoleGrant,
    StakeholderGroup,
    User,
)
from accounts.queries import country_names, region_names, regions_by_country, stakeholder_groups
from consultations.charts.bars import language_name
from consultations.models import Comment, Position, QuestionAnswer, Round
from consultations.slots import reminder_choices
from core.collation import sort_key
from core.models import Notice, subject_of
from drafts.models import Draft

KIND = "round_voice_missing"  # of core.Notice
QUIET_DAYS = 7  # who was reminded so lately isn't again, unless somebody says so
SAID = (Comment.Status.SUBMITTED, Comment.Status.LATE, Comment.Status.HIDDEN)
WORKS_HERE = (Role.STAFF, Role.DRAFTER, Role.ADMIN)
SPEAKING = (Affiliation.Position.CONTACT, Affiliation.Position.DEPUTY)
DIMENSIONS = ("region", "stakeholder", "language")


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked to take part, with where they come from."""

    pk: int
    name: str
    country: str
    region: str
    group: str
    language: str
    spoke: bool


@dataclass(frozen=True)
class BalanceRow:
    """``asked`` people, of whom ``spoke`` said something, and ``comments`` from there, whoever wrote them. Widths are
    per cent of the longest bar."""

    key: str
    label: str
    asked: int
    spoke: int
    comments: int
    width: int
    spoke_width: int
    little: bool

    @property
    def silent(self) -> bool:
        return not self.spoke and not self.comments


@dataclass(frozen=True)
class BalanceTable:
    name: str
    rows: list[BalanceRow]


@dataclass(frozen=True)
class States:
    """The member states of one region; ``silent`` ones by code, name, and whether somebody of theirs can be asked."""

    key: str
    label: str
    total: int
    silent: list[tuple[str, str, bool]]

    @property
    def spoke(self) -> int:
        return self.total - len(self.silent)


@dataclass(frozen=True)
class Gap:
    """To whom a reminder goes: people of these regions, of these stakeholder groups (none: of any), and with ``states``
    only those who speak for a member state that has said nothing."""

    regions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    states: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"regions": sorted(self.regions), "groups": sorted(self.groups), "states": self.states}


@dataclass(frozen=True)
class Audience:
    """Whom a reminder reaches; ``reminded`` and ``unwanted``: how many more there are who were reminded lately, or who
    want no reminders."""

    people: list[Asked]
    reminded: int
    unwanted: int

    @property
    def languages(self) -> list[tuple[str, int]]:
        return sorted(Counter(person.language for person in self.people).items())


def invited(round: Round, *, at: datetime) -> "QuerySet[User]":
    """Whoever is asked to take part and can: members of the round's groups, in an open round everybody with an
    account but those who work here; and whoever follows it. None of them where they don't read its draft."""
    people = User.objects.active()
    if round.draft.status == Draft.Status.CIRCULATED:
        people = people.filter(_in_groups(round.draft.access.values("group"), at))
    elif round.draft.status not in Draft.OPEN_TO_ALL:
        return people.none()
    if round.kind == Round.Kind.OPEN:
        works_here = RoleGrant.objects.filter(user=OuterRef("pk"), role__in=WORKS_HERE)
        return people.filter(~Exists(works_here))
    return people.filter(_in_groups(round.audience.values("group"), at))


def _in_groups(groups: Any, at: datetime) -> Q:
    """People in one of the groups, in person or through an organisation that confirmed them."""
    current = Membership.objects.current(at).filter(group__in=groups)
    brought = current.filter(organisation__isnull=False).values("organisation")
    through = Affiliation.objects.filter(organisation__in=brought, confirmed_at__isnull=False)
    return Q(pk__in=current.filter(user__isnull=False).values("user")) | Q(pk__in=through.values("user"))


def spoke_in(round: Round) -> Q:
    """Whoever has said something: a comment, in time or late, or an answer to a question."""
    comments = Comment.objects.filter(
        round=round, author=OuterRef("pk"), status__in=SAID, entered_by__isnull=True
    )
    answers = QuestionAnswer.objects.filter(question__round=round, author=OuterRef("pk"))
    return Q(Exists(comments)) | Q(Exists(answers.exclude(value=None, late=None)))


def asked_people(round: Round, *, at: datetime) -> list[Asked]:
    """Everybody asked (three queries)."""
    people = invited(round, at=at)
    regions, groups = regions_by_country(), stakeholder_groups(people.order_by().values("pk"))
    spoke = set(people.filter(spoke_in(round)).values_list("pk", flat=True))
    return [
        Asked(
            person.pk,
            person.shown_name,
            person.country_id or "",
            regions.get(person.country_id or "", ""),
            groups.get(person.pk, StakeholderGroup.INDIVIDUAL),
            person.language,
            person.pk in spoke,
        )
        for person in people.only("pk", "name", "erased_at", "country", "language").order_by("name", "pk")
    ]


def balance_tables(people: Sequence[Asked], comments: Mapping[str, Mapping[str, int]]) -> list[BalanceTable]:
    """By region, stakeholder group and language; ``comments`` counts those of each, by dimension and key."""
    languages = {code: language_name(code) for code, _own in settings.LANGUAGES}
    labels: dict[str, dict[str, str]] = {
        "region": region_names(),
        "stakeholder": {str(key): str(label) for key, label in StakeholderGroup.choices},
        "language": languages,
    }
    fields = {"region": "region", "stakeholder": "group", "language": "language"}
    return [
        BalanceTable(name, _rows(labels[name], people, fields[name], comments.get(name, {})))
        for name in DIMENSIONS
    ]


def _rows(
    labels: Mapping[str, str], people: Sequence[Asked], field: str, comments: Mapping[str, int]
) -> list[BalanceRow]:
    asked = Counter(getattr(person, field) for person in people)
    spoke = Counter(getattr(person, field) for person in people if person.spoke)
    most = max([*asked.values(), 1])
    # Little: less than half of the share of all who were asked.
    share = spoke.total() / asked.total() if asked else 0
    return [
        BalanceRow(
            key,
            label,
            asked[key],
            spoke[key],
            comments.get(key, 0),
            round(100 * asked[key] / most),
            round(100 * spoke[key] / most),
            bool(asked[key] and spoke[key] and spoke[key] / asked[key] < share / 2),
        )
        for key, label in labels.items()
    ]


def states_that_spoke(round: Round) -> set[str]:
    """Codes of the member states in whose name something was said: a comment, or a position (two queries)."""
    comments = Comment.objects.filter(
        round=round, status__in=SAID, stakeholder_group=StakeholderGroup.MEMBER_STATE
    )
    positions = Position.objects.filter(
        comment__round=round, organisation__kind=StakeholderGroup.MEMBER_STATE
    )
    said = set(comments.order_by().values_list("country", flat=True).distinct())
    return said | set(positions.order_by().values_list("organisation__country", flat=True).distinct())


def voices_of_states(codes: Iterable[str] | None = None) -> dict[int, str]:
    """Who speaks for a member state, contact point or deputy, with its code (one query)."""
    found = Affiliation.objects.filter(
        organisation__kind=StakeholderGroup.MEMBER_STATE,
        role__in=SPEAKING,
        confirmed_at__isnull=False,
        user__in=User.objects.active(),
    )
    if codes is not None:
        found = found.filter(organisation__country__in=codes)
    rows = found.values_list("user", "organisation__country")
    return {person: country for person, country in rows if country is not None}


def states_by_region(round: Round, people: Iterable[Asked]) -> list[States]:
    """The member states of each region, and those without input by name (five queries)."""
    spoke, names, regions = states_that_spoke(round), country_names(), regions_by_country()
    asked = {person.pk for person in people}
    reachable = {country for person, country in voices_of_states().items() if person in asked}
    language = (get_language() or "en").lower()
    members: dict[str, list[str]] = defaultdict(list)
    for code, region in regions.items():
        members[region].append(code)
    found = []
    for key, label in region_names().items():
        silent = [(code, names[code], code in reachable) for code in members[key] if code not in spoke]
        silent.sort(key=lambda row: sort_key(row[1], language))
        found.append(States(key, label, len(members[key]), silent))
    return found


def audience_of(round: Round, gap: Gap, *, at: datetime, again: bool = False) -> Audience:
    """Whom a reminder of this gap reaches: asked, silent, in the gap, with no consent taken back and none against
    reminders, and (but for ``again``) not reminded in the last days."""
    silent = [person for person in asked_people(round, at=at) if not person.spoke]
    wanted = [person for person in silent if _in_gap(person, gap)]
    if gap.states:
        seats = voices_of_states()
        spoke = states_that_spoke(round)
        wanted = [person for person in wanted if person.pk in seats and seats[person.pk] not in spoke]
    unwilling = _unwilling(wanted)
    willing = [person for person in wanted if person.pk not in unwilling]
    lately = set() if again else reminded_lately(round, at=at)
    people = [person for person in willing if person.pk not in lately]
    return Audience(people, len(willing) - len(people), len(wanted) - len(willing))


def _in_gap(person: Asked, gap: Gap) -> bool:
    return (not gap.regions or person.region in gap.regions) and (
        not gap.groups or person.group in gap.groups
    )


def _unwilling(people: Iterable[Asked]) -> set[int]:
    """Who took their consent back, or wants no reminders of rounds."""
    found = set().union(*(choices.unwanted() for choices in reminder_choices()))
    consents = Consent.objects.filter(user__in=[person.pk for person in people])
    given: set[int] = set()
    withdrawn: set[int] = set()
    for person, at in consents.values_list("user", "withdrawn_at"):
        (withdrawn if at else given).add(person)
    return found | (withdrawn - given)


def reminded_lately(round: Round, *, at: datetime) -> set[int]:
    """Ids of those whom a reminder of this round was sent in the last days, by hand or by itself."""
    kinds = [KIND, *(kind for choices in reminder_choices() for kind in choices.kinds)]
    sent = Notice.objects.filter(
        kind__in=kinds, subject=subject_of(round), created_at__gt=at - timedelta(days=QUIET_DAYS)
    )
    return {person for person in sent.values_list("recipient", flat=True) if person is not None}
