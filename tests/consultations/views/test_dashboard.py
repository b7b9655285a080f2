"""The page of a round's figures: for whom, with what, at what cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions.answering import answer_comment
from consultations.actions.comments import hide_comment
from consultations.actions.question_answers import answer_question
from consultations.actions.tallying import recount_round
from consultations.models import Round
from tests.factories import make_comment, make_draft, make_group, make_question, make_round, make_user

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def figures(client: Client, round: Round, language: str = "en") -> str:
    response = client.get(f"/{language}/rounds/{round.pk}/figures/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("visibility", "anonymous", "stranger", "member"),
    [("public", 200, 200, 200), ("participants", 404, 404, 200), ("secretariat", 404, 404, 403)],
)
def test_figures_are_for_those_who_may_see_the_totals(
    visibility: str, anonymous: int, stranger: int, member: int
) -> None:
    group = make_group()
    round = make_round(make_draft(status="published"), groups=(group,), visibility=visibility)
    path = f"/en/rounds/{round.pk}/figures/"
    assert Client().get(path).status_code == anonymous
    assert signed_in(make_user()).get(path).status_code == stranger
    assert signed_in(make_user(groups=(group,))).get(path).status_code == member
    for role in ("staff", "drafter"):
        assert signed_in(make_user(role)).get(path).status_code == 200


def test_an_open_round_s_figures_say_to_whom_they_are_closed() -> None:
    draft = make_draft(status="published")
    for visibility, person, said in (
        ("participants", None, "Sign in to take part."),
        ("secretariat", make_user(), "read by the secretariat only"),
    ):
        round = make_round(draft, visibility=visibility)
        response = (signed_in(person) if person else Client()).get(f"/en/rounds/{round.pk}/figures/")
        assert response.status_code == 403 and said in response.content.decode()


def test_the_charts_hold_what_was_said() -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    for language in ("en", "en", "ar"):
        make_comment(round, make_user(), provision_key="para_1", language=language, proposed_text="Other.")
    recount_round(round_id=round.pk)
    page = figures(Client(), round)
    for title in ("Over time", "By pillar", "By region", "By stakeholder group", "By kind", "By language"):
        assert f"<h2>{title}</h2>" in page
    assert "Most: English, 2 of 3." in page and "<polyline" in page
    assert "By answer" not in page, "while nothing is answered there is nothing to compare"
    assert "style=" not in page
    assert "Anglais" in figures(Client(), round, "fr")


def test_hidden_comments_and_unpublished_answers_count_for_the_secretariat() -> None:
    round, staff = make_round(make_draft(status="published")), make_user("staff")
    hidden, answered = (make_comment(round, make_user()) for _ in range(2))
    hide_comment(actor=staff, comment=hidden, reason="r")
    answer_comment(actor=staff, comment=answered, outcome="noted", responses={"en": "Noted."})
    recount_round(round_id=round.pk)
    seen, inside = figures(Client(), round), figures(signed_in(staff), round)
    assert '<dt>comment</dt><dd class="figure-number">1</dd>' in seen
    assert '<dt>answered</dt><dd class="figure-number">0</dd>' in seen
    assert '<dt>comments</dt><dd class="figure-number">2</dd>' in inside
    assert '<dt>answered</dt><dd class="figure-number">1</dd>' in inside


def test_small_cells_of_an_anonymous_round_are_left_out_and_said_to_be() -> None:
    round = make_round(make_draft(status="published"), anonymous=True)
    for language in ("en", "en", "en", "ar"):
        make_comment(round, make_user(), language=language)
    recount_round(round_id=round.pk)
    seen = figures(Client(), round)
    assert "Arabic" not in seen and "1 comment is in no row" in seen
    assert "Arabic" in figures(signed_in(make_user("staff")), round)


@pytest.mark.parametrize("days", [-1, 1])
def test_an_empty_page_says_what_will_be_there(days: int) -> None:
    now = timezone.now()
    opens_at = now + timedelta(days=days)
    round = make_round(make_draft(status="published"), opens_at=opens_at, closes_at=now + timedelta(days=9))
    page = figures(Client(), round)
    assert ("has not opened yet" if days > 0 else "Nobody has commented yet") in page and "<svg" not in page


def test_answers_to_questions_are_drawn_and_own_words_shown_without_names() -> None:
    round = make_round(make_draft(status="published"))
    choice, scale, words = (make_question(round, kind) for kind in ("choice", "scale", "open"))
    for n in range(1, 8):
        person = make_user(name=f"Person number {n}")
        answer_question(author=person, question=choice, value="2" if n > 2 else "1")
        answer_question(author=person, question=scale, value=min(n, 5))
        answer_question(author=person, question=words, value=f"My words {n}.")
    page = figures(Client(), round)
    assert "Most: Option b, 5 of 7." in page
    assert "The median of 7 answers is 4, on a scale from 1 to 5." in page
    assert "My words 7." in page and "My words 2." not in page and "Read all 7 answers" in page
    assert "Person number" not in page
    assert "Person number 7" in figures(signed_in(make_user("staff")), round)


def test_figures_cost_the_same_with_5_and_500_comments_and_answers() -> None:
    round, author = make_round(make_draft(status="published", paragraphs=2)), make_user()
    questions = [make_question(round, kind) for kind in ("choice", "multiple", "scale", "open")]
    values: dict[str, Any] = {"choice": "1", "multiple": ["1", "3"], "scale": 3, "open": "Words."}
    counts = []
    for more in (5, 495):
        for number in range(more):
            make_comment(round, author, provision_key="para_1" if number % 2 else "para_2")
        for person in [make_user() for _ in range(more // 20 + 1)]:
            for question in questions:
                answer_question(author=person, question=question, value=values[question.kind])
        recount_round(round_id=round.pk)
        for client in (Client(), signed_in(author), signed_in(make_user("staff"))):
            for path in ("", "figures/", f"questions/{questions[3].pk}/"):
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(f"/en/rounds/{round.pk}/{path}").status_code == 200
                assert not [q for q in captured if "COUNT(" in q["sql"] and '_comment"' in q["sql"]]
                counts.append(len(captured))
    assert counts[:9] == counts[9:]
