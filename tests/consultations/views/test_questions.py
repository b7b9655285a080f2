"""Questions as pages: answered on the round's page, kept by the secretariat, without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from consultations.actions.question_answers import answer_question
from consultations.models import Question, QuestionAnswer, Round
from core.models import AuditEntry
from tests.factories import make_draft, make_group, make_question, make_round, make_user

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2))


@pytest.fixture
def planned() -> Round:
    now = timezone.now()
    days = {"opens_at": now + timedelta(days=1), "closes_at": now + timedelta(days=9)}
    return make_round(make_draft(status="published", paragraphs=2), **days)


def at(question: Question, part: str = "") -> str:
    return f"/en/rounds/{question.round_id}/questions/{question.pk}/{part}"


def page_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_an_answer_is_given_changed_and_taken_back_from_the_round_s_page(round_: Round) -> None:
    me, question = make_user(), make_question(round_)
    client, path = signed_in(me), f"/en/rounds/{round_.pk}/"
    assert 'name="value" value="1"' in page_of(client, path)
    sent = client.post(at(question), {"value": "2", "version": "0", "back": path})
    assert sent["Location"] == f"{path}#question-{question.pk}"
    page = page_of(client, path)
    assert "Thank you. Your answer is kept." in page and 'value="2" ' in page and "checked" in page
    client.post(at(question), {"value": "3", "version": "1", "back": path})
    assert QuestionAnswer.objects.get().value == "3"
    client.post(at(question), {"take_back": "1", "version": "2", "back": path})
    assert QuestionAnswer.objects.get().value is None
    assert "Your answer is taken back." in page_of(client, path)


@pytest.mark.parametrize(("kind", "value"), [("multiple", ["1", "3"]), ("scale", 4), ("open", "In words.")])
def test_every_kind_is_answered_by_a_plain_form(round_: Round, kind: str, value: Any) -> None:
    question = make_question(round_, kind)
    client = signed_in(make_user())
    assert client.post(at(question), {"value": value, "version": "0"}).status_code == 302
    assert QuestionAnswer.objects.get().value == value


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "/\\evil"]
)
def test_the_way_back_stays_in_the_portal(round_: Round, back: str) -> None:
    question = make_question(round_)
    sent = signed_in(make_user()).post(at(question), {"value": "2", "back": back})
    assert sent["Location"] == f"/en/rounds/{round_.pk}/#question-{question.pk}"


def test_an_empty_answer_comes_back_with_what_to_mend(round_: Round) -> None:
    question = make_question(round_)
    sent = signed_in(make_user()).post(at(question), {"version": "0"})
    assert sent.status_code == 400 and "Please mend this" in sent.content.decode()
    wrong = signed_in(make_user()).post(at(question), {"value": "9", "version": "0"})
    assert wrong.status_code == 400 and not QuestionAnswer.objects.exists()


def test_two_windows_show_both_answers_and_sending_again_replaces(round_: Round) -> None:
    me, question = make_user(), make_question(round_, "open")
    client = signed_in(me)
    client.post(at(question), {"value": "From the first.", "version": "0"})
    second = client.post(at(question), {"value": "From the second.", "version": "0"})
    page = second.content.decode()
    assert second.status_code == 409
    assert "<blockquote><bdi>From the first.</bdi></blockquote>" in page and "From the second." in page
    assert 'name="version" value="1"' in page
    assert client.post(at(question), {"value": "From the second.", "version": "1"}).status_code == 302
    assert QuestionAnswer.objects.get().value == "From the second."


def test_what_came_late_says_so(round_: Round) -> None:
    me, question = make_user(), make_question(round_)
    answer_question(author=me, question=question, value="1")
    Round.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    client = signed_in(me)
    assert client.post(at(question), {"value": "2", "version": "1"}).status_code == 302
    page = page_of(client, f"/en/rounds/{round_.pk}/")
    assert "Your answer is kept as a draft and not counted." in page
    assert "Your answer:</strong> <bdi>Option a</bdi>" in page and "<p><bdi>Option b</bdi></p>" in page


def test_who_is_not_signed_in_reads_the_questions_and_comes_back_to_them(round_: Round) -> None:
    question = make_question(round_)
    page = page_of(Client(), f"/en/rounds/{round_.pk}/")
    assert "What of choice?" in page and "Option b" in page and 'name="value"' not in page
    sent = Client().post(at(question), {"value": "1"})
    assert sent.status_code == 302 and sent["Location"].endswith(f"?next={at(question)}")
    assert page_of(Client(), at(question))


def test_a_stranger_to_the_round_reads_why_they_cannot_answer() -> None:
    round = make_round(make_draft(status="published"), groups=(make_group(),), visibility="public")
    question = make_question(round)
    client = signed_in(make_user())
    assert "invited groups only" in page_of(client, at(question))
    assert client.post(at(question), {"value": "1"}).status_code == 403


def test_a_question_is_of_its_round_only(round_: Round) -> None:
    question = make_question(make_round(make_draft(status="published")))
    assert Client().get(f"/en/rounds/{round_.pk}/questions/{question.pk}/").status_code == 404


def test_a_language_that_the_question_lacks_is_marked(round_: Round) -> None:
    make_question(round_)
    page = page_of(Client(), f"/ar/rounds/{round_.pk}/")
    assert '<span lang="en" dir="ltr">What of choice?</span>' in page
    assert '<span lang="en" dir="ltr">Option a</span>' in page


def test_the_tag_asks_once_for_a_whole_page_of_provisions(
    round_: Round, django_assert_max_num_queries: Any
) -> None:
    make_question(round_, provision_key="para_2", wording="Beside the second?")
    make_question(round_, wording="Of all?")
    request = RequestFactory().get("/en/somewhere/?round=1")
    request.user = make_user()
    template = Template("{% load questions %}{% for k in keys %}[{% round_questions round k %}]{% endfor %}")
    context = {"request": request, "round": round_, "keys": ["para_1", "para_2", "para_3"]}
    with django_assert_max_num_queries(6):
        shown = template.render(Context(context)).split("]")
    assert shown[0].strip() == "[" and shown[2].strip() == "["
    assert "Beside the second?" in shown[1] and "Of all?" not in "".join(shown)
    assert 'value="/en/somewhere/?round=1"' in shown[1]


def words(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "choice",
        "wording_en": "May it?",
        "wording_fr": "Le peut-il ?",
        "options_en": "Yes\nNo\nPerhaps",
        "options_fr": "Oui\n\nPeut-être",
        **fields,
    }


def test_staff_write_change_and_delete_the_questions_of_a_planned_round(planned: Round) -> None:
    staff, base = signed_in(make_user("staff")), f"/en/rounds/{planned.pk}/questions/"
    assert "This round asks no questions" in page_of(staff, base)
    assert "Paragraph 2 speaks" in page_of(staff, f"{base}new/")
    assert staff.post(f"{base}new/", words(provision_key="para_2")).status_code == 302
    question = Question.objects.get()
    assert question.options == [
        {"key": "1", "words": {"en": "Yes", "fr": "Oui"}},
        {"key": "2", "words": {"en": "No"}},
        {"key": "3", "words": {"en": "Perhaps", "fr": "Peut-être"}},
    ]
    form = staff.get(at(question, "edit/")).context["form"]
    sent = {field.name: field.value() for field in form if field.value() not in (None, "", False)}
    assert staff.post(at(question, "edit/"), sent).status_code == 302
    again = Question.objects.get()
    assert (again.options, again.provision_key, again.version) == (question.options, "para_2", 2)
    assert staff.post(at(question, "edit/"), sent).status_code == 409, "somebody else's version"
    wrong = staff.post(f"{base}new/", words(options_en="Yes", options_fr=""))
    assert wrong.status_code == 400 and "from 2 to 12 options" in wrong.content.decode()
    assert "On 2" in page_of(staff, base)
    assert staff.post(at(question, "delete/")).status_code == 302
    assert not Question.objects.exists()


def test_once_open_only_words_are_corrected_with_a_reason(round_: Round) -> None:
    staff, question = signed_in(make_user("staff")), make_question(round_)
    page = page_of(staff, f"/en/rounds/{round_.pk}/questions/")
    assert "Add a question" not in page and "Correct the words" in page
    page = page_of(staff, at(question, "edit/"))
    assert 'name="kind"' not in page and 'name="reason"' in page
    sent = {"wording_en": "What then?", "options_en": "One\nTwo\nThree", "version": "1"}
    silent = staff.post(at(question, "edit/"), sent)
    assert silent.status_code == 400 and "Say why" in silent.content.decode()
    assert staff.post(at(question, "edit/"), {**sent, "reason": "A slip."}).status_code == 302
    assert Question.objects.get().wording == "What then?"
    assert AuditEntry.objects.get(action="question.correct").changes["reason"] == "A slip."
    assert staff.get(f"/en/rounds/{round_.pk}/questions/new/").status_code == 403
    assert staff.post(at(question, "delete/")).status_code == 403


def test_others_do_not_write_questions(planned: Round) -> None:
    question = make_question(planned)
    for person in (make_user("drafter"), make_user("expert")):
        client = signed_in(person)
        for path in (f"/en/rounds/{planned.pk}/questions/", f"/en/rounds/{planned.pk}/questions/new/"):
            assert client.get(path).status_code == 403
        assert client.get(at(question, "edit/")).status_code == 403
        assert client.post(at(question, "delete/")).status_code == 403
    assert Client().get(at(question, "edit/")).status_code == 302


def test_staff_hide_an_answer_in_words_and_show_it_again(round_: Round) -> None:
    me, staff, question = make_user(), signed_in(make_user("staff")), make_question(round_, "open")
    answer = answer_question(author=me, question=question, value="Rude words.")
    path = at(question, f"answers/{answer.pk}/hide/")
    assert signed_in(make_user("drafter")).post(path, {"reason": "r"}).status_code == 403
    staff.post(path, {"reason": ""})
    assert "Rude words." in page_of(Client(), at(question))
    staff.post(path, {"reason": "It insults."})
    assert "Rude words." not in page_of(Client(), at(question))
    assert "It insults." in page_of(signed_in(me), at(question))
    staff.post(path, {"show": "1"})
    assert "Rude words." in page_of(Client(), at(question))


def test_answers_kept_from_others_are_not_on_the_question_s_page() -> None:
    round = make_round(make_draft(status="published"), visibility="secretariat")
    question = make_question(round, "open")
    me = make_user()
    answer_question(author=me, question=question, value="In confidence.")
    assert "In confidence." not in page_of(signed_in(make_user()), at(question))
    assert "In confidence." in page_of(signed_in(me), at(question)), "one's own"
    assert "What people answered" not in page_of(signed_in(me), at(question))
    assert "In confidence." in page_of(signed_in(make_user("drafter")), at(question))
