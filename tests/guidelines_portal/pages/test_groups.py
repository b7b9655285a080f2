"""People and groups: what they are for and how many belong to them; never who."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Group, Membership
from guidelines_portal.pages.groups import groups_seen_by, visible_groups
from tests.factories import make_draft, make_group, make_member_state, make_round, make_user

pytestmark = pytest.mark.django_db


def card_of(slug: str):  # type: ignore[no-untyped-def]
    return next(card for card in groups_seen_by(make_user("staff")) if card.group.slug == slug)


def join(group: Group, country: str | None, people: int) -> None:
    for _ in range(people):
        make_user("expert", groups=(group,), country_id=country)


@pytest.mark.parametrize("persona", ["anonymous", "stranger", "member", "invited", "staff"])
def test_a_group_is_known_to_whom_it_concerns(persona: str) -> None:
    secret, named, invited = make_group(), make_group(), make_group()
    draft = make_draft(status="published")
    make_round(draft, groups=(named,))
    make_round(draft, groups=(invited, secret), visibility="participants")
    user = {
        "anonymous": lambda: None,
        "stranger": lambda: make_user("participant"),
        "member": lambda: make_user("expert", groups=(secret,)),
        "invited": lambda: make_user("expert", groups=(invited,)),
        "staff": lambda: make_user("staff"),
    }[persona]()
    seen = set(visible_groups(user))
    assert named in seen
    # Whoever sees a round sees for whom it is.
    assert (secret in seen) == (persona in ("member", "invited", "staff"))
    assert Group.objects.get(slug="expert-working-group") in seen, "the process names it in public"


def test_members_are_counted_by_region_and_few_of_them_are_not_told() -> None:
    group = make_group(slug="counted")
    join(group, "KEN", 3)
    join(group, "NGA", 2)
    join(group, "FRA", 2)
    card = card_of("counted")
    assert [(region.name, region.members) for region in card.regions] == [("African States", 5)]
    assert (card.rest, card.total, card.at_least) == (None, None, 5)
    join(group, None, 1)
    card = card_of("counted")
    assert (card.rest, card.total) == (3, 8), "together they are enough"


def test_fewer_than_three_members_are_not_told_at_all() -> None:
    join(make_group(slug="two"), "KEN", 2)
    make_group(slug="none")
    two, none = card_of("two"), card_of("none")
    assert (two.regions, two.total) == ([], None)
    assert none.total == 0
    page = Client()
    page.force_login(make_user("staff"))
    assert "fewer than three members" in page.get("/en/groups/").content.decode()


def test_only_who_belongs_today_is_counted() -> None:
    group, now = make_group(slug="today"), timezone.now()
    join(group, "KEN", 3)
    for fields in (
        {"since": now - timedelta(days=9), "until": now - timedelta(days=1)},
        {"since": now + timedelta(days=1)},
    ):
        Membership.objects.create(group=group, user=make_user(), **fields)
    Membership.objects.create(group=group, user=make_user(erased_at=now))
    Membership.objects.create(group=group, user=make_user(is_active=False))
    Membership.objects.create(group=group, organisation=make_member_state("NGA"))
    assert card_of("today").total == 4, "a Member State is one member"


def test_no_name_of_a_member_is_on_the_page() -> None:
    group = Group.objects.get(slug="expert-working-group")
    for n in range(4):
        make_user("expert", groups=(group,), name=f"Named {n}", country_id="KEN")
    page = Client().get("/en/groups/").content.decode()
    assert "4 members" in page and "Named" not in page


def test_the_page_costs_the_same_however_many_groups_there_are() -> None:
    counts = []
    for more in (1, 8):
        for _ in range(more):
            group = make_group()
            join(group, "KEN", 3)
            make_round(make_draft(status="published"), groups=(group,))
        with CaptureQueriesContext(connection) as captured:
            Client().get("/en/groups/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 5
