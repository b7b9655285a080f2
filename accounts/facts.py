"""What a rule needs to know of the caller, read once per request and asked from memory after that."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Facts:
    """One caller's standing.

    ``grants`` are (role, scope type, scope id); ``groups`` the ids of groups the caller is in, in person or
    through an organisation; ``organisations`` maps ids of the caller's organisations to their role there
    (``unconfirmed`` where nobody has confirmed it);
    ``speaks_for`` is the member state's organisation whose contact point or deputy the caller is;
    ``consent`` is ``current``, ``outdated`` (a newer text is in force), ``withdrawn``, or "" where the person
    was never asked (whoever runs the portal opened the account).
    """

    grants: frozenset[tuple[str, str, str]] = frozenset()
    groups: frozenset[int] = frozenset()
    organisations: dict[int, str] = field(default_factory=dict)
    speaks_for: int | None = None
    stakeholder_group: str = ""
    consent: str = ""

    def has(self, role: str, *, scope: tuple[str, Any] | None = None) -> bool:
        """Whether the caller holds ``role`` everywhere, or for ``scope`` (``("round", 3)``)."""
        if (role, "", "") in self.grants:
            return True
        return scope is not None and (role, scope[0], str(scope[1])) in self.grants

    def scoped(self, role: str, scope_type: str) -> frozenset[str]:
        """Ids of the things of ``scope_type`` for which the caller holds ``role`` by a grant of its own."""
        return frozenset(i for r, t, i in self.grants if r == role and t == scope_type)


NOBODY = Facts()
# Whoever claims to be of one of these speaks as it once that is confirmed: in its name weighs what is said.
VOUCHED_KINDS = ("member_state", "un_habitat")


def facts_of(user: Any) -> Facts:
    """The caller's facts; an anonymous caller, a disabled or an erased account has none."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    facts: Facts = user.facts
    return facts


def load_facts(user: "User") -> Facts:
    """Read a person's roles, organisations, groups and consents (one query).

    A group is brought by an organisation only once the person's place there is confirmed, and so is speaking
    as a member state: whoever signs up may name any organisation as theirs.
    """
    from accounts.models import ConsentText, Membership

    confirmed = user.affiliations.filter(confirmed_at__isnull=False)
    mine = Membership.objects.current().filter(
        Q(user=user) | Q(organisation__in=confirmed.values("organisation"))
    )
    newer = ConsentText.objects.filter(kind=OuterRef("text__kind"), version__gt=OuterRef("text__version"))
    consents = user.consents.annotate(
        state=Case(
            When(withdrawn_at__isnull=False, then=Value("withdrawn")),
            When(Exists(newer), then=Value("outdated")),
            default=Value("current"),
        )
    ).values_list(Value("consent"), "state", Value(""), Value(""))
    # Four narrow columns, so that the four lists come in one answer of the database.
    grants = user.role_grants.values_list(Value("grant"), "role", "scope_type", "scope_id")
    places = user.affiliations.annotate(
        state=Case(When(confirmed_at__isnull=True, then=Value("unconfirmed")), default="role")
    ).values_list(Value("place"), Cast("organisation", CharField()), "state", "organisation__kind")
    groups = mine.values_list(Value("group"), Cast("group", CharField()), Value(""), Value(""))
    found = list(grants.order_by().union(places.order_by(), groups.order_by(), consents.order_by()))
    affiliations = sorted((int(pk), role, kind) for what, pk, role, kind in found if what == "place")
    speaks_for = next(
        (pk for pk, role, kind in affiliations if kind == "member_state" and role in ("contact", "deputy")),
        None,
    )
    consent = {state for what, state, _, _ in found if what == "consent"}
    return Facts(
        frozenset((role, scope, pk) for what, role, scope, pk in found if what == "grant"),
        frozenset(int(pk) for what, pk, _, _ in found if what == "group"),
        {pk: role for pk, role, _kind in affiliations},
        speaks_for,
        group_of((kind, role != "unconfirmed") for _pk, role, kind in affiliations),
        next((state for state in ("current", "outdated", "withdrawn") if state in consent), ""),
    )


def group_of(places: Iterable[tuple[str, bool]]) -> str:
    """The stakeholder group somebody speaks for, by the kinds of their organisations and whether their place there is
    confirmed: a member state first, and what is confirmed before what is only claimed."""
    kinds = sorted(
        (kind != "member_state", not confirmed, kind)
        for kind, confirmed in places
        if confirmed or kind not in VOUCHED_KINDS
    )
    return kinds[0][-1] if kinds else "individual"


def region_of(user: "User") -> str:
    """The code of the UN regional group of a person's country (one query), or an empty text."""
    from accounts.models import RegionMembership

    if not user.country_id:
        return ""
    regions = RegionMembership.objects.in_un_groups()
    return regions.filter(country=user.country_id).values_list("region__code", flat=True).first() or ""
