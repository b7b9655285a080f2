"""What was said on one provision: the page, and the part of it that opens in the margin."""

from typing import Any

import pytest
from django.test import Client

from consultations.actions.comments import hide_comment, withdraw_comment
from consultations.models import Position, Round
from tests.factories import (
    make_comment,
    make_draft,
    make_member_state,
    make_provision,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db
MARGIN = {"HX-Request": "true"}


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2))


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_margin_gets_a_part_and_the_page_a_whole(round_: Round) -> None:
    path = f"/en/rounds/{round_.pk}/on/para_1/"
    client = client_of(make_user())
    part = client.get(path, headers=MARGIN).content.decode()
    assert "<html" not in part and "data-close-voices" in part and '<details class="voices__form"' not in part
    assert "<html" in client.get(path).content.decode()
    make_comment(round_, make_user(), provision_key="para_1", body="Said before.")
    part = client.get(path, headers=MARGIN).content.decode()
    assert "Said before." in part and '<details class="voices__form"' in part


def test_the_11th_comment_is_on_the_next_page(round_: Round) -> None:
    for n in range(11):
        make_comment(round_, make_user(), provision_key="para_1", body=f"Voice number {n:02}.")
    path = f"/en/rounds/{round_.pk}/on/para_1/"
    first = Client().get(f"{path}?text=fr").content.decode()
    assert "Voice number 09." in first and "Voice number 10." not in first
    assert "?text=fr&amp;page=2" in first
    assert "Voice number 10." in Client().get(f"{path}?page=2").content.decode()
    assert f'href="{path}?page=2" data-voices-more' in Client().get(path, headers=MARGIN).content.decode()


def test_withdrawn_hidden_and_unsent_words_are_their_author_s(round_: Round) -> None:
    author, path = make_user(), f"/en/rounds/{round_.pk}/on/para_1/"
    gone = make_comment(round_, author, provision_key="para_1", body="Taken back.")
    withdraw_comment(actor=author, comment=gone)
    bad = make_comment(round_, author, provision_key="para_1", body="Put away.")
    hide_comment(actor=make_user("staff"), comment=bad, reason="Names a person.")
    make_comment(round_, author, provision_key="para_1", body="Not sent.", submit=False)
    for reader in (Client(), client_of(make_user())):
        page = reader.get(path).content.decode()
        assert not any(said in page for said in ("Taken back.", "Put away.", "Not sent.", "unsent draft"))
    own = client_of(author).get(path).content.decode()
    assert "Taken back." in own and "Put away." in own and "Names a person." in own
    assert "You have an unsent draft here." in own


def test_names_are_shown_as_their_owners_chose_and_never_in_anonymous_rounds() -> None:
    draft = make_draft(status="published", paragraphs=1)
    for round, attribution, shown in (
        (make_round(draft), "named", True),
        (make_round(draft), "anonymous", False),
        (make_round(draft, anonymous=True), "named", False),
    ):
        author = make_user(name="Amina Canary")
        make_comment(round, author, provision_key="para_1", attribution=attribution)
        page = Client().get(f"/en/rounds/{round.pk}/on/para_1/").content.decode()
        assert ("Amina Canary" in page) is shown
        staff = client_of(make_user("staff")).get(f"/en/rounds/{round.pk}/on/para_1/").content.decode()
        assert "Amina Canary" in staff


def test_a_position_taken_in_the_margin_comes_back_as_the_comment_it_is_on(round_: Round) -> None:
    comment = make_comment(round_, make_user(), provision_key="para_1")
    path = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/position/"
    client = client_of(make_user())
    part = client.post(path, {"position": "support"}, headers=MARGIN)
    assert part.status_code == 200
    assert "1 supports" in part.content.decode() and "No longer support" in part.content.decode()
    client.post(path, {"position": ""}, headers=MARGIN)
    assert not Position.objects.exists()


def test_the_draft_as_a_whole_has_voices_of_its_own(round_: Round) -> None:
    make_comment(round_, make_user(), provision_key=None, body="On all of it.")
    make_comment(round_, make_user(), provision_key="para_1", body="On one.")
    page = Client().get(f"/en/rounds/{round_.pk}/on/").content.decode()
    assert "On all of it." in page and "On one." not in page


def test_the_footnotes_of_the_provision_stand_below_its_words() -> None:
    draft = make_draft()
    words = make_provision(draft, "para_1", text="Cities.")
    make_provision(draft, "fn_1", kind="footnote", parent=words, number="1", text="Of every size.")
    page = client_of(make_user("staff")).get(f"/en/rounds/{make_round(draft).pk}/on/para_1/")
    assert "Of every size." in page.content.decode()


def test_a_reservation_is_asked_for_its_reason_and_what_states_say_stands_below_the_buttons(
    round_: Round,
) -> None:
    comment = make_comment(round_, make_user(), provision_key="para_1")
    path = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/position/"
    official = make_user("focal_point")
    make_member_state("SEN", contact=official)
    client = client_of(official)
    part = client.post(path, {"position": "reserve"}, headers=MARGIN).content.decode()
    assert "<details open><summary>Say why</summary>" in part
    assert part.index('name="position" value="support"') < part.index("Senegal</bdi>: ")
    part = client.post(
        path, {"position": "reserve", "reason": "No mandate."}, headers=MARGIN
    ).content.decode()
    assert "<details><summary>Change your reason</summary>" in part


def test_a_reply_is_one_step_from_the_margin_and_an_unsent_draft_stands_before_a_new_form(
    round_: Round,
) -> None:
    me, path = make_user(), f"/en/rounds/{round_.pk}/on/para_1/"
    comment = make_comment(round_, make_user(), provision_key="para_1")
    make_comment(round_, me, provision_key="para_1", body="Not sent.", submit=False)
    part = client_of(me).get(path, headers=MARGIN).content.decode()
    assert f'href="/en/rounds/{round_.pk}/comments/{comment.uuid}/#id_body">Reply</a>' in part
    assert part.index("You have an unsent draft here.") < part.index('<form class="form comment-form"')
    reply = client_of(me).get(f"/en/rounds/{round_.pk}/comments/{comment.uuid}/").content.decode()
    assert reply.count('id="id_body"') == 1 and "#id_body" not in reply
    assert ">Reply</a>" not in Client().get(path).content.decode()
