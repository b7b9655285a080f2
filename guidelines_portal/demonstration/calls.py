"""The demonstration's calls: one that has been scored and waits for its decision, one that is open, one for hosts."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import Country, Role, User
from accounts.queries import regions_by_country
from drafts.models import Guidelines
from experts.actions.announcing import announce_call, reopen_for_country
from experts.actions.calls import create_call
from experts.actions.nominating import apply_for, nominate
from experts.eligibility import Ground, reason_kept
from experts.models import Call, Gender, Level, Nomination
from guidelines_portal.demonstration.clock import clock_set_to
from guidelines_portal.demonstration.hosting import load_hosting
from guidelines_portal.demonstration.missions import make_accounts, make_missions
from guidelines_portal.demonstration.nominations import Plan, Writer
from guidelines_portal.demonstration.nominees import Profile, Register
from guidelines_portal.demonstration.people import TEXTS
from guidelines_portal.demonstration.reviewing import load_reviews

S, Way = Nomination.State, Nomination.Way
DAY = timedelta(days=1)
ZONE = "Europe/Paris"
# Countries with two nominees in the first call; all the others have one.
TWICE = (
    *("NGA", "GHA", "KEN", "ZAF", "SEN", "MAR", "EGY", "CIV", "TZA", "CMR"),
    *("IND", "JPN", "KOR", "IDN", "PHL", "NPL", "BGD", "CHN", "JOR", "FJI", "POL", "UKR", "EST"),
    *("BRA", "MEX", "COL", "ARG", "PER", "FRA", "DEU", "ESP", "ITA", "NLD", "BEL"),
    *("SWE", "NOR", "FIN", "GBR", "CAN", "AUS"),
)
# A storm cut these off; they were given more time, and what they sent isn't screened yet.
REOPENED = ("FJI", "VUT")
# How far the others came; whoever isn't named here was scored.
STATES = {
    S.DRAFT: 4,
    S.AWAITING_NOMINEE: 4,
    S.AWAITING_ENDORSEMENT: 4,
    S.WITHDRAWN: 3,
    S.INELIGIBLE: 8,
}
INELIGIBLE = (
    reason_kept(Ground.INCOMPLETE, "The curriculum vitae breaks off on its second page."),
    reason_kept(Ground.NO_LETTER, "The letter is there, but nobody has signed it."),
    reason_kept(Ground.EXPERTISE),
    reason_kept(Ground.LATE),
    reason_kept(Ground.CONDITIONS, "Speaks for a supplier that bids for work on the guidelines."),
    reason_kept(Ground.EXPERTISE, "Experience in sales of consumer devices alone."),
    reason_kept(Ground.OTHER, "The nominee told us that they had not been asked."),
)
# The same person by two countries, spelt otherwise: (country, name, country, name, whether found out already).
TWINS = (
    ("MRT", "Sidi El Mahdawi", "TUN", "Sidy Mehdaoui", False),
    ("ROU", "Ruxandra Țurcanu-Vlad", "MDA", "Ruxandra Turcanu Vlad", True),
    ("URY", "Íñigo Ferreyra-Sosa", "PRY", "Inigo Ferreira Sosa", False),
)
WITHDRAWN = ("A new post leaves me no time.", "", "My ministry has proposed a colleague instead.")


def load_calls(secretariat: dict[str, User], people: list[User], now: datetime) -> dict[str, Call]:
    """Everything about calls: contact points, four calls, nominations, reviews, offers to host."""
    texts: dict[str, Any] = json.loads((TEXTS / "calls.json").read_text("utf-8"))
    staff, guidelines = secretariat["staff"], Guidelines.objects.get(slug="smart-cities")
    register = Register(regions_by_country(), now.year)
    password = staff.password
    contacts = make_missions(register, people, staff, password=password, now=now)
    group = _working_group(texts, guidelines, staff, now)
    _fill_working_group(group, register, contacts, staff)
    regional = _regional(texts, guidelines, staff, now)
    _fill_regional(regional, register, contacts, staff, people)
    return {
        "group": group,
        "regional": regional,
        **load_hosting(texts, guidelines, staff, now),
    }


def end_of_day(at: datetime) -> datetime:
    """One minute before midnight of that day, in the zone of the demonstration's calls."""
    return at.astimezone(ZoneInfo(ZONE)).replace(hour=23, minute=59)


