"""The secretariat's pages: people found, roles given, groups filled, acts read, at a constant cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.groups import add_addresses, add_to_group
from accounts.actions.memberships import end_membership
from accounts.actions.roles import grant_role, set_active, withdraw_role
from accounts.models import Affiliation, Group, Membership, Organisation, RoleGrant, User
from core import audit
from core.models import AuditEntry
from core.verdicts import Refusal
from tests.accounts.conftest import signed_in
from tests.factories import make_draft, make_group, make_round, make_user

pytestmark = pytest.mark.django_db


def found(query: str) -> str:
    return signed_in(make_user("staff", name="The Reader")).get(f"/en/people/?{query}").content.decode()


def test_people_are_found_by_name_address_and_organisation() -> None:
    one = make_user("expert", name="Олжас Ибраев", email="olzhas@example.org", country_id="KAZ")
    two = make_user("drafter", name="Beatriz Lima", email="bea@example.org", is_active=False)
    institute = Organisation.objects.create(kind="academia", name="City Lab", name_en="City Lab")
    Affiliation.objects.create(user=two, organisation=institute)
    group = make_group()
    Membership.objects.create(group=group, user=one)
    for query, who in (
        ("words=ОЛЖАС", {one}),
        ("words=bea@", {two}),
        ("words=city+lab", {two}),
        ("words=lima+beatriz", {two}),
        ("role=expert", {one}),
        ("country=KAZ", {one}),
        (f"group={group.slug}", {one}),
        ("state=disabled", {two}),
        ("state=waiting", set()),
        ("role=nonsense&country=xx&page=99", {one, two}),
        ("words=nobody+like+this", set()),
    ):
        page = found(query)
        assert {p for p in (one, two) if p.email in page} == who, query


def test_a_group_brings_the_people_of_its_organisations() -> None:
    person, institute, group = (
        make_user(),
        Organisation.objects.create(kind="academia", name_en="Lab"),
        make_group(),
    )
    Membership.objects.create(group=group, organisation=institute)
    place = Affiliation.objects.create(user=person, organisation=institute)
    assert person.email not in found(f"group={group.slug}")
    Affiliation.objects.filter(pk=place.pk).update(confirmed_at=timezone.now())
    assert person.email in found(f"group={group.slug}")


def test_erased_people_are_in_no_list() -> None:
    gone = make_user(name="Former", erased_at=timezone.now(), is_active=False)
    assert gone.email not in found("words=former")


def _rows(count: int) -> None:
    group = Group.objects.get(slug="expert-working-group")
    for n in range(count):
        person = make_user("expert", "drafter", country_id="KEN")
        lab = Organisation.objects.create(kind="academia", name=f"Lab {n}", name_en=f"Lab {n}")
        Affiliation.objects.create(user=person, organisation=lab)
        Membership.objects.create(group=group, user=person)
        audit.record("person.keep", person, actor=make_user())
        audit.record("group.add", person, actor=person, changes={"group": "x"})


@pytest.mark.parametrize(
    "path",
    ["/en/people/", "/en/people/groups/", "/en/people/groups/expert-working-group/", "/en/people/audit/"],
)
def test_lists_cost_the_same_for_one_row_and_for_thirty(path: str) -> None:
    client = signed_in(make_user("staff"))
    counts = []
    for more in (1, 29):
        _rows(more)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14


def test_a_persons_page_costs_the_same_however_much_they_have() -> None:
    admin, person = make_user("admin"), make_user()
    client = signed_in(admin)
    draft = make_draft(status="published")
    counts = []
    for more in (1, 12):
        for n in range(more):
            round = make_round(draft, title=f"Round {n}")
            grant_role(actor=admin, person=person, role="staff", scope_type="round", scope_id=str(round.pk))
            Membership.objects.create(group=make_group(), user=person)
            lab = Organisation.objects.create(kind="academia", name_en="Lab")
            Affiliation.objects.create(user=person, organisation=lab)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/en/people/{person.pk}/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_administrator_gives_a_role_for_one_round_and_takes_it_back() -> None:
    admin, person = make_user("admin"), make_user("participant")
    round = make_round(make_draft(status="published"), title="First round")
    client = signed_in(admin)
    roles = f"/en/people/{person.pk}/roles/"
    for _ in range(2):
        assert client.post(roles, {"role": "staff", "scope": f"round:{round.pk}"}).status_code == 302
    fresh = User.objects.get(pk=person.pk)
    assert fresh.facts.has("staff", scope=("round", round.pk)) and not fresh.facts.has("staff")
    page = client.get(f"/en/people/{person.pk}/").content.decode()
    assert "Secretariat staff" in page and "First round" in page and "role.grant" in page
    grant = RoleGrant.objects.get(user=person, role="staff")
    assert AuditEntry.objects.filter(action="role.grant").count() == 1
    for _ in range(2):
        assert client.post(f"{roles}{grant.pk}/withdraw/").status_code == 302
    assert AuditEntry.objects.filter(action="role.withdraw").count() == 1
    for wrong in (
        {"role": "boss"},
        {"role": "staff", "scope": "round:999999"},
        {"role": "expert", "scope": f"round:{round.pk}"},
    ):
        assert client.post(roles, wrong).status_code == 400
    assert client.post(f"/en/people/{admin.pk}/roles/", {"role": "staff"}).status_code == 403


@pytest.mark.parametrize("role", ["staff", "drafter", "coordinator", "expert", "focal_point", "participant"])
def test_nobody_but_an_administrator_gives_roles_or_disables(role: str) -> None:
    actor, person = make_user(role), make_user("expert")
    client, grant = signed_in(actor), person.role_grants.get()
    for path, fields in (
        (f"/en/people/{person.pk}/roles/", {"role": "staff"}),
        (f"/en/people/{person.pk}/roles/{grant.pk}/withdraw/", {}),
        (f"/en/people/{person.pk}/active/", {"active": "0"}),
    ):
        assert client.post(path, fields).status_code == 403
    for act in (
        lambda: grant_role(actor=actor, person=person, role="staff"),
        lambda: withdraw_role(actor=actor, grant=grant),
        lambda: set_active(actor=actor, person=person, active=False),
    ):
        with pytest.raises(Refusal):
            act()
    page = client.get(f"/en/people/{person.pk}/")
    assert page.status_code == (200 if role == "staff" else 403)
    assert "Disable the account" not in page.content.decode()


def test_a_disabled_account_is_shut_and_opens_again() -> None:
    from knox.models import AuthToken

    admin, person = make_user("admin"), make_user("expert")
    client = signed_in(person)
    _row, token = AuthToken.objects.create(person)
    disabling = signed_in(admin)
    for _ in range(2):
        assert disabling.post(f"/en/people/{person.pk}/active/", {"active": "0"}).status_code == 302
    assert client.get("/en/account/profile/").status_code == 302
    headers = {"Authorization": f"Token {token}"}
    assert Client().get("/api/v1/rounds/", headers=headers).status_code == 401
    assert AuditEntry.objects.filter(action="person.disable").count() == 1
    disabling.post(f"/en/people/{person.pk}/active/", {"active": "1"})
    assert Client().get("/api/v1/rounds/", headers=headers).status_code == 200
    assert disabling.post(f"/en/people/{admin.pk}/active/", {"active": "0"}).status_code == 403
    User.objects.filter(pk=person.pk).update(erased_at=timezone.now(), is_active=False)
    assert disabling.post(f"/en/people/{person.pk}/active/", {"active": "1"}).status_code == 403
    with pytest.raises(ValidationError):
        grant_role(actor=admin, person=User.objects.get(pk=person.pk), role="staff")


def test_a_pasted_list_fills_a_group_and_tells_of_every_line() -> None:
    group, staff = make_group(), make_user("staff")
    one, two = make_user(email="one@example.org"), make_user(email="two@example.org")
    closed = make_user(email="closed@example.org", is_active=False)
    add_to_group(actor=staff, group=group, person=two)
    lines = [
        "One@Example.org",
        "",
        " <two@example.org>;",
        "nobody@example.org",
        "not an address",
        "one@example.org",
    ]
    text = "\n".join([*lines, closed.email])
    page = signed_in(staff).post(f"/en/people/groups/{group.slug}/", {"addresses": text}).content.decode()
    for words in (
        "Added",
        "Is a member already",
        "Has no account here",
        "Is no e-mail address",
        "Stands above",
    ):
        assert words in page
    report = add_addresses(actor=staff, group=group, text=text)
    assert [(line.number, line.outcome) for line in report] == [
        (1, "member"),
        (3, "member"),
        (4, "unknown"),
        (5, "invalid"),
        (6, "repeated"),
        (7, "unknown"),
    ]
    assert set(group.memberships.values_list("user", flat=True)) == {one.pk, two.pk}
    assert AuditEntry.objects.filter(action="group.add").count() == 2
    for empty in ("", " \n "):
        assert (
            signed_in(staff).post(f"/en/people/groups/{group.slug}/", {"addresses": empty}).status_code == 400
        )
    with pytest.raises(ValidationError):
        add_addresses(actor=staff, group=group, text="a@example.org\n" * 501)


def test_a_membership_ends_once_and_may_begin_again() -> None:
    group, staff, person = make_group(), make_user("staff"), make_user("expert")
    client = signed_in(staff)
    client.post(f"/en/people/{person.pk}/memberships/", {"group": group.slug})
    assert User.objects.get(pk=person.pk).facts.groups == {group.pk}
    membership = Membership.objects.get(user=person)
    for _ in range(2):
        client.post(f"/en/people/memberships/{membership.pk}/end/", {"end-reason": "Moved."})
    assert User.objects.get(pk=person.pk).facts.groups == frozenset()
    assert AuditEntry.objects.filter(action="group.end").count() == 1
    client.post(f"/en/people/{person.pk}/memberships/", {"group": group.slug})
    assert Membership.objects.filter(user=person).count() == 2
    for stranger in (make_user("drafter"), make_user("expert")):
        for act in (
            lambda s=stranger: add_to_group(actor=s, group=group, person=person),
            lambda s=stranger: end_membership(actor=s, membership=membership, reason="No."),
            lambda s=stranger: add_addresses(actor=s, group=group, text="a@example.org"),
        ):
            with pytest.raises(Refusal):
                act()
    assert client.post(f"/en/people/{person.pk}/memberships/", {"group": "none"}).status_code == 400


def test_the_audit_trail_is_filtered_by_who_what_and_when() -> None:
    ana, ben = make_user(name="Ana Actor"), make_user(name="Ben Subject")
    audit.record("role.grant", ben, actor=ana, changes={"role": "staff", "scope": ["", ""]})
    audit.record("comment.submit", ana, actor=ben)
    old = audit.record("round.create", ana, actor=None)
    AuditEntry.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=40))
    client = signed_in(make_user("admin"))
    today, month_ago = timezone.now().date(), (timezone.now() - timedelta(days=30)).date()
    for query, acts in (
        ("", {"role.grant", "comment.submit", "round.create"}),
        ("actor=ana", {"role.grant"}),
        (f"actor={ben.email}", {"comment.submit"}),
        ("action=comment.", {"comment.submit"}),
        (f"subject=accounts.user:{ben.pk}", {"role.grant"}),
        (f"since={month_ago}", {"role.grant", "comment.submit"}),
        (f"until={month_ago}", {"round.create"}),
        (
            f"since=nonsense&until={today + timedelta(days=1)}",
            {"role.grant", "comment.submit", "round.create"},
        ),
        ("action=nothing", set()),
    ):
        page = client.get(f"/en/people/audit/?{query}").content.decode()
        shown = {
            a
            for a in ("role.grant", "comment.submit", "round.create")
            if f'<small dir="ltr">{a}</small>' in page
        }
        assert shown == acts, query
    page = client.get("/en/people/audit/").content.decode()
    assert "Ben Subject" in page and "role: <bdi>staff</bdi>" in page and "the portal" in page
    assert "<td>Gave a role<br>" in page


@pytest.mark.parametrize("role", ["drafter", "coordinator", "expert", "focal_point", "participant"])
def test_the_pages_are_the_secretariats(role: str) -> None:
    client, group = signed_in(make_user(role)), make_group()
    for path in ("", "groups/", f"groups/{group.slug}/", "audit/", f"{make_user().pk}/"):
        assert client.get(f"/en/people/{path}").status_code == 403
    assert ">People</a>" not in client.get("/en/").content.decode()


def test_a_role_for_one_round_opens_none_of_these_pages() -> None:
    person = make_user()
    RoleGrant.objects.create(user=person, role="staff", scope_type="round", scope_id="1")
    assert signed_in(person).get("/en/people/").status_code == 403


@pytest.mark.parametrize("role", ["staff", "admin"])
def test_staff_and_administrators_find_the_pages_in_the_navigation(role: str) -> None:
    client = signed_in(make_user(role))
    assert ">People</a>" in client.get("/en/").content.decode()
    answer: Any = client.get("/en/people/")
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]


def test_invitations_stand_beside_people() -> None:
    for role in ("staff", "admin"):
        client = signed_in(make_user(role))
        for path in ("/en/people/", "/en/people/groups/", "/en/people/audit/"):
            assert '<a href="/en/account/invitations/"' in client.get(path).content.decode()
        page = client.get("/en/account/invitations/").content.decode()
        assert '<a href="/en/people/"' in page and 'invitations/" aria-current="page"' in page
        assert (
            '<a href="/en/people/" aria-current="page">People</a>' in page
        )  # the main link, which stands for all


def test_a_day_that_is_none_is_left_out_and_said() -> None:
    page = signed_in(make_user("staff")).get("/en/people/audit/?since=soon").content.decode()
    assert 'value="soon"' not in page
    assert 'aria-describedby="id_since_error"' in page and 'id="id_since_error"' in page
