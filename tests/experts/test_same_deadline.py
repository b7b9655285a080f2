"""A deadline says one day and one clock wherever it is told: the call's zone with its offset, UTC, the reader's own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from core import outbox
from core.models import Notice, subject_of
from experts.actions.linking import send_link, token_of
from experts.actions.offering import offer
from experts.actions.offering import token_of as token_of_place
from experts.mails import render_assigned
from experts.models import Appointment, NominationMove, NomineeLink, Review, Reviewer
from experts.nomination_mails import link_content, render_move
from experts.panel_mails import letter_of
from experts.views.decisions import AnnounceForm
from guidelines_portal.road_map import road_map
from tests.caches import empty_cache
from tests.experts.nominees import make_focal_point, make_person
from tests.factories import make_call, make_group, make_nomination, make_user

pytestmark = pytest.mark.django_db

# 23:59 in Paris is the next day in Nairobi.
CLOSES = datetime(2031, 7, 10, 21, 59, tzinfo=UTC)
HERE = "10 July 2031, 23:59 Paris (Central European Summer Time, UTC+02:00) = 21:59 UTC"
OWN = "your time: Friday 11 July 2031, 06:59 Tokyo"


def paris_call(**fields: Any) -> Any:
    fields.setdefault("closes_at", CLOSES)
    return make_call(zone="Europe/Paris", opens_at=timezone.now() - timedelta(days=1), **fields)


def notice_of(kind: str, subject: Any, person: Any) -> Notice:
    return Notice(recipient=person, kind=kind, subject=subject_of(subject))


def told(content: Any) -> str:
    return "\n".join(content.paragraphs)


def test_the_nominee_s_mail() -> None:
    nomination = make_nomination(paris_call(), state="awaiting_nominee")
    link = NomineeLink.objects.create(
        nomination=nomination, token_sha256="x", expires_at=timezone.now() + timedelta(days=14)
    )
    words = told(link_content(link, "token"))
    assert words.count(HERE) == 2  # the deadline, and the link that serves it
    assert "Nairobi" not in words and "in 1" not in words
    assert "ask the focal point of Kenya for a new one" in words


@pytest.mark.parametrize("state", ["awaiting_endorsement", "draft"])
def test_the_mails_of_a_move_to_nominee_and_focal_point(state: str) -> None:
    nominee = make_person("expert", time_zone="Asia/Tokyo")
    nomination = make_nomination(
        paris_call(), state=state, way="applied", nominee=nominee, email=nominee.email
    )
    made = NominationMove.objects.create(
        nomination=nomination, before="awaiting_endorsement", after=state, reason="Mend it."
    )
    focal = make_focal_point()
    focal.time_zone = "Asia/Tokyo"
    for person in (nominee, focal) if state == "awaiting_endorsement" else (nominee,):
        words = told(render_move([notice_of("nomination_moved", made, person)]))
        assert HERE in words and OWN in words and "Nairobi" not in words


def test_invitation_letter_and_page_of_a_place() -> None:
    call = paris_call()
    nomination = make_nomination(call, state="invited")
    with transaction.atomic():
        offer(actor=make_user("staff"), nomination=nomination, group=make_group(), expires_at=CLOSES)
    place = Appointment.objects.select_related("nomination__call__guidelines", "group").get()
    outbox.drain()
    assert HERE in mail.outbox[-1].body
    letter = str(letter_of(place).blocks)
    assert HERE in letter and "11 July" not in letter
    page = Client().get(f"/en/places/{token_of_place(place)}/").content.decode()
    assert "10 July 2031, 23:59 Paris" in page and "Nairobi" not in page


def test_reviewers_are_told_in_mail_and_page_when_scoring_closes() -> None:
    call = paris_call(
        closes_at=timezone.now() - timedelta(hours=1),
        scoring_opens_at=timezone.now() - timedelta(minutes=5),
        scoring_closes_at=CLOSES,
    )
    person = make_user("expert", time_zone="Asia/Tokyo")
    reviewer = Reviewer.objects.create(call=call, user=person, added_by=make_user("staff"))
    nomination = make_nomination(call, state="eligible", candidate_number=1)
    Review.objects.create(reviewer=reviewer, nomination=nomination)
    words = told(render_assigned([notice_of("reviews_assigned", reviewer, person)]))
    assert HERE in words and OWN in words
    client = Client()
    client.force_login(person)
    page = client.get(f"/en/calls/{call.pk}/scoring/").content.decode()
    assert "10 July 2031, 23:59 Paris" in page and "Nairobi" not in page


def test_the_chart_of_the_front_page_says_the_call_s_day_and_the_early_end() -> None:
    call = paris_call()
    [stretch] = road_map([call], timezone.now()).stretches  # type: ignore[union-attr]
    assert "10 July 2031, 23:59 Paris (UTC+02:00)" in stretch.last
    early = datetime(2031, 6, 1, 21, 30, tzinfo=UTC)
    call.closed_at = early
    [stretch] = road_map([call], early).stretches  # type: ignore[union-attr]
    assert "1 June 2031, 23:30 Paris" in stretch.last
    call.save()
    empty_cache()
    page = Client().get("/en/").content.decode()
    assert "10 July" not in page and "11 July" not in page


def test_the_form_that_announces_names_the_zone_in_which_one_answers() -> None:
    form = AnnounceForm({"version": "1", "answer_by": "2031-07-10T23:59"}, call=paris_call())
    assert form.is_valid() and form.cleaned_data["answer_by"] == CLOSES
    assert "Paris" in form.fields["answer_by"].help_text and "UTC+0" in form.fields["answer_by"].help_text


class TestHowLongALinkLives:
    def _link(self, closes: timedelta, sent: timedelta, **fields: Any) -> tuple[Any, str]:
        now = timezone.now()
        call = make_call(opens_at=now - timedelta(days=90), closes_at=now + closes, **fields)
        nomination = make_nomination(call, state="awaiting_nominee", attested_at=now)
        with transaction.atomic():
            send_link(nomination)
        link = NomineeLink.objects.get()
        link.expires_at += sent
        link.save()
        return link, token_of(link)

    def test_as_long_as_the_nomination_can_be_handed_in(self) -> None:
        link, token = self._link(timedelta(days=30), sent=-timedelta(days=20))
        page = Client().get(f"/en/nominations/invited/{token}/")
        assert page.status_code == 200
        assert link.shown_until == link.nomination.call.closes_at

    def test_within_the_hidden_grace_too_which_it_does_not_tell(self) -> None:
        link, token = self._link(-timedelta(minutes=5), sent=-timedelta(days=20), grace=30)
        assert Client().get(f"/en/nominations/invited/{token}/").status_code == 200
        assert link.shown_until == link.nomination.call.closes_at

    def test_an_expired_one_says_how_to_get_a_new_one(self) -> None:
        _link, token = self._link(-timedelta(minutes=5), sent=-timedelta(days=20))
        page = Client().get(f"/en/nominations/invited/{token}/")
        words = page.content.decode()
        assert page.status_code == 410 and "This link has expired." in words
        assert "The focal point of Kenya can send you a new one." in words