def _criteria(texts: dict[str, Any], weights: dict[str, int]) -> list[dict[str, Any]]:
    return [{"code": code, "weight": weight, **texts["criteria"][code]} for code, weight in weights.items()]


def _working_group(texts: dict[str, Any], guidelines: Guidelines, staff: User, now: datetime) -> Call:
    words = texts["working group"]
    with clock_set_to(now - 114 * DAY):
        call = create_call(
            actor=staff,
            kind=Call.Kind.EXPERTS,
            guidelines=guidelines,
            titles=words["titles"],
            terms=words["terms"],
            opens_at=now - 110 * DAY,
            closes_at=end_of_day(now - 60 * DAY),
            endorsement_closes_at=end_of_day(now - 53 * DAY),
            scoring_opens_at=now - 40 * DAY,
            scoring_closes_at=end_of_day(now - 6 * DAY),
            discussion_closes_at=end_of_day(now + 9 * DAY),
            zone=ZONE,
            seats=30,
            per_country_limit=2,
            motivation_words=600,
            blind=True,
            grace=30,
            criteria=_criteria(texts, {"suitability": 3, "capacity": 2, "willingness": 1}),
            papers=[
                {"kind": "letter", "required": True},
                {"kind": "cv", "required": True, "max_pages": 4},
            ],
            questions=[
                {"wording": wording, "required": place == 0, "max_words": 150}
                for place, wording in enumerate(words["questions"])
            ],
        )
    call = _announced(call, staff, now - 112 * DAY)
    with clock_set_to(now - 58 * DAY):
        for code in REOPENED:
            reopen_for_country(
                actor=staff,
                call=call,
                country=Country.objects.get(pk=code),
                closes_at=end_of_day(now - 4 * DAY),
                endorsement_closes_at=end_of_day(now - 2 * DAY),
                reason="A cyclone cut the islands off in the last week of the call.",
            )
    call.reopenings.update(given_at=now - 58 * DAY)
    return call


def _announced(call: Call, staff: User, at: datetime) -> Call:
    with clock_set_to(at):
        call = announce_call(actor=staff, call=call)
    Call.objects.filter(pk=call.pk).update(created_at=at - 2 * DAY)
    call.refresh_from_db()
    return call


def _fill_working_group(call: Call, register: Register, contacts: dict[str, User], staff: User) -> None:
    assert call.scoring_opens_at
    plans = plan_working_group(register, call)
    accounts = _accounts_of(plans, staff, call.opens_at)
    writer = Writer(call, staff, contacts, accounts, screened=call.scoring_opens_at - 8 * DAY)
    rows = writer.write(plans)
    strengths = {row.pk: plan.profile.strength for plan, row in zip(plans, rows, strict=True)}
    load_reviews(call, staff, strengths, register.words)


def plan_working_group(register: Register, call: Call) -> list[Plan]:
    """The nominations of the first call: 120 of 80 countries, in every state before a decision."""
    pick = random.Random("working group")  # noqa: S311 a story, no secret
    profiles = [register.profile(country) for country in (*register.countries, *TWICE)]
    _make_twins(profiles)
    _make_entangled(profiles, pick)
    order = [place for place, profile in enumerate(profiles) if not _is_special(profile)]
    pick.shuffle(order)
    states = [state for state, number in STATES.items() for _ in range(number)]
    # One of those that aren't eligible is a twin.
    states.remove(S.INELIGIBLE)
    given = dict(zip(order, states, strict=False))
    reasons, excuses = iter(INELIGIBLE), iter(WITHDRAWN)
    numbers = pick.sample(range(1, 1000), len(profiles))
    plans = []
    for place, profile in enumerate(profiles):
        state = given.get(place, S.ELIGIBLE)
        plan = Plan(profile, _way(state, place, pick), state)
        if profile.country in REOPENED:
            plan.state, plan.begun, plan.until = S.SUBMITTED, call.closes_at, call.closes_at + 54 * DAY
            plan.way = Way.NOMINATED
        elif profile.name in {twin[3] for twin in TWINS if twin[4]}:
            plan.state, plan.reason = (
                S.INELIGIBLE,
                reason_kept(Ground.DUPLICATE, "Nominated by Romania as well."),
            )
        elif state == S.INELIGIBLE:
            plan.reason = next(reasons)
        elif state == S.WITHDRAWN:
            plan.reason = next(excuses)
        if plan.state == S.ELIGIBLE:
            plan.number = numbers[place]
        if place % 3 == 0:
            plan.referee = (
                (register.person(profile.country, Gender.UNDISCLOSED)[0], "") if place % 2 else ("", "")
            )
        plans.append(plan)
    known = next(plan for plan in plans[30:] if plan.state == S.ELIGIBLE and plan.way != Way.ENTERED)
    known.referee = ("Adaeze Okonta-Mbah", "adaeze.okonta@example.org")
    return plans


