"""Where no panel keeps the rules: what the page says, in which order, and that its change is applied whole."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import outbox
from experts.models import Selection
from tests.experts.panel_people import ids, make_pool
from tests.experts.test_selection_pages import create, signed_in
from tests.factories import make_nomination, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(make_user("staff"))


def page_of(client: Client, selection: Selection) -> str:
    outbox.drain()
    answer = client.get(reverse("panel:selection", args=[selection.call_id, selection.uuid]))
    return answer.content.decode()


def take_over(client: Client, selection: Selection) -> Selection:
    """Follow the page's link to the change, and keep the form as it stands there."""
    found = re.search(r'href="([^"]+relaxed=1)"', page_of(client, selection))
    assert found
    path = found[1].replace("&amp;", "&")
    form = client.get(path).context["form"]
    body = {name: value for name in form.fields if (value := form[name].value()) is not None}
    kept = client.post(path, {**body, "keep": "1"})
    assert kept.status_code == 302, kept.content.decode()
    return Selection.objects.latest("pk")


def test_what_is_out_of_reach_alone_comes_first_then_the_conflict_then_the_change(client: Client) -> None:
    """Nine with three women: five are out of reach. Pillars 4 and 7 are a woman's each: no room for four men."""
    call, _people = make_pool(9)
    quotas = {"min:gender:woman": 5, "min:gender:man": 4, "min:expertise:4": 1, "min:expertise:7": 1}
    selection = create(client, call, seats=5, **quotas)
    text = page_of(client, selection)
    words = (
        "Out of reach by themselves",
        "at least 5 (Gender: Woman)",
        "the most there can be: 3",
        "What conflicts",
        "Even without what is out of reach",
        "at least 1 (Expertise: Pillar 4)",
        "The least change",
        "becomes",
    )
    places = [text.find(each) for each in words]
    assert -1 not in places and places == sorted(places)
    found = _explained(client, selection)
    assert [one.asked for one in found.out_of_reach] == ["at least 5 (Gender: Woman)"]
    assert found.conflict == [
        "at least 1 (Expertise: Pillar 4)",
        "at least 1 (Expertise: Pillar 7)",
        "at least 4 (Gender: Man)",
    ]
    assert take_over(client, selection).status == "optimal"


def test_the_limit_and_decisions_are_named_where_they_stand_in_the_way(client: Client) -> None:
    call, people = make_pool(5)  # two women, of Kenya and China
    third = make_nomination(call, state="scored", country="KEN", merit=50, gender="woman")
    row = {"person:0": str(people[3].uuid), "decision:0": "exclude", "reason:0": "Moved to us."}
    selection = create(client, call, **row, **{"min:gender:woman": 2})
    found = _explained(client, selection)
    (one,) = found.out_of_reach
    assert (one.asked, one.nearest) == ("at least 2 (Gender: Woman)", "the most there can be: 1")
    assert one.because == [f"{people[3].name} is excluded by decision", "at most 1 from one country"]
    assert found.conflict == [*one.because, one.asked]
    assert third.country_id == people[0].country_id


def _explained(client: Client, selection: Selection) -> Any:
    outbox.drain()
    path = reverse("panel:selection", args=[selection.call_id, selection.uuid])
    return client.get(path).context["reading"].explained


def test_a_higher_limit_is_proposed_and_taken_over(client: Client) -> None:
    call, people = make_pool(6)
    for person in people[1:]:
        person.country_id = people[0].country_id
        person.save()
    selection = create(client, call, **{"min:gender:woman": 1})
    found = _explained(client, selection)
    assert found.obstacle == ["at most 1 from one country"]
    assert found.changes == ["at most 1 from one country becomes 3"]
    text = page_of(client, selection)
    assert "No change of the quotas alone is enough." in text
    after = take_over(client, selection)
    assert (after.status, after.problem["per_country"], after.problem["seats"]) == ("optimal", 3, 3)
    assert after.problem["quotas"] == selection.problem["quotas"]
    assert after.outcome["solution"]["merit"] == selection_after(selection)


def selection_after(selection: Selection) -> str:
    """The merit that the page promised."""
    selection.refresh_from_db()
    return str(selection.outcome["relaxation"]["solution"]["merit"])


def test_an_inclusion_is_dropped_and_the_others_stay(client: Client) -> None:
    call, people = make_pool(6)
    rows: dict[str, Any] = {}
    for n, person in enumerate(people[2:5]):
        rows |= {f"person:{n}": str(person.uuid), f"decision:{n}": "include", f"reason:{n}": f"Because {n}."}
    selection = create(client, call, seats=2, **rows)
    found = _explained(client, selection)
    assert found.changes == [f"{people[4].name} is no longer included by decision"]
    after = take_over(client, selection)
    assert after.problem["include"] == {
        str(people[2].uuid): "Because 0.",
        str(people[3].uuid): "Because 1.",
    }
    assert after.outcome["solution"]["selected"] == ids(people[2:4])
    assert after.outcome["solution"]["merit"] == selection_after(selection)


def test_fewer_seats_and_a_lower_quota_are_taken_over_together(client: Client) -> None:
    call, _people = make_pool(5)  # two women
    selection = create(client, call, seats=7, **{"min:gender:woman": 3})
    found = _explained(client, selection)
    assert found.obstacle == []
    assert sorted(found.changes) == [
        "at least 3 (Gender: Woman) becomes 2",
        "the number of seats, 7, becomes 5",
    ]
    assert "fewer people to choose from than seats" in page_of(client, selection)
    after = take_over(client, selection)
    assert (after.status, after.problem["seats"]) == ("optimal", 5)
    (quota,) = after.problem["quotas"]
    assert quota["min"] == 2
    assert after.outcome["solution"]["merit"] == selection_after(selection)


def test_what_was_computed_before_limits_could_give_way_is_computed_anew(client: Client) -> None:
    """Older panels say nothing of the limit or seats: their page doesn't claim that nothing helps."""
    call, _people = make_pool(3)
    selection = create(client, call, seats=5)
    outbox.drain()
    selection.refresh_from_db()
    for name in ("unattainable", "further", "obstacle"):
        del selection.outcome[name]
    selection.outcome["relaxation"] = None
    selection.save()
    text = page_of(client, selection)
    assert "Compute it anew to see what else would help." in text
    assert "no change of the rules helps" not in text
