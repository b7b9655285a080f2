"""Two people at the same answer at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client

from consultations.actions.answering import answer_comment
from consultations.actions.reacting import react_to_answer
from consultations.actions.second_reading import agree_to_answers
from consultations.models import Comment, Disposition, EarlierAnswer, Reaction
from core.models import AuditEntry
from core.verdicts import Conflict
from tests.consultations.answered import answered
from tests.consultations.test_entering_received import sent
from tests.factories import make_draft, make_round, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="on SQLite one writer waits for the other"
    ),
]
assert connection  # read by the condition above
PATIENCE = 20


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave, or the conflict it met."""
    together = Barrier(len(acts))

    def apart(act: Callable[[], Any]) -> Any:
        try:
            together.wait(PATIENCE)
            return act()
        except Conflict as conflict:
            return conflict
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(PATIENCE) for each in [pool.submit(apart, act) for act in acts]]


def test_two_replies_to_an_answer_are_one_and_the_other_is_told() -> None:
    comment = answered(make_round(make_draft(status="published")), make_user("staff"))

    def react(content: bool, why: str) -> Callable[[], Any]:
        return lambda: react_to_answer(
            actor=comment.author,
            comment=Comment.objects.get(pk=comment.pk),
            version=1,
            content=content,
            why=why,
        )

    found = at_once(react(True, ""), react(False, "No."))
    assert Reaction.objects.count() == 1 and sum(isinstance(each, Conflict) for each in found) == 1
    assert AuditEntry.objects.filter(action="answer.react").count() == 1


def test_agreeing_and_changing_at_once_never_agrees_to_words_that_were_not_read() -> None:
    round = make_round(make_draft(status="published"), second_reader=True)
    writer, reader = make_user("drafter"), make_user("drafter")
    for _ in range(5):
        comment = answered(round, writer, published=False)

        def change(comment: Comment = comment) -> Any:
            return answer_comment(
                actor=writer, comment=comment, outcome="accepted", responses={"en": "Other."}, version=1
            )

        at_once(change, lambda comment=comment: agree_to_answers(actor=reader, seen={comment: 1}))
        standing = Disposition.objects.get(comment=comment)
        assert standing.version == 2 and standing.agreed_by is None
        assert EarlierAnswer.objects.filter(disposition=standing).count() == 1


def test_two_second_readers_at_once_are_one_agreement() -> None:
    round = make_round(make_draft(status="published"), second_reader=True)
    comment = answered(round, make_user("drafter"), published=False)
    readers = [make_user("drafter") for _ in range(2)]
    at_once(*(lambda reader=reader: agree_to_answers(actor=reader, seen={comment: 1}) for reader in readers))
    assert AuditEntry.objects.filter(action="answer.agree").count() == 1
    assert Disposition.objects.get(comment=comment).agreed_by in readers


def test_one_form_sent_twice_at_once_enters_one_comment() -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    person, form = make_user("drafter"), sent(key=str(uuid4()))

    def send() -> int:
        client = Client()
        client.force_login(person)
        return client.post(f"/en/rounds/{round.pk}/enter/", form).status_code

    assert at_once(send, send) == [302, 302]
    assert Comment.objects.count() == 1 and Comment.objects.get().number == 1
