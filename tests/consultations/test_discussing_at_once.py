"""A reply or a position meets the very moment in which the comment is withdrawn, undone or hidden."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connections

from consultations.actions import comments
from consultations.actions.comments import delete_draft_comment, hide_comment, withdraw_comment
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.models import Comment, Position, Reply
from core.verdicts import Refusal, Vanished
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]
PATIENCE = 20  # seconds, for what must come
MOMENT = 0.5  # for what must not


def reply(person: Any, comment: Comment) -> Any:
    return reply_to_comment(author=person, comment=comment, body="I agree.")


def support(person: Any, comment: Comment) -> Any:
    return take_position(user=person, comment=comment, position="support")


@pytest.fixture
def person() -> Any:
    return make_user()


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_round(make_draft(status="published", paragraphs=1)), author=make_user())


@pytest.mark.parametrize("act", [reply, support])
def test_what_is_withdrawn_meanwhile_is_not_discussed(
    act: Callable[[Any, Comment], Any], person: Any, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The withdrawal is written, and not yet there for others, when the other one comes."""
    written, go_on = Event(), Event()
    accepted = comments._still_accepted

    def stopped(*given: Any) -> None:
        written.set()
        assert go_on.wait(PATIENCE)
        accepted(*given)

    monkeypatch.setattr(comments, "_still_accepted", stopped)

    def apart(run: Callable[[], Any]) -> Any:
        try:
            return run()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        withdrawing = pool.submit(apart, lambda: withdraw_comment(actor=comment.author, comment=comment))
        assert written.wait(PATIENCE)
        seen = Comment.objects.get(pk=comment.pk)
        assert seen.status == "submitted"
        discussing = pool.submit(apart, lambda: act(person, seen))
        try:
            with pytest.raises(TimeoutError):
                discussing.result(MOMENT)
        finally:
            go_on.set()
        withdrawing.result(PATIENCE)
        with pytest.raises(Refusal, match="Only a submitted comment can be discussed"):
            discussing.result(PATIENCE)
    assert not Reply.objects.exists() and not Position.objects.exists()


@pytest.mark.parametrize("act", [reply, support])
def test_what_was_hidden_since_it_was_read_is_not_discussed(
    act: Callable[[Any, Comment], Any], person: Any, comment: Comment
) -> None:
    seen = Comment.objects.get(pk=comment.pk)
    hide_comment(actor=make_user("staff"), comment=comment, reason="Abuse.")
    with pytest.raises(Refusal):
        act(person, seen)
    assert not Reply.objects.exists() and not Position.objects.exists()


@pytest.mark.parametrize("act", [reply, support])
def test_what_was_deleted_since_is_not_there(
    act: Callable[[Any, Comment], Any], person: Any, comment: Comment
) -> None:
    seen = Comment.objects.get(pk=comment.pk)
    Comment.objects.filter(pk=comment.pk).update(status="draft", number=None, submitted_at=None)
    delete_draft_comment(actor=comment.author, comment=comment)
    with pytest.raises(Vanished):
        act(person, seen)
