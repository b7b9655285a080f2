"""The biography of a provision: its wording in every draft, beneath each who asked for it and what was answered."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import publish_answers
from consultations.actions.applying import apply_proposals
from consultations.models import Comment, Round
from drafts.actions.drafting import begin_draft
from drafts.models import Draft, ProvisionText
from tests.factories import make_comment, make_draft, make_provision, make_round, make_user, set_status

pytestmark = pytest.mark.django_db
TEXT = "Cities protect personal data and publish what they know about their streets."


@pytest.fixture
def round_() -> Round:
    draft = make_draft()
    make_provision(draft, "para_1", number="1", text=TEXT)
    set_status(draft, "published")
    return make_round(draft)


def taken_in(round: Round, drafter: Any, **fields: Any) -> Comment:
    working = begin_draft(actor=drafter, base=round.draft, label="Second draft")
    author = make_user("expert", name="Ana Author")
    quote = AnchorInput(exact="personal data")
    comment = make_comment(
        round,
        author,
        provision_key="para_1",
        anchor=quote,
        proposed_text="privacy",
        body="Say what it is about.",
        **fields,
    )
    words = ProvisionText.objects.get(provision__draft=working, provision__key="para_1")
    apply_proposals(
        actor=drafter,
        comments=[comment],
        provision=words.provision,
        language="en",
        version=1,
        text=TEXT.replace("personal data", "privacy"),
        outcome="accepted",
        responses={"en": "Taken up gladly."},
    )
    return comment


def page(round: Round, user: Any = None) -> str:
    client = Client()
    if user:
        client.force_login(user)
    answer = client.get(f"/en/guidelines/{round.draft.guidelines.slug}/wordings/para_1/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_change_names_who_asked_and_the_answer(round_: Round) -> None:
    drafter, staff = make_user("drafter"), make_user("staff")
    comment = taken_in(round_, drafter, attribution="named")
    publish_answers(actor=staff, round=round_)
    working = Draft.objects.get(label="Second draft")
    set_status(working, "published")
    html = page(round_)
    assert "1 comment led to this wording" in html and "Ana Author" in html
    assert "Taken up gladly." in html and "Say what it is about." in html
    assert html.index("Second draft") < html.index("Taken up gladly.")
    assert f"/en/rounds/{round_.pk}/comments/{comment.uuid}/" in html


def test_from_the_comment_and_its_answer_there_is_a_way_to_the_text(round_: Round) -> None:
    comment = taken_in(round_, make_user("drafter"))
    publish_answers(actor=make_user("staff"), round=round_)
    there = f"/en/guidelines/{round_.draft.guidelines.slug}/wordings/para_1/"
    assert there in Client().get(f"/en/rounds/{round_.pk}/comments/{comment.uuid}/").content.decode()
    assert there in Client().get(reverse("consultations:voices", args=[round_.pk, "para_1"])).content.decode()


def test_an_answer_that_is_not_published_is_the_secretariats(round_: Round) -> None:
    drafter = make_user("drafter")
    taken_in(round_, drafter)
    set_status(Draft.objects.get(label="Second draft"), "published")
    assert "Taken up gladly." not in page(round_) and "led to this wording" not in page(round_)
    assert "Taken up gladly." in page(round_, drafter)


def test_who_may_not_read_the_comment_learns_nothing_of_it(round_: Round) -> None:
    Round.objects.filter(pk=round_.pk).update(visibility="secretariat")
    taken_in(Round.objects.get(pk=round_.pk), make_user("drafter"))
    publish_answers(actor=make_user("staff"), round=Round.objects.get(pk=round_.pk))
    set_status(Draft.objects.get(label="Second draft"), "published")
    assert "led to this wording" not in page(round_) and "Ana Author" not in page(round_)


def test_a_name_that_is_kept_is_kept_here(round_: Round) -> None:
    taken_in(round_, make_user("drafter"), attribution="anonymous")
    publish_answers(actor=make_user("staff"), round=round_)
    set_status(Draft.objects.get(label="Second draft"), "published")
    html = page(round_)
    assert "1 comment led to this wording" in html and "Ana Author" not in html and "Without name" in html
