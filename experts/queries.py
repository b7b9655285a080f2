"""What pages and the API read of calls."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Affiliation, StakeholderGroup, User
from experts.models import Call, Nomination
from experts.standing import country_spoken_for
from experts.states import IN_THE_RUNNING

S = Nomination.State


def whole_calls(user: Any) -> "QuerySet[Call]":
    """The calls that ``user`` sees, with all that pages and the API say of them (five queries, however many)."""
    calls = Call.objects.visible_to(user).select_related("guidelines", "group")
    return calls.prefetch_related("criteria", "papers", "questions", "reopenings__country")


def own_country(user: Any) -> str:
    """The country whose deadlines are the reader's: the one they speak for, else their own; "" for none."""
    if not user.is_authenticated:
        return ""
    return country_spoken_for(user) or user.country_id or ""


def own_deadlines(user: Any, call: Call) -> tuple[datetime, datetime] | None:
    """The deadlines of the reader's country where it was given later ones than the others; else None."""
    country = own_country(user)
    given = country and any(r.country_id == country for r in call.reopenings.all())
    return call.deadlines_for(country) if given else None


def focal_points() -> "QuerySet[Affiliation]":
    """The places of those who speak for a member state: contact points and deputies, confirmed, of working accounts."""
    return Affiliation.objects.filter(
        organisation__kind=StakeholderGroup.MEMBER_STATE,
        role__in=(Affiliation.Position.CONTACT, Affiliation.Position.DEPUTY),
        confirmed_at__isnull=False,
        user__in=User.objects.active(),
    )


def focal_points_of(country: str) -> list[User]:
    """Who speaks for a member state."""
    places = focal_points().filter(organisation__country=country)
    return list(User.objects.filter(pk__in=places.values("user")).order_by("pk"))


def is_represented(country: str) -> bool:
    """Whether anybody speaks for the country in the portal, and could endorse (one query)."""
    return focal_points().filter(organisation__country=country).exists()


def taking_places(call: Call) -> "QuerySet[Nomination]":
    """The nominations that take one of their country's places.

    An application that waits for its endorsement takes none: otherwise whoever applies would use up what the country
    may decide. One found ineligible keeps its place until that is announced, for the number would tell it.
    """
    counted = IN_THE_RUNNING if call.decided_at else IN_THE_RUNNING | {S.INELIGIBLE}
    found = Nomination.objects.filter(call=call, state__in=counted)
    return found.exclude(way=Nomination.Way.APPLIED, state=S.AWAITING_ENDORSEMENT)


def nominated_by(call: Call, country: str) -> int:
    """How many of the country's places are taken."""
    return taking_places(call).filter(country=country).count()


def waiting_for_endorsement(call: Call, country: str) -> int:
    """How many applications the country's focal point has still to endorse or to leave."""
    return call.nominations.filter(country=country, state=S.AWAITING_ENDORSEMENT).count()
