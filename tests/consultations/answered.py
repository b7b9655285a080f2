"""Answers and what belongs to them, for tests."""

from typing import Any

from django.utils import timezone

from consultations.actions.answering import answer_comment, publish_answers
from consultations.models import AnswerTemplate, Comment, Disposition, Round
from tests.factories import make_comment, make_user


def make_template(writer: Any, **fields: Any) -> AnswerTemplate:
    """A template for all guidelines, in English."""
    fields.setdefault("name", "Thank you")
    fields.setdefault("responses", {"en": "Thank you for no. {number} on {provision}."})
    return AnswerTemplate.objects.create(written_by=writer, **fields)


def answered(round: Round, writer: Any, *, published: bool = True, **comment: Any) -> Comment:
    """A comment with an answer in English, told to nobody."""
    made = make_comment(round, comment.pop("author", None) or make_user(), **comment)
    answer_comment(actor=writer, comment=made, outcome="noted", responses={"en": "First words."})
    if published:
        Disposition.objects.filter(comment=made).update(published_at=timezone.now())
    return Comment.objects.get(pk=made.pk)


def publish(round: Round) -> list[Disposition]:
    return publish_answers(actor=make_user("staff"), round=round)