def _is_special(profile: Profile) -> bool:
    """Whether what becomes of a nomination is told elsewhere."""
    twin = profile.name in {name for twin in TWINS for name in (twin[1], twin[3])}
    return twin or profile.country in REOPENED


def _way(state: str, place: int, pick: random.Random) -> str:
    if state == S.AWAITING_NOMINEE:
        return Way.NOMINATED
    if state == S.AWAITING_ENDORSEMENT:
        return Way.APPLIED
    if state == S.ELIGIBLE and place % 29 == 11:
        return Way.ENTERED
    return Way.APPLIED if pick.random() < 0.42 else Way.NOMINATED


def _changed(profile: Profile, **fields: Any) -> Profile:
    return Profile(**{**vars(profile), **fields})


def _make_twins(profiles: list[Profile]) -> None:
    """Give the second of two nominations what the first says, spelt otherwise."""
    places = {profile.country: place for place, profile in reversed(list(enumerate(profiles)))}
    for first, name, second, spelt, _found in TWINS:
        one, other = profiles[places[first]], profiles[places[second]]
        gender = Gender.WOMAN if name.startswith("Ruxandra") else Gender.MAN
        one = _changed(one, name=name, gender=str(gender), nationalities=[first, second])
        profiles[places[first]] = one
        same = {
            field: getattr(one, field)
            for field in ("gender", "level", "position", "workplace", "years", "expertise", "nationalities")
        }
        strength = one.strength + 0.3
        # One of them used the same address twice; the others have two, as people do.
        email = one.email if first == "URY" else other.email
        profiles[places[second]] = _changed(other, name=spelt, email=email, strength=strength, **same)


def _make_entangled(profiles: list[Profile], pick: random.Random) -> None:
    """Two who work where a reviewer works, and a few who say otherwise of their gender than most."""
    places = {profile.country: place for place, profile in enumerate(profiles)}
    for country, workplace in (
        ("NPL", "The Deccan Institute of Urban Futures"),
        ("GHA", "Lagoon University, School of Urban Studies"),
    ):
        changed = {"workplace": workplace, "level": str(Level.ACADEMIA)}
        profiles[places[country]] = _changed(profiles[places[country]], **changed)
    others = (Gender.OTHER, Gender.UNDISCLOSED, Gender.UNDISCLOSED)
    free = [place for place, profile in enumerate(profiles) if not _is_special(profile)]
    for place, gender in zip(pick.sample(free, len(others)), others, strict=True):
        profiles[place] = _changed(profiles[place], gender=str(gender))


def _accounts_of(plans: Sequence[Plan], staff: User, at: datetime) -> dict[str, User]:
    """An account for whoever has a nomination in hand or handed one in."""
    untold = (S.DRAFT, S.AWAITING_NOMINEE)
    having = [
        plan.profile
        for plan in plans
        if plan.way == Way.APPLIED or (plan.way == Way.NOMINATED and plan.state not in untold)
    ]
    return make_accounts(having, password=staff.password, role=Role.PARTICIPANT, at=at)


# --- The call that is open ----------------------------------------------------------------------------------------


