"""Ways between the pages of a call: each role is led to its own list, also when the call is over."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.invitations import token_of
from accounts.actions.missions import invite_colleague
from accounts.invitation_mails import invitation_content
from accounts.models import RoleGrant
from experts import links
from experts.models import Call, Reviewer
from tests.experts.nominees import make_focal_point, make_person
from tests.factories import make_call, make_member_state, make_nomination, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def read(user: Any, path: str, status: int = 200) -> str:
    client = Client()
    if user:
        client.force_login(user)
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def make_coordinator(region: str = "africa") -> Any:
    person = make_user("participant")
    RoleGrant.objects.create(user=person, role="coordinator", scope_type="region", scope_id=region)
    return person


def in_phase(phase: str) -> Call:
    now = timezone.now()
    times: dict[str, Any] = {
        "open": {},
        "endorsing": {
            "opens_at": now - 9 * DAY,
            "closes_at": now - DAY,
            "endorsement_closes_at": now + DAY,
        },
        "over": {"opens_at": now - 9 * DAY, "closes_at": now - DAY},
        "decided": {"opens_at": now - 9 * DAY, "closes_at": now - 2 * DAY, "decided_at": now - DAY},
    }[phase]
    return make_call(title_en="Experts wanted", **times)


@pytest.mark.parametrize("phase", ["open", "endorsing", "over", "decided"])
def test_the_call_leads_everybody_to_the_list_that_they_may_open(phase: str) -> None:
    call = in_phase(phase)
    make_nomination(call, country="KEN", name="Amina Odhiambo")
    make_nomination(call, country="FRA", name="Claire Dubois")
    lists = {
        "country": (make_focal_point(), f"/en/calls/{call.pk}/country/"),
        "region": (make_coordinator(), f"/en/calls/{call.pk}/region/"),
        "secretariat": (make_user("staff"), f"/en/calls/{call.pk}/nominations/"),
    }
    for who, (person, own) in lists.items():
        page = read(person, f"/en/calls/{call.pk}/")
        for _other, (_person, path) in lists.items():
            assert (f'href="{path}"' in page) == (path == own), (who, path)
        listed = read(person, own)
        assert "Amina Odhiambo" in listed
        assert ("Claire Dubois" in listed) == (who == "secretariat")
    nobody_s = read(make_user("expert"), f"/en/calls/{call.pk}/")
    assert not any(f'href="{path}"' in nobody_s for _person, path in lists.values())


def test_before_it_opens_there_is_no_list_but_the_secretariat_s() -> None:
    now = timezone.now()
    call = make_call(opens_at=now + DAY, closes_at=now + 2 * DAY)
    assert links.nomination_lists(make_focal_point(), call) == links.NominationLists()
    assert links.nomination_lists(make_coordinator(), call) == links.NominationLists()


def test_a_coordinator_sees_what_was_submitted_and_no_more_than_its_state_as_told() -> None:
    call, person = in_phase("over"), make_coordinator()
    make_nomination(call, country="KEN", name="Weighed", state="ineligible")
    make_nomination(call, country="KEN", name="Waits", state="awaiting_endorsement", way="applied")
    make_nomination(call, country="KEN", name="Begun", state="draft")
    make_nomination(call, country="FRA", name="Elsewhere")
    page = read(person, f"/en/calls/{call.pk}/region/")
    assert "Weighed" in page and "1 nomination" in page and "Afric" in page
    assert "Waits" not in page and "Begun" not in page and "Elsewhere" not in page
    assert "Not eligible" not in page
    for other in (make_focal_point(), make_user("staff"), make_user("expert")):
        read(other, f"/en/calls/{call.pk}/region/", status=403)


def test_a_decided_call_is_for_reading_alone() -> None:
    call, person = in_phase("decided"), make_focal_point()
    make_nomination(call, country="KEN", state="awaiting_endorsement", way="applied")
    page = read(person, f"/en/calls/{call.pk}/country/")
    assert "waits for your endorsement" not in page and "in time" not in page
    assert f"/calls/{call.pk}/country/nominate/" not in page
    assert "This call is decided." in page


def test_once_decided_everyone_is_led_to_the_members() -> None:
    members = "/panel/members/"
    call = in_phase("decided")
    assert f'href="/en/calls/{call.pk}{members}"' in read(None, f"/en/calls/{call.pk}/")
    assert members not in read(None, f"/en/calls/{in_phase('over').pk}/")


def test_a_reviewer_finds_their_reviews_from_the_call_and_others_do_not() -> None:
    call, person = in_phase("over"), make_user("expert")
    own = f'href="/en/calls/{call.pk}/scoring/"'
    assert own not in read(person, f"/en/calls/{call.pk}/")
    reviewer = Reviewer.objects.create(call=call, user=person, added_by=make_user("staff"))
    assert own in read(person, f"/en/calls/{call.pk}/")
    assert own in read(person, "/en/account/")
    reviewer.removed_at = timezone.now()
    reviewer.save()
    assert own not in read(person, f"/en/calls/{call.pk}/")


def test_a_nomination_leads_back_to_its_call_and_to_the_reader_s_list() -> None:
    call, nominee = in_phase("open"), make_person("expert")
    nomination = make_nomination(call, country="KEN", nominee=nominee, email=nominee.email)
    lists = {
        "/en/my/nominations/": nominee,
        f"/en/calls/{call.pk}/country/": make_focal_point(),
        f"/en/calls/{call.pk}/region/": make_coordinator(),
        f"/en/calls/{call.pk}/nominations/": make_user("staff"),
    }
    for path, person in lists.items():
        page = read(person, f"/en/nominations/{nomination.uuid}/")
        assert f'href="/en/calls/{call.pk}/"' in page, path
        assert f'<a href="{path}">' in page, path


@pytest.mark.parametrize(
    ("state", "endorsed", "words"),
    [
        ("awaiting_endorsement", False, "Applied, to be endorsed"),
        ("submitted", True, "Applied, endorsed"),
        ("scored", False, "Applied, endorsed"),
        ("withdrawn", True, "Applied, endorsed"),
    ],
)
def test_the_way_says_whether_it_was_endorsed(state: str, endorsed: bool, words: str) -> None:
    at = timezone.now() if endorsed else None
    nomination = make_nomination(in_phase("open"), state=state, way="applied", endorsed_at=at)
    assert nomination.way_in_words == words
    assert words in read(make_focal_point(), f"/en/nominations/{nomination.uuid}/")


class TestACountryThatNobodyRepresents:
    def test_it_is_said_before_while_and_after_applying(self) -> None:
        call, person = in_phase("open"), make_person("expert", country_id="KEN")
        words = "Nobody represents Kenya in the portal yet, so nobody can endorse at present."
        assert words in read(person, f"/en/calls/{call.pk}/apply/")
        nomination = make_nomination(
            call, country="KEN", state="draft", way="applied", nominee=person, email=person.email
        )
        assert words in read(person, f"/en/nominations/{nomination.uuid}/")
        nomination.state = "awaiting_endorsement"
        nomination.save()
        page = read(person, f"/en/nominations/{nomination.uuid}/")
        assert words in page and "was told" not in page

    def test_where_somebody_does_nothing_of_it_is_said(self) -> None:
        call, person = in_phase("open"), make_person("expert", country_id="KEN")
        make_focal_point("KEN")
        assert "Nobody represents" not in read(person, f"/en/calls/{call.pk}/apply/")
        nomination = make_nomination(
            call, state="awaiting_endorsement", way="applied", nominee=person, email=person.email
        )
        page = read(person, f"/en/nominations/{nomination.uuid}/")
        assert "Nobody represents" not in page and "The focal point of Kenya was told." in page


class TestAFocalPointThatIsNew:
    def test_the_invitation_and_its_mail_speak_of_the_open_call(self) -> None:
        make_call(title_en="Experts wanted", zone="Europe/Paris")
        in_phase("over")  # of the same name
        kenya = make_member_state("KEN")
        invitation = invite_colleague(
            actor=make_user("staff"),
            organisation=kenya,
            email="new@example.org",
            name="New One",
            position="deputy",
            language="en",
        )
        words = "\n".join(invitation_content(invitation, "token").paragraphs)
        assert "It is about “Experts wanted”, open until" in words and "Paris (Central European" in words
        page = read(None, reverse("accounts:invitation", args=[token_of(invitation)]))
        assert "Experts wanted" in page and "Paris (Central European" in page
        assert page.count("Experts wanted") == 1

    def test_so_does_the_page_of_welcome_and_for_others_it_does_not(self) -> None:
        make_call(title_en="Call to nominate", zone="Europe/Paris")
        assert "Call to nominate" in read(make_focal_point(), reverse("accounts:welcome"))
        assert "Call to nominate" not in read(make_user("expert"), reverse("accounts:welcome"))
