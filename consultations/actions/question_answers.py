"""Answering a round's questions, changing the answer, and moderating what was said in words."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.numbering import RoundNoLongerAccepts
from consultations.models import Question, QuestionAnswer, Round, RoundCounter
from consultations.models.questions import SCALE
from consultations.rules import CLOSED, may_answer_question, may_comment, may_moderate
from core import audit, outbox
from core.verdicts import Conflict, Refusal, require
from core.words import clean_words
from drafts.languages import language_of

LONGEST_ANSWER = 5_000


def answer_question(
    *, author: Any, question: Question, value: Any, version: int | None = None, language: str = ""
) -> QuestionAnswer:
    """Give, change or (``value`` empty) take back one's answer; giving the same again changes nothing.

    ``version`` is the one the author saw (0: none); without it the answer is set whatever stands. ``Conflict``
    when another window changed it since. After the deadline the answer is kept beside what counts, in ``late``.
    ``Refusal``: not signed in, not in the audience, not open yet; ``ValidationError`` under ``value``.
    """
    verdict = may_answer_question(author, question, at=timezone.now())
    if not verdict and verdict.code != CLOSED.code:
        require(verdict)
    cleaned = clean_value(question, value)
    spoken = language or author.language
    if question.kind == Question.Kind.OPEN and cleaned and not language:
        spoken = language_of(cleaned, default=author.language)
    if verdict:
        try:
            with transaction.atomic():
                answer = _give(author, question, cleaned, version, spoken)
                _still_accepted(author, question)
            return answer
        except RoundNoLongerAccepts:
            pass
    with transaction.atomic():
        return _keep_late(author, question, cleaned, spoken)


def clean_value(question: Question, value: Any) -> Any:
    """The answer as it is kept; None for none. ``ValidationError`` for what can't answer this question."""
    if value in (None, "", []):
        return None
    if question.kind == Question.Kind.OPEN and isinstance(value, str):
        words = clean_words(value)
        if len(words) > LONGEST_ANSWER:
            raise ValidationError({"value": _("At most %(limit)d characters.") % {"limit": LONGEST_ANSWER}})
        return words or None
    if question.kind == Question.Kind.CHOICE and value in question.keys:
        return value
    several = question.kind == Question.Kind.MULTIPLE and isinstance(value, list)
    if several and all(key in question.keys for key in value):
        return [key for key in question.keys if key in value]
    if question.kind == Question.Kind.SCALE and type(value) is int and value in SCALE:
        return value
    raise ValidationError({"value": _("Choose one of the answers offered.")})


def hide_question_answer(
    *, actor: Any, answer: QuestionAnswer, reason: str, hidden: bool = True
) -> QuestionAnswer:
    """Moderate: hide an answer in words from readers, with a reason its author reads; or show it again."""
    with transaction.atomic():
        answer = (
            QuestionAnswer.objects.select_for_update(of=("self",))
            .select_related("question__round")
            .get(pk=answer.pk)
        )
        require(may_moderate(actor, answer.question.round))
        if answer.question.kind != Question.Kind.OPEN:
            raise ValidationError(_("Only an answer in words can be hidden."))
        words = clean_words(reason) if hidden else ""
        if hidden and not words:
            raise ValidationError({"reason": _("Say why, for the author will read it.")})
        if answer.hidden_reason != words:
            answer.hidden_reason = words
            answer.save(update_fields=["hidden_reason"])
            audit.record("question_answer.hide" if hidden else "question_answer.show", answer, actor=actor)
    return answer


def _give(author: Any, question: Question, value: Any, version: int | None, language: str) -> QuestionAnswer:
    standing = _standing(author, question)
    if standing is None:
        if value is None:
            raise ValidationError({"value": _("Give an answer.")})
        try:
            with transaction.atomic():
                made = QuestionAnswer.objects.create(
                    question=question,
                    author=author,
                    author_name=author.name,
                    value=value,
                    language=language,
                    at=timezone.now(),
                )
        except IntegrityError:
            # Another window was faster by a moment: this one meets what it saved.
            standing = _standing(author, question)
            if standing is None:
                raise
        else:
            _note(made, author)
            return made
    if standing.value == value and standing.late is None:
        return standing
    if version is not None and standing.version != version:
        raise Conflict(
            _("You answered this in another window meanwhile."),
            current={"version": standing.version, "value": standing.value},
        )
    if value is None and question.required:
        raise ValidationError(
            {"value": _("This question needs an answer: you can change yours, but not take it back.")}
        )
    standing.value, standing.late, standing.language = value, None, language
    return _save(standing, author)


def _keep_late(author: Any, question: Question, value: Any, language: str) -> QuestionAnswer:
    """Keep beside what counts what came too late; nothing typed is lost, and nothing counted changes."""
    standing = _standing(author, question)
    if value is None:
        raise Refusal(CLOSED)
    if standing is None:
        standing, _created = QuestionAnswer.objects.get_or_create(
            question=question,
            author=author,
            defaults={"version": 0, "language": language, "author_name": author.name},
        )
    elif value in (standing.late, standing.value):
        return standing
    standing.late = value
    if standing.value is None:
        standing.language = language
    return _save(standing, author)


def _standing(author: Any, question: Question) -> QuestionAnswer | None:
    answers = QuestionAnswer.objects.select_for_update().filter(question=question, author=author)
    return answers.first()


def _save(answer: QuestionAnswer, author: Any) -> QuestionAnswer:
    answer.version += 1
    answer.at = timezone.now()
    answer.author_name = author.name
    answer.save()
    _note(answer, author)
    return answer


def _note(answer: QuestionAnswer, author: Any) -> None:
    changes = {"version": answer.version, "late": answer.late is not None}
    audit.record("question.answer", answer, actor=author, changes=changes)
    outbox.record("question.answered", answer)


def _still_accepted(author: Any, question: Question) -> None:
    """Last in the transaction: what meets the round's closing on its way is late (the counter's row decides)."""
    counter = RoundCounter.objects.select_for_update().get(round=question.round_id)
    round = Round.objects.get(pk=question.round_id)  # read again: its closing may have been moved
    if not counter.accepting or not may_comment(author, round, at=timezone.now()):
        raise RoundNoLongerAccepts
