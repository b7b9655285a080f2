"""A round's questions as one reader meets them: to answer, answered, or to read only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from consultations.forms.questions import QuestionAnswerForm, marked, offered, wordings_of
from consultations.models import Question, QuestionAnswer, Round
from consultations.rules import CLOSED, may_comment, may_read_voices
from core.verdicts import Verdict
from drafts.models import Provision


@dataclass
class AskedQuestion:
    """One question for one reader. ``form`` is there while they may answer."""

    question: Question
    answer: QuestionAnswer | None
    may_answer: Verdict
    form: QuestionAnswerForm | None = None
    place: str = ""  # the number of the provision beside which it is asked

    @property
    def wording(self) -> SafeString | str:
        return marked(wordings_of(self.question))

    @property
    def offered(self) -> list[tuple[str, SafeString | str]]:
        return [] if self.question.kind == Question.Kind.OPEN else offered(self.question)

    @property
    def given(self) -> list[SafeString | str]:
        """The reader's own answer that counts, in words."""
        return said(self.question, self.answer.value if self.answer else None)

    @property
    def late(self) -> list[SafeString | str]:
        """The reader's own answer that came too late."""
        return said(self.question, self.answer.late if self.answer else None)

    @property
    def closed(self) -> bool:
        return self.may_answer.code == CLOSED.code


def said(question: Question, value: Any) -> list[SafeString | str]:
    """An answer in the reader's words: what was chosen, or what was written."""
    if value is None:
        return []
    if question.kind == Question.Kind.OPEN:
        return [value]
    chosen = {str(each) for each in (value if isinstance(value, list) else [value])}
    return [words for key, words in offered(question) if key in chosen]


def asked_questions(round: Round, user: Any, *, back: str = "") -> list[AskedQuestion]:
    """A round's questions with the reader's own answers: three queries, however many people answered."""
    questions = list(Question.objects.filter(round=round))
    answers: dict[int, QuestionAnswer] = {}
    if questions and user.is_authenticated:
        own = QuestionAnswer.objects.filter(question__in=questions, author=user)
        answers = {answer.question_id: answer for answer in own}
    verdict = may_comment(user, round, at=timezone.now())
    places = _places(round, [question.provision_key for question in questions if question.provision_key])
    asked = []
    for question in questions:
        question.round = round
        shown = present_question(question, answers.get(question.pk), verdict, back=back)
        shown.place = places.get(question.provision_key, "")
        asked.append(shown)
    return asked


def _places(round: Round, keys: list[str]) -> dict[str, str]:
    """The printed numbers of these provisions; the key where there is none."""
    if not keys:
        return {}
    numbers = Provision.objects.filter(draft=round.draft_id, key__in=keys).values_list("key", "number")
    return {key: number or key for key, number in numbers}


def present_question(
    question: Question, answer: QuestionAnswer | None, verdict: Verdict, *, back: str = ""
) -> AskedQuestion:
    form = QuestionAnswerForm.of(question, answer, back) if verdict else None
    return AskedQuestion(question, answer, verdict, form)


def answer_counts(round: Round, user: Any) -> dict[int, tuple[int, Counter[str]]]:
    """By question: how many people answered, and how many of them each thing. As far as the caller may know.

    Counted by the database, one row for each different answer; answers in words are only numbered.
    """
    found: dict[int, tuple[int, Counter[str]]] = {}
    if not may_read_voices(user, round):
        return found
    answers = visible_answers(round, user)
    chosen = answers.exclude(question__kind=Question.Kind.OPEN).order_by().values_list("question", "value")
    rows: list[tuple[int, Any, int]] = list(chosen.annotate(n=Count("pk")))
    written = answers.filter(question__kind=Question.Kind.OPEN).order_by().values_list("question")
    rows += [(question, [], n) for question, n in written.annotate(n=Count("pk"))]
    for question, value, n in rows:
        people, counts = found.get(question, (0, Counter()))
        for each in value if isinstance(value, list) else [value]:
            counts[str(each)] += n
        found[question] = (people + n, counts)
    return found


def visible_answers(round: Round, user: Any) -> QuerySet[QuestionAnswer]:
    """The answers that count and that the caller may read; in whose name is another matter."""
    return QuestionAnswer.objects.visible_to(user, round, reads_voices=may_read_voices(user, round))


def latest_words(
    round: Round, user: Any, questions: Iterable[Question], limit: int
) -> dict[int, list[QuestionAnswer]]:
    """The last ``limit`` answers in words to each of ``questions``; one query for each of them."""
    visible = visible_answers(round, user).select_related("author").order_by("-at", "-pk")
    return {question.pk: list(visible.filter(question=question)[:limit]) for question in questions}
