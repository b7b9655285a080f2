"""My comments as a file and by mail."""

import pytest
from django.core import mail
from django.test import Client

from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.comments import write_comment
from consultations.models import Round
from core import outbox
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2), title="Open round")


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_the_file_holds_what_i_wrote_and_its_answers(round_: Round) -> None:
    me = make_user()
    quote = AnchorInput(exact="smart cities")
    mine = make_comment(
        round_,
        me,
        provision_key="para_1",
        anchor=quote,
        body="Say whose.",
        proposed_text="Other.",
        rationale="R.",
    )
    write_comment(author=me, round=round_, submit=False, body="Not sent yet.")
    make_comment(round_, make_user(), body="Of somebody else.")
    answer_comment(
        actor=make_user("staff"), comment=mine, outcome="accepted", responses={"en": "It is said now."}
    )
    client = signed_in(me)
    assert "It is said now." not in client.get("/en/my/comments/download/").content.decode()
    publish_answers(actor=make_user("staff"), round=round_)
    answer = client.get("/en/my/comments/download/")
    text = answer.content.decode("utf-8-sig")
    for words in (
        "Open round",
        "No. 1 · 1 · Submitted",
        "“smart cities”",
        "Say whose.",
        "Proposed words: Other.",
    ):
        assert words in text
    assert "Accepted. It is said now." in text and "Not sent yet." in text
    assert "Of somebody else." not in text
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_copy_comes_by_mail_once(round_: Round) -> None:
    me = make_user(language="fr")
    make_comment(round_, me, body="Say whose.")
    client = signed_in(me)
    for _ in range(2):
        page = client.post(f"/en/my/comments/{round_.pk}/mail/", follow=True).content.decode()
        assert "A copy is on its way to you." in page
    outbox.drain()
    (sent,) = [each for each in mail.outbox if each.to == [me.email]]
    assert "Say whose." in sent.body and "Open round" in sent.subject


def test_who_wrote_nothing_gets_nothing(round_: Round) -> None:
    client = signed_in(make_user())
    page = client.post(f"/en/my/comments/{round_.pk}/mail/", follow=True).content.decode()
    assert "You have written nothing in this round." in page
    assert not mail.outbox
