"""The commenter's one reply to a published answer."""

import json
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions.erasing import erase_account
from consultations.actions.answering import answer_comment
from consultations.actions.comments import hide_comment
from consultations.actions.reacting import react_to_answer
from consultations.models import Comment, Reaction, Round
from consultations.records import comments as own_records
from core import outbox
from core.verdicts import Conflict, Refusal
from tests.api_client import client_of
from tests.consultations.answered import answered, publish
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=1))


@pytest.fixture
def comment(round_: Round) -> Comment:
    return answered(round_, make_user("staff"))


def react(comment: Comment, **fields: Any) -> Reaction:
    given = {"actor": comment.author, "version": 1, "content": False, "why": "You misread me.", **fields}
    return react_to_answer(comment=comment, **given)


def page_of(reader: Any, comment: Comment) -> str:
    client = Client()
    if reader:
        client.force_login(reader)
    return client.get(f"/en/rounds/{comment.round_id}/comments/{comment.uuid}/").content.decode()


def test_once_and_on_the_record_for_whoever_reads_the_comment(comment: Comment) -> None:
    first = react(comment)
    assert react(comment) == first  # the same again
    for other in ({"content": True, "why": ""}, {"why": "And more."}):
        with pytest.raises(Conflict):
            react(comment, **other)
    assert Reaction.objects.count() == 1
    for reader in (None, make_user("staff"), comment.author):
        page = page_of(reader, comment)
        assert "The commenter is not content with this answer" in page and "You misread me." in page
    shown = client_of().get(f"/api/v1/comments/{comment.uuid}/").json()["disposition"]["reaction"]
    assert (shown["content"], shown["why"]) == (False, "You misread me.")
    assert "You misread me." in json.dumps(own_records(comment.author), default=str)


def test_only_the_author_and_only_of_a_published_answer(comment: Comment, round_: Round) -> None:
    for person in (make_user(), make_user("staff"), make_user("drafter")):
        with pytest.raises(Refusal):
            react(comment, actor=person)
    unpublished = answered(round_, make_user("staff"), published=False)
    with pytest.raises(Refusal):
        react(unpublished)
    with pytest.raises(Refusal):
        react(make_comment(round_, make_user()))


def test_not_content_says_why_content_need_not(comment: Comment) -> None:
    for wrong, field in (
        ({"content": None}, "content"),
        ({"why": " "}, "why"),
        ({"why": "x" * 20_001}, "why"),
    ):
        with pytest.raises(ValidationError) as error:
            react(comment, **wrong)
        assert set(error.value.message_dict) == {field}
    assert react(comment, content=True, why="").content
    with pytest.raises(IntegrityError), transaction.atomic():
        Reaction.objects.create(disposition=comment.disposition, version=9, content=False, language="en")


def test_an_answer_that_says_something_else_is_replied_to_anew(comment: Comment) -> None:
    react(comment)
    answer_comment(
        actor=make_user("staff"),
        comment=comment,
        outcome="accepted",
        responses={"en": "You are right."},
        version=1,
    )
    with pytest.raises(Conflict):
        react(comment, content=True)  # they saw the earlier one
    assert client_of().get(f"/api/v1/comments/{comment.uuid}/").json()["disposition"]["reaction"] is None
    react(comment, version=2, content=True, why="")
    page = page_of(None, comment)
    earlier = page.partition("1 earlier answer")[2]
    assert "First words." in earlier and "You misread me." in earlier
    assert "The commenter is content with this answer" in page.partition("1 earlier answer")[0]


def test_what_was_never_published_is_no_part_of_the_public_history(round_: Round) -> None:
    comment = answered(round_, make_user("staff"), published=False)
    staff = make_user("staff")
    answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "Second."}, version=1)
    publish(round_)
    assert "First words." not in page_of(None, comment) and "earlier answer" not in page_of(None, comment)
    assert "First words." in page_of(staff, comment) and "Not published" in page_of(staff, comment)


def test_the_mail_leads_to_the_form_and_the_form_to_the_record(round_: Round) -> None:
    comment = answered(round_, make_user("staff"), published=False)
    publish(round_)
    outbox.drain(limit=100)
    (message,) = mail.outbox
    assert f"/comments/{comment.uuid}/#answer" in message.body and "once" in message.body
    page = page_of(comment.author, comment)
    assert 'id="answer"' in page and "Are you content with this answer?" in page
    assert "Are you content" not in page_of(make_user(), comment)
    client = Client()
    client.force_login(comment.author)
    address = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/reaction/"
    assert client.post(address, {"version": "1"}).status_code == 400
    refused = client.post(address, {"version": "1", "content": "no", "why": ""})
    assert refused.status_code == 400 and "Say what you are not content with." in refused.content.decode()
    stale = client.post(address, {"version": "7", "content": "no", "why": "My words"})
    assert stale.status_code == 409 and "My words" in stale.content.decode()
    for _ in range(2):
        assert client.post(address, {"version": "1", "content": "no", "why": "So."}).status_code == 302
    again = client.post(address, {"version": "1", "content": "yes", "why": ""})
    assert again.status_code == 409 and Reaction.objects.count() == 1
    assert "Are you content" not in page_of(comment.author, comment)
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.post(address, {"version": "1", "content": "yes"}).status_code == 403


def test_an_erased_account_leaves_that_there_was_a_reply(comment: Comment) -> None:
    react(comment, why="Zqcanary misread me.")
    erase_account(actor=comment.author, person=comment.author)
    outbox.drain(limit=200)
    reaction = Reaction.objects.get()
    assert (reaction.content, reaction.why, reaction.erased) == (False, "", True)
    page = page_of(None, comment)
    assert "The words of this reply were erased with the account." in page and "Zqcanary" not in page


@pytest.mark.parametrize(
    ("status", "words"),
    [("late", "came after the closing"), ("hidden", "has hidden"), ("withdrawn", "have withdrawn")],
)
def test_the_mail_says_how_it_stands_with_a_comment_that_not_everybody_reads(
    round_: Round, status: str, words: str
) -> None:
    comment = answered(round_, make_user("staff"), published=False)
    if status == "hidden":
        hide_comment(actor=make_user("staff"), comment=comment, reason="Abuse.")
    else:
        Comment.objects.filter(pk=comment.pk).update(status=status)
    publish(round_)
    outbox.drain(limit=100)
    (message,) = mail.outbox
    assert words in message.body and "First words." in message.body


def test_an_answer_in_another_language_than_the_page_is_said_to_be(comment: Comment) -> None:
    address = f"/fr/rounds/{comment.round_id}/comments/{comment.uuid}/"
    page = Client().get(address).content.decode()
    assert 'lang="en" dir="ltr"' in page and "nglais" in page.partition("Réponse du secrétariat")[2][:400]
