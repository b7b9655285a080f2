"""The figures and questions of a round in a browser: accessible, fitting, mirrored, answered by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from consultations.actions.question_answers import answer_question
from consultations.actions.tallying import recount_round
from consultations.models import QuestionAnswer, Round
from tests.browser.conftest import scrolls_sideways, violations
from tests.browser.test_journey import sign_in
from tests.factories import make_comment, make_draft, make_provision, make_question, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def busy_round() -> Round:
    """Commented on in three languages, with a question of each kind that has answers."""
    draft = make_draft(paragraphs=2)
    heading = "Digital public infrastructure, data and services"
    make_provision(draft, "pillar_6", kind="pillar", pillar=6, number="6", heading=heading)
    draft.status, draft.published_at = "published", timezone.now()
    draft.save()
    round = make_round(draft, closes_at=timezone.now() + timedelta(days=20))
    for language in ("en", "ar", "zh-hans"):
        make_comment(round, make_user(), provision_key="pillar_6", language=language, proposed_text="Other.")
        make_comment(round, make_user(), provision_key="para_1", language=language)
    values = {"choice": "1", "multiple": ["1", "2"], "scale": 3, "open": "In my own words."}
    for kind, value in values.items():
        question = make_question(round, kind, provision_key="para_1" if kind == "choice" else "")
        answer_question(author=make_user(), question=question, value=value)
    recount_round(round_id=round.pk)
    return round


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_figures_and_questions_are_accessible_and_fit(page: Page, language: str, width: int) -> None:
    round = busy_round()
    sign_in(page, make_user("staff"))
    page.set_viewport_size({"width": width, "height": 800})
    base = f"/{language}/rounds/{round.pk}/"
    written = round.questions.get(kind="open")
    planned = make_round(round.draft, opens_at=timezone.now() + timedelta(days=1), closes_at=round.closes_at)
    for path in (
        base,
        f"{base}figures/",
        f"{base}questions/",
        f"{base}questions/{written.pk}/",
        f"{base}questions/{written.pk}/edit/",
        f"/{language}/rounds/{planned.pk}/questions/new/",
        f"/{language}/rounds/{planned.pk}/figures/",
    ):
        page.goto(path)
        closed = page.locator("main details:not([open]) > summary")
        while closed.count():
            closed.first.click()
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figures_are_accessible_to_everyone_in_both_schemes(page: Page, scheme: str) -> None:
    round = busy_round()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in ("", "figures/"):
        page.goto(f"/en/rounds/{round.pk}/{path}")
        assert violations(page) == [], path


def test_time_runs_from_right_to_left_where_the_page_does(page: Page) -> None:
    round = busy_round()
    places = {}
    for language in ("en", "ar"):
        page.goto(f"/{language}/rounds/{round.pk}/figures/")
        bar = page.locator(".timeline__bar").first.bounding_box()
        label = page.locator(".timeline__day--opens").bounding_box()
        assert bar and label
        assert label["x"] >= 0 and label["x"] + label["width"] <= 1280
        places[language] = (bar["x"] < 640, label["x"] < 640)
    assert places == {"en": (True, True), "ar": (False, False)}


def test_on_a_phone_bars_run_under_their_whole_row(page: Page) -> None:
    round = busy_round()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"/en/rounds/{round.pk}/figures/")
    row = page.locator(".chart tbody tr").first.bounding_box()
    bar = page.locator(".chart__bar").first.bounding_box()
    assert row and bar and bar["width"] > 0.9 * row["width"]


def test_a_question_is_answered_by_keyboard_and_two_windows_meet(page: Page) -> None:
    round = busy_round()
    question = round.questions.get(kind="scale")
    me = make_user("expert")
    sign_in(page, me)
    page.goto(f"/en/rounds/{round.pk}/")
    asked = page.locator(f"#question-{question.pk}")
    asked.get_by_label("3", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/rounds/{round.pk}/#question-{question.pk}")
    expect(asked.get_by_text("Your answer is kept.")).to_be_visible()
    assert QuestionAnswer.objects.get(author=me).value == 4
    answer_question(author=me, question=question, value=1)
    asked.get_by_label("5", exact=True).check()
    asked.get_by_role("button", name="Change my answer").click()
    expect(page.get_by_role("alert").first).to_contain_text("in another window")
    assert violations(page) == []
    assert len(page.complaints) == 1 and "409" in page.complaints.pop()  # type: ignore[attr-defined]
    page.get_by_role("button", name="Change my answer").click()
    page.wait_for_url(f"**/rounds/{round.pk}/#question-{question.pk}")
    assert QuestionAnswer.objects.get(author=me).value == 5
