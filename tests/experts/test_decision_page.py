"""The page of a decision: what is missing is said at the person's own box, and nothing that was chosen is lost."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from experts.models import Decision, DecisionItem
from tests.experts.panel_people import announced, decided
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def client(staff: Any) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def boxes(page: str) -> list[str]:
    return re.findall(r'<li class="member">.*?</details></li>', page, re.DOTALL)


def test_a_missing_reason_is_said_at_the_person_s_own_box(client: Client, staff: Any) -> None:
    call, people, decision = decided(staff)
    item = decision.items.get(nomination=people[1])
    sent = {"version": decision.version, "nomination": people[1].uuid, "outcome": "none", "reason": " "}
    answer = client.post(reverse("panel:decision", args=[call.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    summary = page[page.index('class="error-summary"') : page.index("</ul>", page.index("error-summary"))]
    assert f'href="#reason-{item.pk}"' in summary and people[1].name in summary
    open_boxes = [box for box in boxes(page) if "<details open>" in box]
    assert len(open_boxes) == 1 and people[1].name in open_boxes[0]
    assert "Give a reason." in open_boxes[0] and page.count("autofocus") == 1
    assert f'id="reason-{item.pk}"' in open_boxes[0] and 'aria-invalid="true"' in open_boxes[0]
    # What was chosen stays chosen.
    assert '<option value="none" selected>' in open_boxes[0]


def test_the_box_is_reached_where_its_part_of_the_page_is_folded(client: Client, staff: Any) -> None:
    call, _people, decision = decided(staff, 30)
    item = decision.items.filter(outcome="regional").select_related("nomination").first()
    sent = {"version": decision.version, "nomination": item.nomination.uuid, "outcome": "member"}
    page = client.post(reverse("panel:decision", args=[call.pk]), sent).content.decode()
    folded = page.index("Invited to regional groups")
    assert page[:folded].rstrip().endswith("<details open><summary>")


def test_the_order_of_alternates_has_a_form_of_its_own(client: Client, staff: Any) -> None:
    call, _people, decision = decided(staff)
    first, second = decision.items.filter(rank__in=(1, 2)).order_by("rank").select_related("nomination")
    address = reverse("panel:decision", args=[call.pk])
    box = next(b for b in boxes(client.get(address).content.decode()) if second.nomination.name in b)
    forms = re.findall(r"<form.*?</form>", box, re.DOTALL)
    assert ['name="outcome"' in form for form in forms] == [True, False]
    assert ['name="up"' in form for form in forms] == [False, True]
    sent = {"version": decision.version, "nomination": second.nomination.uuid, "up": "1"}
    page = client.post(address, sent).content.decode()
    assert f'href="#rank-reason-{second.pk}"' in page and f'id="rank-reason-{second.pk}_error"' in page
    client.post(address, {**sent, "reason": "Better placed."})
    ranks = dict(DecisionItem.objects.filter(decision=decision).values_list("pk", "rank"))
    assert (ranks[second.pk], ranks[first.pk]) == (1, 2)


def test_a_decided_panel_is_not_to_be_computed_anew(client: Client, staff: Any) -> None:
    call, _people, decision = announced(staff)
    panel = client.get(reverse("panel:selection", args=[call.pk, decision.selection.uuid])).content.decode()
    assert "The pool has changed" not in panel and reverse("panel:create", args=[call.pk]) not in panel
    assert "This panel was decided on" in panel
    listed = client.get(reverse("panel:list", args=[call.pk])).content.decode()
    assert reverse("panel:create", args=[call.pk]) not in listed
    assert reverse("panel:invited", args=[call.pk]) in listed
    assert Decision.objects.get().known_open == []


def test_regional_groups_lie_beside_their_own_region_s_pool(client: Client, staff: Any) -> None:
    call, people, _decision = announced(staff, 30)
    page = client.get(reverse("panel:invited", args=[call.pk]))
    africa = next(group for group in page.context["regional"] if "African" in group["name"])
    genders = next(balance for balance in africa["balance"] if balance.attribute == "gender")
    of_africa = [person for person in people if person.country_id in ("KEN", "GHA")]
    assert sum(row.pool for row in genders.rows) == len(of_africa) < len(people)
    assert "Pool of the region" in page.content.decode()


def test_panel_pages_have_the_tabs_of_their_siblings_and_lead_to_the_public_list(
    client: Client, staff: Any
) -> None:
    call, _people, decision = decided(staff)
    pages = [
        reverse(f"panel:{name}", args=[call.pk])
        for name in ("list", "create", "decision", "announce", "invited")
    ]
    pages.append(reverse("panel:selection", args=[call.pk, decision.selection.uuid]))
    public = reverse("panel:members", args=[call.pk])
    for address in pages:
        page = client.get(address).content.decode()
        tabs = page[page.index('<ul class="tabs">') :]
        assert reverse("reviewing:board", args=[call.pk]) in tabs
        assert f'href="{reverse("panel:list", args=[call.pk])}" aria-current="page"' in tabs
        assert public not in page
    told, _people, _decision = announced(staff)
    shown = client.get(reverse("panel:list", args=[told.pk])).content.decode()
    assert reverse("panel:members", args=[told.pk]) in shown
