"""What the demonstration asks: complete in six languages, and answered through the actions themselves."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from consultations.asked import answer_counts
from consultations.forms.questions import wordings_of
from consultations.models import Question
from guidelines_portal.demonstration.loader import load_questions
from tests.factories import make_draft, make_provision, make_round, make_user

pytestmark = pytest.mark.django_db


def test_the_open_round_asks_three_questions_in_six_languages() -> None:
    draft = make_draft()
    make_provision(draft, "para_25__a", number="25 (a)", text="Establish standing residents' panels.")
    round = make_round(draft, opens_at=timezone.now() - timedelta(days=14))
    load_questions(round, make_user("staff"), [make_user() for _ in range(30)])
    questions = list(Question.objects.filter(round=round))
    assert [question.kind for question in questions] == ["scale", "choice", "open"]
    codes = {code for code, _name in settings.LANGUAGES}
    for question in questions:
        assert wordings_of(question).keys() == codes
        assert all(option["words"].keys() == codes for option in question.options)
        assert answer_counts(round, make_user("staff"))[question.pk][0] > 5
        assert all(round.opens_at < answer.at < timezone.now() for answer in question.answers.all())
