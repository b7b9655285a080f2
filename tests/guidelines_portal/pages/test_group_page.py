"""One group's page: what everybody may read, and what a member reads of themselves."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Affiliation, Membership, Organisation, day_of
from tests.factories import make_draft, make_group, make_round, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page_of(slug: str, person: object = None, language: str = "en") -> tuple[int, str]:
    client = Client()
    if person is not None:
        client.force_login(person)  # type: ignore[arg-type]
    answer = client.get(f"/{language}/groups/{slug}/")
    return answer.status_code, answer.content.decode()


def test_a_group_that_one_may_not_know_of_is_not_there() -> None:
    hidden = make_group(slug="hidden", terms_en="Secret terms.")
    make_round(make_draft(status="published"), groups=(hidden,), visibility="participants")
    assert (
        page_of("hidden")[0] == page_of("hidden", make_user("participant"))[0] == page_of("nothing")[0] == 404
    )
    member = make_user("expert", groups=(hidden,))
    for reader in (member, make_user("staff")):
        status, page = page_of("hidden", reader)
        assert status == 200 and "Secret terms." in page
    Membership.objects.filter(user=member).update(ends_on=day_of(timezone.now()) - DAY)
    assert page_of("hidden", member)[0] == 404


def test_terms_of_reference_are_read_in_ones_language() -> None:
    assert "## " not in page_of("expert-working-group")[1]
    assert "main advisory body of the process" in page_of("expert-working-group")[1]
    assert "principal organe consultatif" in page_of("expert-working-group", language="fr")[1]


def test_a_member_reads_their_own_term_and_nobody_elses() -> None:
    group, last = make_group(slug="own"), day_of(timezone.now()) + 40 * DAY
    mine = Membership.objects.create(group=group, user=make_user("expert"), ends_on=last, role="rapporteur")
    other = Membership.objects.create(
        group=group, user=make_user("expert", name="Other Member"), role="chair"
    )
    with translation.override("en"):
        status, page = page_of("own", mine.user)
    assert status == 200 and "You are a member" in page and "Rapporteur" in page
    assert f'datetime="{last.isoformat()}"' in page and other.user.name not in page
    assert "You are a member" not in page_of("own", make_user("staff"))[1]


def test_a_member_through_an_organization_is_told_so() -> None:
    group, person = make_group(slug="labs"), make_user("expert")
    lab = Organisation.objects.create(kind="academia", name="Lab of Cities", name_en="Lab of Cities")
    Membership.objects.create(group=group, organisation=lab)
    claimed = Affiliation.objects.create(user=person, organisation=lab)
    assert page_of("labs", person)[0] == 404, "a claim brings no group"
    claimed.confirmed_at = timezone.now()
    claimed.save()
    assert "Through <bdi>Lab of Cities</bdi>" in page_of("labs", person)[1]


def test_two_members_are_not_counted_in_public() -> None:
    group = make_group(slug="two")
    make_round(make_draft(status="published"), groups=(group,))
    for _ in range(2):
        make_user("expert", groups=(group,), country_id="KEN")
    assert "fewer than three members" in page_of("two")[1]
