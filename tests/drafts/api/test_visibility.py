"""Who reads which draft over the API: hidden ones are nowhere, in no list, count or address."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Group, RoleGrant, User
from drafts.models import Draft, DraftAccess
from tests.api_client import client_of
from tests.drafts.api.addresses import DRAFTS, GUIDELINES, of_draft, of_provision, rows
from tests.factories import make_draft, make_group, make_provision, make_user, set_status

pytestmark = pytest.mark.django_db

EVERYONE = {
    *("anonymous", "participant", "member", "former_member", "other_member", "coordinator", "admin"),
    *("disabled_staff", "drafter_elsewhere", "drafter_here", "staff_here", "drafter", "staff"),
}
WORKING = {"drafter_here", "staff_here", "drafter", "staff"}
# status: who reads it
READERS = {
    "working": WORKING,
    "circulated": WORKING | {"member"},
    "published": EVERYONE,
    "superseded": EVERYONE,
    "adopted": EVERYONE,
}


def make_reader(role: str, draft: Draft, group: Group) -> User | None:
    """A person of that standing towards ``draft``, which is circulated to ``group``."""
    if role in ("anonymous", "participant", "coordinator", "admin", "drafter", "staff"):
        return None if role == "anonymous" else make_user(role)
    if role == "member":
        return make_user("expert", groups=(group,))
    if role == "former_member":
        person = make_user("expert", groups=(group,))
        person.memberships.update(until=timezone.now() - timedelta(seconds=1))
        return person
    if role == "other_member":
        return make_user("expert", groups=(make_group(),))
    if role == "disabled_staff":
        return make_user("staff", is_active=False)
    person = make_user()
    where = draft if role.endswith("_here") else make_draft()
    kind = role.split("_")[0]
    RoleGrant.objects.create(user=person, role=kind, scope_type="draft", scope_id=str(where.pk))
    return person


@pytest.mark.parametrize("role", sorted(EVERYONE))
@pytest.mark.parametrize("status", list(READERS))
def test_a_draft_is_everywhere_or_nowhere(status: str, role: str) -> None:
    group = make_group()
    # Written before its status is set: what is published takes no more provisions.
    draft = make_draft(paragraphs=1)
    make_provision(draft, "term_1", kind="term", heading="City", text="Streets.")
    DraftAccess.objects.create(draft=draft, group=group)
    set_status(draft, status)
    client = client_of(make_reader(role, draft, group))
    readable = role in READERS[status]
    provision = draft.provisions.get(key="para_1")
    guidelines = f"{GUIDELINES}{draft.guidelines.slug}/"
    addresses = [of_draft(draft, part) for part in ("", "provisions/", "terms/")]
    addresses += [of_provision(provision, part) for part in ("", "history/")]
    for address in (guidelines, *addresses):
        assert client.get(address).status_code == (200 if readable else 404), address
    assert (draft.pk in [each["id"] for each in rows(client, DRAFTS)]) is readable
    slug = draft.guidelines.slug
    for query in ({"guidelines": slug}, {"guidelines": slug, "status": status}):
        assert client.get(DRAFTS, query).json()["count"] == int(readable)
    assert (slug in [each["slug"] for each in rows(client, GUIDELINES)]) is readable


@pytest.mark.parametrize("role", sorted(EVERYONE - READERS["circulated"]))
@pytest.mark.parametrize("status", ["working", "circulated"])
def test_what_is_hidden_cannot_be_written_to(status: str, role: str) -> None:
    group = make_group()
    draft = make_draft(status=status, paragraphs=1)
    DraftAccess.objects.create(draft=draft, group=group)
    client = client_of(make_reader(role, draft, group))
    provision = draft.provisions.get(key="para_1")
    missing = 401 if role == "anonymous" else 404
    for body in ({"version": 1, "text": "Mine."}, {}):
        assert client.patch(of_provision(provision), body).status_code == missing
    assert client.post(of_draft(draft, "publish/")).status_code == missing
    # Whether a hidden draft exists isn't told by another answer than to a stranger's guess.
    begun = [client.post(DRAFTS, {"base": pk, "label": "Next"}) for pk in (draft.pk, 10**9)]
    assert [each.status_code for each in begun] == [401 if role == "anonymous" else 403] * 2
    assert begun[0].json() == begun[1].json()


def test_counts_are_of_what_is_shown() -> None:
    shown = make_draft(status="published")
    for _ in range(3):
        make_draft(guidelines=shown.guidelines)
    counts: dict[Any, int] = {None: 1, make_user(): 1, make_user("drafter"): 4}
    for person, count in counts.items():
        page = client_of(person).get(DRAFTS, {"page_size": 1}).json()
        assert page["count"] == count and bool(page["next"]) is (count > 1)
        assert client_of(person).get(DRAFTS, {"page": count + 1, "page_size": 1}).status_code == 404


def test_a_draft_shared_by_two_groups_is_listed_once() -> None:
    groups = (make_group(), make_group())
    draft = make_draft(status="circulated", paragraphs=1)
    DraftAccess.objects.bulk_create(DraftAccess(draft=draft, group=group) for group in groups)
    client = client_of(make_user("expert", groups=groups))
    assert [each["id"] for each in rows(client, DRAFTS)] == [draft.pk]
    assert len(rows(client, GUIDELINES)) == 1
    assert client.get(of_draft(draft, "provisions/")).json()["count"] == 2


def test_the_base_of_a_draft_is_named_to_those_who_may_read_it() -> None:
    base = make_draft()
    draft = make_draft(guidelines=base.guidelines, base=base, status="published")
    assert client_of().get(of_draft(draft)).json()["base"] is None
    assert client_of(make_user("drafter")).get(of_draft(draft)).json()["base"] == base.pk
    set_status(base, "superseded")
    assert client_of().get(of_draft(draft)).json()["base"] == base.pk
