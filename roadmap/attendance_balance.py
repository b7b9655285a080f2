"""Who came and who didn't, by region, stakeholder group and gender: counts, with the bars that show them.

Regions and groups are those of today. Gender is known of those who were nominated; it is the secretariat's alone, and
not shown at all where one of its cells is so small that it would be a person.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Affiliation, Group, Membership, Region, StakeholderGroup
from accounts.queries import regions_by_country
from consultations.queries import SMALLEST_SHOWN
from experts.models import Gender, Nomination
from experts.standing import is_staff
from roadmap.models import Attendance, Meeting, MeetingInvitation

WIDTH = 400  # of a bar's view box


@dataclass(frozen=True)
class BalanceRow:
    """One value: how many came, how many were noted not to come, and the bars' widths."""

    label: str
    present: int
    absent: int
    most: int

    @property
    def noted(self) -> int:
        return self.present + self.absent

    @property
    def present_width(self) -> int:
        return round(WIDTH * self.present / self.most) if self.most else 0

    @property
    def noted_width(self) -> int:
        return round(WIDTH * self.noted / self.most) if self.most else 0

    @property
    def percent(self) -> int:
        return round(100 * self.present / self.noted) if self.noted else 0


@dataclass(frozen=True)
class Balance:
    """One attribute. ``withheld``: its cells are too small to be shown, and ``rows`` is empty."""

    key: str
    label: str
    rows: list[BalanceRow]
    withheld: bool = False

    @property
    def present(self) -> int:
        return sum(row.present for row in self.rows)

    @property
    def noted(self) -> int:
        return sum(row.noted for row in self.rows)


def balance_of(meetings: Iterable[Meeting], reader: Any) -> list[Balance]:
    """The balance of everybody whose presence was noted in ``meetings``; a person counts once for each meeting.

    For the secretariat; [] for everybody else, who get ``public_regions``. Five queries, however many meetings.
    """
    if not is_staff(reader):
        return []
    noted = _noted(meetings)
    people = {row.person_id for row in noted}
    regions, kinds, genders = _regions(noted), _kinds(people), _genders(people)
    names = {region.code: region.name for region in Region.objects.filter(scheme="un_group")}
    unknown = _("Not known")
    return [
        Balance("region", _("Region"), _rows(noted, regions, names, unknown)),
        Balance(
            "stakeholder",
            _("Stakeholder group"),
            _rows(noted, kinds, dict(StakeholderGroup.choices), unknown),
        ),
        _gender(noted, genders, unknown),
    ]


def public_regions(meeting: Meeting) -> list[BalanceRow]:
    """How many came from which region, as everybody may know: no region with fewer than three, and none at all where
    the others could be found by subtraction."""
    noted = [row for row in _noted([meeting]) if row.attendance.state in Attendance.PRESENT]
    names = {region.code: region.name for region in Region.objects.filter(scheme="un_group")}
    rows = _rows(noted, _regions(noted), names, "")
    shown = [row for row in rows if row.present >= SMALLEST_SHOWN and row.label]
    rest = sum(row.present for row in rows) - sum(row.present for row in shown)
    return shown if rest == 0 or rest >= SMALLEST_SHOWN else []


@dataclass(frozen=True)
class MemberLine:
    """A member of a group, and to how many of its meetings they came."""

    name: str
    country: str
    invited: int
    present: int
    excused: int
    absent: int


def members_attendance(group: Group, meetings: list[Meeting]) -> list[MemberLine]:
    """Everybody who is in the group in person today, by name (two queries)."""
    current = Membership.objects.current().filter(group=group, user__isnull=False)
    people = [row.user for row in current.select_related("user__country") if row.user is not None]
    invitations: dict[int, list[MeetingInvitation]] = defaultdict(list)
    for row in _invited(meetings):
        invitations[row.person_id].append(row)
    return [
        _line(person, invitations[person.pk]) for person in sorted(people, key=lambda p: p.name.casefold())
    ]


def _line(person: Any, rows: list[MeetingInvitation]) -> MemberLine:
    states = [row.attendance.state for row in rows if hasattr(row, "attendance")]
    return MemberLine(
        name=person.shown_name,
        country=str(person.country or ""),
        invited=len(rows),
        present=sum(state in Attendance.PRESENT for state in states),
        excused=states.count(Attendance.State.EXCUSED),
        absent=states.count(Attendance.State.ABSENT),
    )


def _invited(meetings: Iterable[Meeting]) -> list[MeetingInvitation]:
    rows = MeetingInvitation.objects.standing().filter(meeting__in=list(meetings))
    return list(rows.select_related("person", "attendance").order_by("pk"))


def _noted(meetings: Iterable[Meeting]) -> list[MeetingInvitation]:
    return [row for row in _invited(meetings) if hasattr(row, "attendance")]


def _regions(rows: list[MeetingInvitation]) -> dict[int, str]:
    region_of = regions_by_country()
    return {row.person_id: region_of.get(row.person.country_id or "", "") for row in rows}


def _kinds(people: set[int]) -> dict[int, str]:
    """The stakeholder group as which people came: their confirmed organisation's, a member state before others."""
    places = Affiliation.objects.filter(user__in=people, confirmed_at__isnull=False)
    found: dict[int, list[str]] = defaultdict(list)
    for person, kind in places.values_list("user", "organisation__kind"):
        found[person].append(kind)
    first = StakeholderGroup.MEMBER_STATE
    return {
        person: min(found[person], key=lambda kind: (kind != first, kind))
        if person in found
        else StakeholderGroup.INDIVIDUAL
        for person in people
    }


def _genders(people: set[int]) -> dict[int, str]:
    """As told in the latest nomination; whoever wasn't nominated isn't in it."""
    told = Nomination.objects.filter(nominee__in=people).order_by("pk")
    return dict(told.values_list("nominee", "gender"))


def _gender(noted: list[MeetingInvitation], genders: dict[int, str], unknown: str) -> Balance:
    rows = _rows(noted, genders, dict(Gender.choices), unknown)
    cells = [n for row in rows for n in (row.present, row.absent)]
    if not any(genders.get(row.person_id) for row in noted):
        return Balance("gender", _("Gender"), [], withheld=False)
    if any(0 < n < SMALLEST_SHOWN for n in cells):
        return Balance("gender", _("Gender"), [], withheld=True)
    return Balance("gender", _("Gender"), rows)


def _rows(
    noted: list[MeetingInvitation], value_of: dict[int, str], names: dict[Any, Any], unknown: str
) -> list[BalanceRow]:
    present: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    for row in noted:
        value = value_of.get(row.person_id, "")
        total[value] += 1
        present[value] += row.attendance.state in Attendance.PRESENT
    order = [value for value in names if value in total] + [value for value in total if value not in names]
    most = max(total.values(), default=0)
    return [
        BalanceRow(str(names.get(value, unknown)), present[value], total[value] - present[value], most)
        for value in order
    ]
