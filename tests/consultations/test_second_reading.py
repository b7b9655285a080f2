"""A second person of the secretariat agrees to answers before they are published."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from consultations.actions.answering import answer_comment, answer_comments, publish_answers
from consultations.actions.rounds import move_round, update_round
from consultations.actions.second_reading import agree_to_answers, send_answer_back
from consultations.models import Comment, Disposition, EarlierAnswer, HeldChange, Round, SentBack
from consultations.queries import (
    comments_of,
    publishable,
    told_of_answers,
    unagreed,
    waiting_for_second_reader,
)
from consultations.waiting import waiting_for
from core import outbox
from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from tests.api_client import client_of
from tests.consultations.answered import answered, publish
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2), second_reader=True)


@pytest.fixture
def writer() -> Any:
    return make_user("drafter", name="Writer")


@pytest.fixture
def reader() -> Any:
    return make_user("drafter", name="Reader")


def waiting() -> list[Comment]:
    return list(waiting_for_second_reader(Comment.objects.all()))


def agree(reader: Any, comment: Comment, version: int = 1) -> Disposition:
    (agreed,) = agree_to_answers(actor=reader, seen={comment: version})
    return agreed


def test_only_what_somebody_else_agreed_to_is_published(round_: Round, writer: Any, reader: Any) -> None:
    first, second = (answered(round_, writer, published=False) for _ in range(2))
    assert waiting() == [first, second] and publish(round_) == []
    agreed = agree(reader, first)
    assert (agreed.agreed_by, agreed.agreed_at is not None) == (reader, True)
    assert waiting() == [second] and unagreed(round_).get().comment == second
    assert list(told_of_answers(round_)) == [first.author] and publishable(round_).count() == 1
    assert [d.comment for d in publish(round_)] == [first]
    assert not Disposition.objects.get(comment=second).published_at


def test_without_the_setting_nothing_waits(writer: Any, reader: Any) -> None:
    round = make_round(make_draft(status="published"))
    comment = answered(round, writer, published=False)
    assert not waiting() and not unagreed(round).exists()
    with pytest.raises(Conflict):
        agree(reader, comment)
    assert len(publish(round)) == 1


def test_nobody_agrees_to_their_own_words_nor_outside_the_secretariat(round_: Round, writer: Any) -> None:
    comment = answered(round_, writer, published=False)
    for person in (writer, make_user(), make_user("expert"), comment.author):
        with pytest.raises(Refusal):
            agree(person, comment)
    own = Disposition.objects.filter(comment=comment)
    with pytest.raises(IntegrityError), transaction.atomic():
        own.update(agreed_by=writer, agreed_at="2026-01-01T00:00Z")
    with pytest.raises(IntegrityError), transaction.atomic():
        own.update(agreed_by=make_user("staff"))  # without when


def test_any_change_takes_the_agreement_off_and_the_changer_may_then_not_agree(
    round_: Round, writer: Any, reader: Any
) -> None:
    comment = answered(round_, writer, published=False)
    agree(reader, comment)
    agree(reader, comment)  # twice is once
    assert AuditEntry.objects.filter(action="answer.agree").count() == 1
    answer_comment(
        actor=reader, comment=comment, outcome="accepted", responses={"en": "Other words."}, version=1
    )
    changed = Disposition.objects.get(comment=comment)
    assert (changed.agreed_by, changed.agreed_at, changed.version) == (None, None, 2)
    with pytest.raises(Conflict):
        agree(writer, comment, 1)  # they read other words
    with pytest.raises(Refusal):
        agree(reader, comment, 2)
    agree(writer, comment, 2)
    assert len(publish(round_)) == 1


def test_of_many_all_are_agreed_to_or_none(round_: Round, writer: Any, reader: Any) -> None:
    theirs = [answered(round_, writer, published=False) for _ in range(2)]
    own = answered(round_, reader, published=False)
    with pytest.raises(Refusal) as refused:
        agree_to_answers(actor=reader, seen=dict.fromkeys([*theirs, own], 1))
    assert f"No. {own.number}" in str(refused.value)
    assert not Disposition.objects.exclude(agreed_at=None).exists()
    assert len(agree_to_answers(actor=reader, seen=dict.fromkeys(theirs, 1))) == 2
    with pytest.raises(ValidationError):
        agree_to_answers(actor=reader, seen={})


def test_sent_back_with_a_note_the_writer_is_told_and_a_new_wording_waits_again(
    round_: Round, writer: Any, reader: Any
) -> None:
    comment = answered(round_, writer, published=False)
    with pytest.raises(ValidationError):
        send_answer_back(actor=reader, comment=comment, version=1, note=" ")
    for _ in range(2):
        send_answer_back(actor=reader, comment=comment, version=1, note="Say which paragraph.")
    assert SentBack.objects.count() == 1 and waiting() == []
    outbox.drain(limit=100)
    (message,) = mail.outbox
    assert message.to == [writer.email] and "Say which paragraph." in message.body
    assert f"desk/?comment={comment.uuid}" in message.body
    answer_comment(actor=writer, comment=comment, outcome="noted", responses={"en": "Para 3."}, version=1)
    assert waiting() == [comment]
    with pytest.raises(Refusal):
        send_answer_back(actor=writer, comment=comment, version=2, note="I to myself.")
    agree(reader, comment, 2)
    with pytest.raises(Conflict):
        send_answer_back(actor=reader, comment=comment, version=2, note="After all.")


def test_a_change_to_a_published_answer_waits_and_the_published_one_stands(
    round_: Round, writer: Any, reader: Any
) -> None:
    comment = answered(round_, writer)
    page = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"
    answer_comment(actor=writer, comment=comment, outcome="accepted", responses={"en": "Second."}, version=1)
    with pytest.raises(Conflict):  # the change is what stands at the desk
        answer_comment(actor=writer, comment=comment, outcome="noted", responses={"en": "X"}, version=1)
    answer_comment(actor=writer, comment=comment, outcome="accepted", responses={"en": "Third."}, version=2)
    shown = Client().get(page).content.decode()
    assert "First words." in shown and "Second." not in shown and "Third." not in shown
    outbox.drain(limit=100)
    assert not mail.outbox and waiting() == [comment]
    agree(reader, comment, 3)
    now = Disposition.objects.get(comment=comment)
    assert (now.outcome, now.version, now.decided_by, now.agreed_by) == ("accepted", 3, writer, reader)
    assert not HeldChange.objects.exists() and EarlierAnswer.objects.get().published
    shown = Client().get(page).content.decode()
    assert "Third." in shown and "First words." in shown and "1 earlier answer" in shown
    assert "Second." not in shown
    outbox.drain(limit=100)
    (message,) = mail.outbox
    assert message.subject == "The answer to your comment has changed" and "Third." in message.body


def test_the_setting_is_staff_s_and_on_the_record(writer: Any) -> None:
    round = make_round(make_draft(status="published"))
    with pytest.raises(Refusal):
        update_round(actor=writer, round=round, second_reader=True)
    update_round(actor=make_user("staff"), round=round, second_reader=True)
    entry = AuditEntry.objects.get(action="round.update")
    assert entry.changes == {"second_reader": "True"} and Round.objects.get().second_reader


def test_publishing_the_round_publishes_what_is_agreed_and_says_what_waits(
    round_: Round, writer: Any, reader: Any
) -> None:
    first, _second = (answered(round_, writer, published=False) for _ in range(2))
    agree(reader, first)
    staff = make_user("staff")
    for state in ("closed", "answered"):
        move_round(actor=staff, round=round_, to=state)
    client = Client()
    client.force_login(staff)
    page = client.post(f"/en/rounds/{round_.pk}/move/", {"state": "published"}, follow=True)
    assert "1 answer waits for its second reader and is not published." in page.content.decode()
    assert Disposition.objects.filter(published_at=None).count() == 1


def desk(round: Round, act: str = "") -> str:
    return f"/en/rounds/{round.pk}/desk/{act}"


def test_at_the_desk(round_: Round, writer: Any, reader: Any) -> None:
    comments = [answered(round_, writer, published=False) for _ in range(3)]
    client = Client()
    client.force_login(reader)
    page = client.get(desk(round_, "?answer=second_reader"))
    assert [c.number for c in page.context["comments"]] == [1, 2, 3]
    html = page.content.decode()
    assert "3 answers wait for a second reader" in html and "Read and agree" in html
    seen = page.context["seen"]
    several = {"chosen": [str(c.uuid) for c in comments[:2]], "seen": seen, "filters": "answer=second_reader"}
    assert client.post(desk(round_, "agree/"), several).status_code == 302
    assert Disposition.objects.exclude(agreed_at=None).count() == 2
    one = {"comment": str(comments[2].uuid), "seen": seen, "note": "Shorter."}
    assert client.post(desk(round_, "send-back/"), one).status_code == 302
    page = client.get(desk(round_, f"?comment={comments[2].uuid}")).content.decode()
    assert "Sent back by Reader" in page and "Shorter." in page
    answer_comment(actor=writer, comment=comments[2], outcome="noted", responses={"en": "New."}, version=1)
    stale = client.post(desk(round_, "agree/"), {"comment": str(comments[2].uuid), "seen": seen})
    assert stale.status_code == 409 and "has changed since you opened it" in stale.content.decode()
    unseen = client.post(desk(round_, "agree/"), {"comment": str(comments[2].uuid), "seen": "x:y"})
    assert unseen.status_code == 409
    client.force_login(writer)
    own = {"comment": str(comments[2].uuid), "seen": f"{comments[2].uuid}:2"}
    assert client.post(desk(round_, "agree/"), own).status_code == 403
    staff = Client()
    staff.force_login(make_user("staff"))
    page = staff.post(desk(round_, "publish/"), {"all": "1"}, follow=True).content.decode()
    assert "2 answers published." in page and "1 answer waits for its second reader" in page


def test_the_filter_tells_outsiders_nothing(round_: Round, writer: Any) -> None:
    answered(round_, writer, published=False)
    assert comments_of(round_, writer, disposition="second_reader").count() == 1
    assert comments_of(round_, make_user(), disposition="second_reader").count() == 0


def test_answers_given_with_a_change_of_the_text_wait_too(round_: Round, writer: Any) -> None:
    comments = [make_comment(round_, make_user()) for _ in range(2)]
    answer_comments(actor=writer, comments=comments, outcome="noted", responses={"en": "x"})
    assert len(waiting()) == 2 and publish_answers(actor=make_user("staff"), round=round_) == []


def test_the_api_does_not_publish_past_the_second_reader(round_: Round) -> None:

    comment = make_comment(round_, make_user())
    client = client_of(make_user("staff"))
    body = {"outcome": "noted", "response": {"en": "Noted."}, "published": True}
    refused = client.put(f"/api/v1/comments/{comment.uuid}/disposition/", body, format="json")
    assert refused.status_code == 409 and "second reader" in refused.content.decode()
    assert not Disposition.objects.exists()
    del body["published"]
    given = client.put(f"/api/v1/comments/{comment.uuid}/disposition/", body, format="json")
    assert given.status_code == 200 and given.json()["published"] is False


def test_what_waits_is_told_to_who_can_do_it(round_: Round, writer: Any, reader: Any) -> None:
    comment = answered(round_, writer, published=False)
    staff = make_user("staff")

    def told(person: Any) -> list[str]:
        return [waiting.words for waiting in waiting_for(person, [round_])]

    assert told(reader) == told(staff) == ["answer to read as second reader"] and told(writer) == []
    agree(reader, comment)
    assert told(staff) == ["answer to publish"] and told(reader) == []
