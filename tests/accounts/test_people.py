"""People from the command line, their roles, and the reference tables."""

import json
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.actions.profile import change_profile
from accounts.actions.roles import grant_role, withdraw_role
from accounts.models import Affiliation, ConsentText, Country, Group, Organisation, RegionMembership, User
from accounts.reference_tables import keep_reference_tables
from core.models import AuditEntry
from core.verdicts import Refusal
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def create_person(email: str = "Ana@Example.org", **options: Any) -> dict[str, Any]:
    out = StringIO()
    options = {"name": "Ana", "role": ["expert"], "password": "a long pass phrase", **options}
    call_command("create_person", email, stdout=out, **options)
    return dict(json.loads(out.getvalue()))


def test_a_person_is_created_once_and_updated_after_that() -> None:
    first = create_person(group=["expert-working-group"])
    again = create_person(name="Ana María", role=["staff"], country="KEN", group=["expert-working-group"])
    assert first["id"] == again["id"]
    user = User.objects.get(pk=first["id"])
    assert (user.email, user.name, user.country_id) == ("ana@example.org", "Ana María", "KEN")
    assert sorted(user.role_grants.values_list("role", flat=True)) == ["expert", "staff"]
    assert user.memberships.count() == 1
    assert user.check_password("a long pass phrase")
    assert EmailAddress.objects.get(user=user).verified


def test_a_focal_point_becomes_the_contact_of_its_member_state_if_it_has_none() -> None:
    state = {"organisation": "Kenya", "organisation_kind": "member_state", "country": "KEN"}
    create_person("one@example.org", role=["focal_point"], **state)
    create_person("two@example.org", role=["focal_point"], **state)
    assert Organisation.objects.count() == 1
    roles = dict(Affiliation.objects.values_list("user__email", "role"))
    assert roles == {"one@example.org": "contact", "two@example.org": "member"}


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"role": ["boss"]}, "role"),
        ({"country": "XXX"}, "country"),
        ({"group": ["nobody"]}, "group"),
        ({"language": "de"}, "language"),
        ({"name": " "}, "name"),
        ({"organisation": "X", "organisation_kind": "club"}, "organisation_kind"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(options: dict[str, Any], word: str) -> None:
    with pytest.raises(CommandError) as error:
        create_person(**options)
    assert error.value.returncode == 2
    assert word in str(error.value)
    assert not User.objects.exists()


def test_a_token_opens_the_api_and_is_kept_as_a_hash() -> None:
    from knox.models import AuthToken

    create_person()
    out = StringIO()
    call_command("issue_token", "ana@example.org", stdout=out)
    token = out.getvalue().strip()
    assert len(token) > 30
    assert token not in str(list(AuthToken.objects.values()))
    with pytest.raises(CommandError):
        call_command("issue_token", "nobody@example.org")


def test_only_administrators_assign_roles_and_never_to_themselves() -> None:
    admin, person = make_user("admin"), make_user()
    for other in (make_user("staff"), person):
        with pytest.raises(Refusal):
            grant_role(actor=other, person=person, role="staff")
    with pytest.raises(Refusal):
        grant_role(actor=admin, person=admin, role="staff")
    grant = grant_role(actor=admin, person=person, role="staff")
    assert AuditEntry.objects.filter(action="role.grant", actor=admin).count() == 1
    withdraw_role(actor=admin, grant=grant)
    assert not person.role_grants.exists()


def test_nobody_changes_the_profile_of_another() -> None:
    person = make_user()
    with pytest.raises(Refusal):
        change_profile(
            actor=make_user("admin"), person=person, name="X", language="en", time_zone="", country=None
        )


def test_the_reference_tables_are_there_after_migrate_and_loading_again_changes_nothing() -> None:
    def counts() -> tuple[int, ...]:
        models = (Country, RegionMembership, Group, ConsentText)
        return tuple(model.objects.count() for model in models)

    before = counts()
    assert before == (193, 386, 7, 12)
    keep_reference_tables()
    assert counts() == before
    assert Country.objects.get(pk="KOR").name_zh_hans == "大韩民国"


def test_a_changed_name_in_the_table_reaches_the_database() -> None:
    Country.objects.filter(pk="FRA").update(name_en="Gaul")
    keep_reference_tables()
    assert Country.objects.get(pk="FRA").name_en == "France"


@pytest.mark.parametrize("zone", ["Factory", "localtime", "EST5EDT", "Africa/Nowhere"])
def test_only_places_are_time_zones(zone: str) -> None:
    user = make_user()
    with pytest.raises(ValidationError) as error:
        change_profile(actor=user, person=user, name="A", language="en", time_zone=zone, country=None)
    assert "time_zone" in error.value.message_dict
