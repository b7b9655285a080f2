"""A round's questions: who writes them until when, who answers, and what becomes of what came late."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.question_answers import answer_question, hide_question_answer
from consultations.actions.questions import create_question, delete_question, edit_question
from consultations.actions.rounds import move_round
from consultations.asked import answer_counts, asked_questions
from consultations.models import Question, QuestionAnswer, Round
from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from tests.factories import make_draft, make_group, make_question, make_round, make_user

pytestmark = pytest.mark.django_db

OPTIONS = [{"en": "Yes", "fr": "Oui"}, {"en": "No"}]


@pytest.fixture
def planned() -> Round:
    now = timezone.now()
    return make_round(
        make_draft(status="published", paragraphs=2),
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=2),
    )


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2))


def ask(round: Round, **fields: Any) -> Question:
    plan = {"kind": "choice", "wordings": {"en": "May it?"}, "options": OPTIONS, **fields}
    return create_question(actor=plan.pop("actor", None) or make_user("staff"), round=round, **plan)


def open_now(round: Round) -> None:
    Round.objects.filter(pk=round.pk).update(opens_at=timezone.now() - timedelta(hours=1))
    round.refresh_from_db()


def test_staff_ask_in_six_languages_beside_a_provision(planned: Round) -> None:
    first = ask(planned, wordings={"en": "May it?", "ar": "هل يجوز؟"}, provision_key="para_2")
    second = ask(planned, kind="open", options=())
    assert (first.position, second.position) == (1, 2)
    assert first.options == [
        {"key": "1", "words": {"en": "Yes", "fr": "Oui"}},
        {"key": "2", "words": {"en": "No"}},
    ]
    assert AuditEntry.objects.filter(action="question.create").count() == 2


@pytest.mark.parametrize("role", ["expert", "drafter", "admin"])
def test_others_than_staff_ask_nothing(planned: Round, role: str) -> None:
    with pytest.raises(Refusal, match="Only the secretariat"):
        ask(planned, actor=make_user(role))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"wordings": {"en": "  "}}, "wording"),
        ({"wordings": {"en": "x" * 501}}, "wording"),
        ({"kind": "guess"}, "kind"),
        ({"options": OPTIONS[:1]}, "options"),
        ({"options": [{"en": str(n)} for n in range(13)]}, "options"),
        ({"options": [{"en": " "}, {"en": "No"}]}, "options"),
        ({"options": [{"xx": "Yes"}, {"en": "No"}]}, "options"),
        ({"kind": "open"}, "options"),
        ({"kind": "scale", "options": OPTIONS[:1]}, "options"),
        ({"provision_key": "para_9"}, "provision"),
    ],
)
def test_a_question_that_nobody_could_answer_is_refused(planned: Round, fields: Any, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ask(planned, **fields)
    assert list(refused.value.message_dict) == [field]
    assert not Question.objects.exists()


def test_before_opening_everything_changes_after_it_only_words_with_a_reason(planned: Round) -> None:
    staff, question = make_user("staff"), ask(planned)
    question = edit_question(
        actor=staff, question=question, version=1, kind="multiple", options=[*OPTIONS, OPTIONS[0]]
    )
    assert (question.kind, question.keys, question.version) == ("multiple", ["1", "2", "3"], 2)
    with pytest.raises(Conflict):
        edit_question(actor=staff, question=question, version=1, wordings={"en": "Older"})
    open_now(planned)
    for change in ({"kind": "choice"}, {"required": True}, {"options": OPTIONS}, {}):
        reason = "" if not change else "A slip."
        with pytest.raises(ValidationError):
            edit_question(actor=staff, question=question, version=2, reason=reason, **change)
    changed = edit_question(
        actor=staff,
        question=question,
        version=2,
        wordings={"en": "May it, then?"},
        options=[{"en": "Yes!"}, {"en": "No!"}, {"en": "Yes?"}],
        reason="A word was missing.",
    )
    assert (changed.wording, changed.keys) == ("May it, then?", ["1", "2", "3"])
    entry = AuditEntry.objects.get(action="question.correct")
    assert entry.changes == {"version": 3, "reason": "A word was missing."}
    with pytest.raises(Refusal, match="stand as people read them"):
        delete_question(actor=staff, question=changed)
    with pytest.raises(Refusal, match="stand as people read them"):
        ask(planned)


def test_a_planned_round_s_question_can_be_deleted_and_isn_t_answered_yet(planned: Round) -> None:
    question = ask(planned)
    with pytest.raises(Refusal, match="not opened yet"):
        answer_question(author=make_user(), question=question, value="1")
    delete_question(actor=make_user("staff"), question=question)
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("choice", "2", "2"),
        ("multiple", ["3", "1", "1"], ["1", "3"]),
        ("scale", 4, 4),
        ("open", " Both.\r\nReally. ", "Both.\nReally."),
    ],
)
def test_each_kind_keeps_its_answer(round_: Round, kind: str, value: Any, kept: Any) -> None:
    answer = answer_question(author=make_user(), question=make_question(round_, kind), value=value)
    answer.refresh_from_db()
    assert (answer.value, answer.late, answer.version) == (kept, None, 1)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("choice", value) for value in ("4", 1, ["1"], {"1": 1}, True, None, "")),
        *(("multiple", value) for value in ("1", ["4"], [["1"]], [1], [])),
        *(("scale", value) for value in (0, 6, 2.5, "3", True, [3])),
        *(("open", value) for value in (1, ["words"], "x" * 5001, " \u200b ", "")),
    ],
)
def test_what_answers_nothing_is_refused(round_: Round, kind: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        answer_question(author=make_user(), question=make_question(round_, kind), value=value)
    assert list(refused.value.message_dict) == ["value"]
    assert not QuestionAnswer.objects.exists()


def test_the_same_again_changes_nothing_and_another_window_is_a_conflict(round_: Round) -> None:
    me, question = make_user(), make_question(round_)
    for _ in range(3):
        answer = answer_question(author=me, question=question, value="1", version=0)
    assert answer.version == 1
    with pytest.raises(Conflict) as conflict:
        answer_question(author=me, question=question, value="2", version=0)
    assert conflict.value.current == {"version": 1, "value": "1"}
    assert answer_question(author=me, question=question, value="2", version=1).version == 2
    assert QuestionAnswer.objects.count() == 1
    assert AuditEntry.objects.filter(action="question.answer").count() == 2


def test_an_answer_is_taken_back_unless_it_is_needed(round_: Round) -> None:
    me, free, needed = make_user(), make_question(round_), make_question(round_, required=True)
    for question in (free, needed):
        answer_question(author=me, question=question, value="1")
    assert answer_question(author=me, question=free, value=None).value is None
    assert answer_counts(round_, me).keys() == {needed.pk}
    with pytest.raises(ValidationError, match="needs an answer"):
        answer_question(author=me, question=needed, value=None)


@pytest.mark.parametrize("how", ["clock", "early"])
def test_what_comes_late_is_kept_beside_what_counts(round_: Round, how: str) -> None:
    me, other, question = make_user(), make_user(), make_question(round_)
    answer_question(author=me, question=question, value="1")
    if how == "clock":
        Round.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    else:
        move_round(actor=make_user("staff"), round=round_, to="closed")
    for stale in (question, Question.objects.get()):  # a form opened before, and one opened after
        late = answer_question(author=me, question=stale, value="2")
        new = answer_question(author=other, question=stale, value="3")
    assert (late.value, late.late, late.version) == ("1", "2", 2)
    assert (new.value, new.late, new.version) == (None, "3", 1)
    assert answer_counts(round_, me) == {question.pk: (1, {"1": 1})}
    with pytest.raises(Refusal, match="closed"):
        answer_question(author=me, question=question, value=None)
    asked = asked_questions(Round.objects.get(), me)[0]
    assert (asked.closed, asked.given, asked.late, asked.form) == (True, ["Option a"], ["Option b"], None)


def test_members_of_the_audience_answer_and_nobody_else() -> None:
    group = make_group()
    question = make_question(make_round(make_draft(status="published"), groups=(group,), visibility="public"))
    for person in (make_user(), make_user("staff"), make_user("drafter")):
        with pytest.raises(Refusal, match="invited groups"):
            answer_question(author=person, question=question, value="1")
    answer_question(author=make_user(groups=(group,)), question=question, value="1")


@pytest.mark.parametrize(
    ("visibility", "outsider", "member"), [("public", 1, 1), ("participants", 0, 1), ("secretariat", 0, 0)]
)
def test_results_are_seen_by_those_who_read_the_comments(visibility: str, outsider: int, member: int) -> None:
    group = make_group()
    round = make_round(make_draft(status="published"), groups=(group,), visibility=visibility)
    question = make_question(round)
    answer_question(author=make_user(groups=(group,)), question=question, value="1")
    for person, seen in (
        (make_user(), outsider),
        (make_user(groups=(group,)), member),
        (make_user("drafter"), 1),
        (make_user("staff"), 1),
    ):
        assert len(answer_counts(round, person)) == seen


def test_several_choices_are_counted_by_people_and_by_choice(round_: Round) -> None:
    question, scale, words = (make_question(round_, kind) for kind in ("multiple", "scale", "open"))
    for value in (["1", "2"], ["1", "2"], ["2"]):
        answer_question(author=make_user(), question=question, value=value)
    for step in (2, 5):
        answer_question(author=make_user(), question=scale, value=step)
    answer_question(author=make_user(), question=words, value="Both.")
    assert answer_counts(round_, make_user()) == {
        question.pk: (3, {"1": 2, "2": 3}),
        scale.pk: (2, {"2": 1, "5": 1}),
        words.pk: (1, {}),
    }


def test_staff_hide_words_with_a_reason_that_their_author_reads(round_: Round) -> None:
    me, staff, question = make_user(), make_user("staff"), make_question(round_, "open")
    answer = answer_question(author=me, question=question, value="Rude.")
    with pytest.raises(Refusal):
        hide_question_answer(actor=make_user("drafter"), answer=answer, reason="r")
    with pytest.raises(ValidationError):
        hide_question_answer(actor=staff, answer=answer, reason=" ")
    hide_question_answer(actor=staff, answer=answer, reason="It insults.")
    assert answer_counts(round_, make_user()) == {}
    assert answer_counts(round_, staff)[question.pk][0] == answer_counts(round_, me)[question.pk][0] == 1
    hide_question_answer(actor=staff, answer=answer, reason="", hidden=False)
    assert answer_counts(round_, make_user())[question.pk][0] == 1
    chosen = answer_question(author=me, question=make_question(round_), value="1")
    with pytest.raises(ValidationError, match="in words"):
        hide_question_answer(actor=staff, answer=chosen, reason="r")


def test_an_answer_in_words_has_the_language_of_its_words(round_: Round) -> None:
    me, question = make_user(language="fr"), make_question(round_, "open")
    assert answer_question(author=me, question=question, value="Нужны показатели.").language == "ru"
    assert answer_question(author=me, question=make_question(round_), value="1").language == "fr"