def _regional(texts: dict[str, Any], guidelines: Guidelines, staff: User, now: datetime) -> Call:
    words = texts["regional"]
    with clock_set_to(now - 16 * DAY):
        call = create_call(
            actor=staff,
            kind=Call.Kind.EXPERTS,
            guidelines=guidelines,
            titles=words["titles"],
            terms=words["terms"],
            opens_at=now - 12 * DAY,
            closes_at=end_of_day(now + 16 * DAY),
            endorsement_closes_at=end_of_day(now + 23 * DAY),
            scoring_opens_at=now + 26 * DAY,
            scoring_closes_at=end_of_day(now + 50 * DAY),
            zone=ZONE,
            seats=60,
            by_region=True,
            per_country_limit=3,
            motivation_words=400,
            criteria=_criteria(texts, {"suitability": 3, "capacity": 2, "willingness": 1}),
            papers=[{"kind": "cv", "required": True, "max_pages": 4}],
        )
    return _announced(call, staff, now - 14 * DAY)


def _fill_regional(
    call: Call, register: Register, contacts: dict[str, User], staff: User, people: list[User]
) -> None:
    """What is under way: two countries with something of each sort, so that their focal points have work."""
    # Read anew: what they may do has changed since.
    by_email = {
        person.email: person for person in User.objects.filter(pk__in=[person.pk for person in people])
    }
    plans = list(plan_regional(register))
    for plan in plans:
        plan.until = call.opens_at + 11 * DAY
    accounts = _accounts_of(plans, staff, call.opens_at)
    Writer(call, staff, contacts, accounts).write(plans)
    with clock_set_to(call.opens_at + 8 * DAY):
        adaeze = by_email["adaeze.okonta@example.org"]
        begun = {"motivation": register.words["en"]["reasons"][1], "expertise": ["6", "data_governance"]}
        apply_for(actor=adaeze, call=call, country=Country.objects.get(pk="NGA"), changes=begun)
        for email, country, attested in (
            ("kwabena.tetteh@example.org", "GHA", False),
            ("thandiwe.mokoena@example.org", "ZAF", True),
        ):
            person = register.profile(country, level=str(Level.LOCAL))
            nominate(
                actor=by_email[email],
                call=call,
                attested=attested,
                changes={
                    "name": person.name,
                    "email": person.email,
                    "workplace": person.workplace,
                    "position": person.position,
                },
            )
    _date_back(call.nominations.filter(created_at__gt=call.opens_at + 12 * DAY), call.opens_at + 8 * DAY)


def _date_back(nominations: "QuerySet[Nomination]", at: datetime) -> None:
    """What is stamped when a row is made is stamped by the real clock."""
    nominations.update(created_at=at, changed_at=at)


def plan_regional(register: Register) -> Iterator[Plan]:
    """Twelve of the second call's nominations; three more are begun by the actions themselves."""
    for country, way, state in (
        ("GHA", Way.APPLIED, S.AWAITING_ENDORSEMENT),
        ("GHA", Way.APPLIED, S.AWAITING_ENDORSEMENT),
        ("GHA", Way.NOMINATED, S.SUBMITTED),
        ("ZAF", Way.APPLIED, S.AWAITING_ENDORSEMENT),
        ("ZAF", Way.APPLIED, S.AWAITING_ENDORSEMENT),
        ("ZAF", Way.NOMINATED, S.DRAFT),
        ("ZAF", Way.NOMINATED, S.SUBMITTED),
        ("KEN", Way.NOMINATED, S.SUBMITTED),
        ("PER", Way.APPLIED, S.AWAITING_ENDORSEMENT),
        ("BRA", Way.APPLIED, S.DRAFT),
        ("IDN", Way.NOMINATED, S.SUBMITTED),
        ("EST", Way.APPLIED, S.SUBMITTED),
    ):
        yield Plan(register.profile(country, level=str(Level.LOCAL)), way, state)


def counts() -> dict[str, int]:
    """How much there is, for whoever loads it."""
    return {"calls": Call.objects.count(), "nominations": Nomination.objects.count()}
