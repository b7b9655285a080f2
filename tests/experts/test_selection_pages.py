"""The pages on which panels are computed, read and compared."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import outbox
from experts.models import Call, ConflictOfInterest, Nomination, Selection
from tests.experts.panel_people import make_pool
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(seats: int = 3, **fields: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "seats": seats, "per_country": 1, "seed": "7", "keep": "1", **fields}


def create(client: Client, call: Call, **fields: Any) -> Selection:
    answer = client.post(reverse("panel:create", args=[call.pk]), sent(**fields))
    assert answer.status_code == 302, answer.content.decode()
    return Selection.objects.latest("pk")


def test_a_panel_is_there_at_once_and_the_rest_follows_in_the_background() -> None:
    call, people = make_pool(10)
    client = signed_in(make_user("staff"))
    selection = create(client, call, **{"min:gender:woman": 2, "name": "More women"})
    assert selection.outcome["solution"]["selected"][0] == str(people[0].uuid)
    page = reverse("panel:selection", args=[call.pk, selection.uuid])
    before = client.get(page).content.decode()
    assert people[0].name in before
    assert "panel-progress" in before
    outbox.drain()
    selection.refresh_from_db()
    assert selection.job is not None
    assert (selection.job.state, selection.job.done) == ("done", 100)
    after = client.get(page).content.decode()
    assert "panel-progress" not in after
    # The first woman out, the best man who was kept out by the quota: what the page says of prices and places.
    assert "there was nothing to draw" in after
    assert people[4].name in after


def test_the_same_form_sent_twice_keeps_one_panel() -> None:
    call, _people = make_pool(6)
    client, body = signed_in(make_user("staff")), sent()
    first, again = (client.post(reverse("panel:create", args=[call.pk]), body) for _time in range(2))
    assert first["Location"] == again["Location"]
    assert Selection.objects.count() == 1


def test_a_change_is_seen_before_it_is_kept() -> None:
    call, people = make_pool(9)
    client = signed_in(make_user("staff"))
    base = create(client, call)
    path = reverse("panel:create", args=[call.pk]) + f"?from={base.uuid}"
    body = sent(**{"max:gender:man": 1})
    del body["keep"]
    page = client.post(path, {**body, "look": "1"})
    assert page.status_code == 200
    look = page.context["look"]["difference"]
    assert [person.name for person in look.comes_in] == [people[3].name]
    assert [person.name for person in look.goes_out] == [people[2].name]
    assert look.merit == -1
    assert Selection.objects.count() == 1


def test_quotas_that_cannot_be_met_are_explained_and_taken_over() -> None:
    call, _people = make_pool(9)  # three women
    client = signed_in(make_user("staff"))
    selection = create(client, call, seats=5, **{"min:gender:woman": 5})
    outbox.drain()
    text = client.get(reverse("panel:selection", args=[call.pk, selection.uuid])).content.decode()
    assert "No panel keeps all of these rules" in text
    assert "at least 5 (Gender: Woman) becomes 3" in text
    form = client.get(reverse("panel:create", args=[call.pk]) + f"?from={selection.uuid}&relaxed=1").context[
        "form"
    ]
    assert form["min:gender:woman"].value() == 3


def test_people_are_decided_on_with_a_reason_only() -> None:
    call, people = make_pool(6)
    client = signed_in(make_user("staff"))
    row = {"person:0": str(people[5].uuid), "decision:0": "include"}
    answer = client.post(reverse("panel:create", args=[call.pk]), sent(**row))
    assert answer.status_code == 400
    assert "Give a reason for each person." in answer.content.decode()
    selection = create(client, call, **row, **{"reason:0": "Speaks for the network."})
    assert selection.problem["include"] == {str(people[5].uuid): "Speaks for the network."}
    assert str(people[5].uuid) in selection.outcome["solution"]["selected"]


def test_panels_are_compared_discarded_and_taken_up_again() -> None:
    call, people = make_pool(9)
    client = signed_in(make_user("staff"))
    first = create(client, call, name="First")
    second = create(client, call, name="Second", **{"max:gender:man": 1})
    page = client.get(reverse("panel:compare", args=[call.pk]), {"s": [first.uuid, second.uuid]})
    (_other, difference), *_more = page.context["others"]
    assert [person.name for person in difference.comes_in] == [people[3].name]
    # What one of them has a quota on comes first; the rest is folded.
    assert {label.partition(":")[0] for label, _before, _after in difference.shifts} == {"Gender"}
    assert difference.other_shifts and "Without a quota" in page.content.decode()
    change = reverse("panel:change", args=[call.pk, first.uuid])
    client.post(change, {"discard": "1"})
    assert client.get(reverse("panel:list", args=[call.pk])).context["selections"] == [second]
    client.post(change, {"restore": "1"})
    assert len(client.get(reverse("panel:list", args=[call.pk])).context["selections"]) == 2


def test_beside_a_panel_that_cannot_be_nobody_is_said_to_go() -> None:
    call, people = make_pool(6)
    client = signed_in(make_user("staff"))
    first = create(client, call, name="First")
    none = create(client, call, name="None", **{"min:gender:woman": 3})
    page = client.get(reverse("panel:compare", args=[call.pk]), {"s": [first.uuid, none.uuid]})
    assert page.context["others"] == [(none, None)]
    assert "there is nobody to compare" in page.content.decode()
    gender, folded = next(rest for label, *rest in page.context["balances"] if label == "Gender")
    assert gender[0] == ("Woman", 2, [1, None]) and not folded
    assert [label for label, _rows, folded in page.context["balances"] if folded] == [
        *("Region", "Expertise", "Level of government or sector")
    ]
    assert "→" not in page.content.decode()
    # Two that can't be: nothing stands side by side.
    other = create(client, call, name="None either", **{"min:gender:woman": 4})
    page = client.get(reverse("panel:compare", args=[call.pk]), {"s": [none.uuid, other.uuid]})
    assert "<table" not in page.content.decode()


def test_who_has_a_conflict_sees_no_page_of_the_panel() -> None:
    call, people = make_pool(6)
    client = signed_in(make_user("staff"))
    selection = create(client, call)
    partial = make_user("staff")
    ConflictOfInterest.objects.create(user=partial, nomination=people[5], kind="family", declared_by=partial)
    for name, args in (("list", []), ("create", []), ("compare", []), ("selection", [selection.uuid])):
        for who in (partial, make_user("expert"), make_user("coordinator")):
            answer = signed_in(who).get(reverse(f"panel:{name}", args=[call.pk, *args]))
            assert answer.status_code == 403
            assert people[0].name not in answer.content.decode()


def test_pages_ask_as_much_for_many_as_for_few(django_assert_num_queries: Any) -> None:
    """Eighteen at most, whatever the size of the pool: of these five are of the session and the frame."""
    for size in (6, 40):
        call, people = make_pool(size)
        client = signed_in(make_user("staff"))
        person = {"person:0": str(people[1].uuid), "decision:0": "include", "reason:0": "Known."}
        selection = create(client, call, **person)
        impossible = create(client, call, seats=5, **{"min:gender:woman": 5, "max:gender:woman": 5})
        outbox.drain()
        pages = {
            reverse("panel:list", args=[call.pk]): 8,
            reverse("panel:create", args=[call.pk]): 13,
            reverse("panel:create", args=[call.pk]) + f"?from={selection.uuid}": 14,
            reverse("panel:selection", args=[call.pk, selection.uuid]): 18,
            reverse("panel:selection", args=[call.pk, impossible.uuid]): 18,
            reverse("panel:compare", args=[call.pk]) + f"?s={selection.uuid}&s={impossible.uuid}": 10,
        }
        for page, queries in pages.items():
            client.get(page)
            with django_assert_num_queries(queries, info=page):
                assert client.get(page).status_code == 200


def test_the_form_is_written_with_the_attributes_that_it_always_had() -> None:
    """Its hundreds of fields are written without templates: label, description, error and choice stay."""
    call, people = make_pool(3)
    Nomination.objects.filter(pk=people[0].pk).update(name='Ana "Quote" <b>')
    client = signed_in(make_user("staff"))
    path = reverse("panel:create", args=[call.pk])
    row = {"person:0": str(people[0].uuid), "decision:0": "include"}
    text = client.post(path, sent(**row, **{"min:gender:woman": "x"})).content.decode()
    field = re.search(r'<input[^>]+name="min:gender:woman"[^>]*>', text)
    assert field
    for part in (
        'type="number"',
        'value="x"',
        'min="0"',
        'aria-invalid="true"',
        'aria-label="Gender: Woman (at least)"',
        'id="id_min:gender:woman"',
    ):
        assert part in field[0]
    assert (
        f'<option value="{people[0].uuid}" selected>Ana &quot;Quote&quot; &lt;b&gt; (Kenya)</option>' in text
    )
    assert '<option value="include" selected>Include</option>' in text
