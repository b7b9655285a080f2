"""Answers: one for many, changed for one, published together."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from consultations.actions.answering import answer_comment, answer_comments, publish_answers
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.models import Answer, Disposition, Position
from core.models import Outbox
from core.verdicts import Conflict, Refusal
from tests.factories import make_comment, make_draft, make_group, make_member_state, make_round, make_user

pytestmark = pytest.mark.django_db


def test_one_answer_serves_many_and_is_split_when_changed_for_one() -> None:
    round = make_round(make_draft(paragraphs=2))
    staff = make_user("staff")
    comments = [make_comment(round, make_user()) for _ in range(3)]
    answer_comments(actor=staff, comments=comments, outcome="noted", responses={"en": "Thank you all."})
    assert Answer.objects.count() == 1
    comment = comments[0]
    comment.refresh_from_db()
    changed = answer_comment(
        actor=staff, comment=comment, outcome="accepted", responses={"en": "Yes."}, version=1
    )
    assert (changed.version, changed.outcome) == (2, "accepted")
    others = Disposition.objects.filter(comment__in=comments[1:])
    assert {d.answer.responses["en"] for d in others} == {"Thank you all."}


def test_a_changed_answer_needs_the_version_that_was_seen() -> None:
    round = make_round(make_draft(paragraphs=1))
    drafter = make_user("drafter")
    comment = make_comment(round, make_user())
    answer_comment(actor=drafter, comment=comment, outcome="noted", responses={"en": "Noted."})
    for stale in (None, 7):
        with pytest.raises(Conflict) as conflict:
            answer_comment(
                actor=drafter, comment=comment, outcome="accepted", responses={"en": "Y"}, version=stale
            )
        assert conflict.value.current == {"version": 1, "outcome": "noted"}


def test_answered_comments_are_not_answered_again_by_the_dozen() -> None:
    round = make_round(make_draft(paragraphs=1))
    staff = make_user("staff")
    first, second = make_comment(round, make_user()), make_comment(round, make_user())
    answer_comment(actor=staff, comment=first, outcome="noted", responses={"en": "Noted."})
    with pytest.raises(Conflict):
        answer_comments(actor=staff, comments=[first, second], outcome="noted", responses={"en": "All."})
    assert Disposition.objects.count() == 1


@pytest.mark.parametrize(
    ("outcome", "responses", "field"),
    [("maybe", {"en": "x"}, "outcome"), ("noted", {}, "response"), ("noted", {"tlh": "x"}, "response")],
)
def test_bad_answers(outcome: str, responses: dict[str, str], field: str) -> None:
    comment = make_comment(make_round(make_draft(paragraphs=1)), make_user())
    with pytest.raises(ValidationError) as error:
        answer_comment(actor=make_user("staff"), comment=comment, outcome=outcome, responses=responses)
    assert set(error.value.message_dict) == {field}


def test_only_the_secretariat_answers_and_only_staff_publishes() -> None:
    round = make_round(make_draft(paragraphs=1))
    comment = make_comment(round, make_user())
    for user in (make_user(), make_user("expert"), make_user("focal_point"), comment.author):
        with pytest.raises(Refusal):
            answer_comment(actor=user, comment=comment, outcome="noted", responses={"en": "x"})
    with pytest.raises(Refusal):
        publish_answers(actor=make_user("drafter"), round=round)


def test_publishing_is_done_once_for_each_answer() -> None:
    round = make_round(make_draft(paragraphs=1))
    staff = make_user("staff")
    comments = [make_comment(round, make_user()) for _ in range(2)]
    answer_comments(actor=staff, comments=comments, outcome="noted", responses={"en": "Thank you."})
    assert len(publish_answers(actor=staff, round=round, comments=comments[:1])) == 1
    assert len(publish_answers(actor=staff, round=round)) == 1
    assert publish_answers(actor=staff, round=round) == []
    assert Outbox.objects.filter(event="answer.published").count() == 2


def test_a_member_state_has_one_voice_and_only_it_reserves() -> None:
    contact, expert = make_user("focal_point"), make_user()
    make_member_state("KEN", contact=contact)
    comment = make_comment(make_round(make_draft(paragraphs=1)), make_user())
    with pytest.raises(Refusal):
        take_position(user=expert, comment=comment, position="reserve")
    with pytest.raises(Refusal):
        take_position(user=comment.author, comment=comment, position="support")
    take_position(user=contact, comment=comment, position="support")
    take_position(user=contact, comment=comment, position="reserve")
    (position,) = Position.objects.all()
    assert (position.position, position.organisation.country_id) == ("reserve", "KEN")
    take_position(user=contact, comment=comment, position=None)
    assert not Position.objects.exists()
    with pytest.raises(ValidationError):
        take_position(user=expert, comment=comment, position="shout")


def test_replies_need_words_and_a_place_in_the_audience() -> None:
    comment = make_comment(make_round(make_draft(paragraphs=1)), make_user())
    assert reply_to_comment(author=make_user(), comment=comment, body=" I agree. ").body == "I agree."
    with pytest.raises(ValidationError):
        reply_to_comment(author=make_user(), comment=comment, body=" ")


def test_a_position_may_say_why() -> None:
    round_ = make_round(make_draft(status="published"))
    comment, expert = make_comment(round_, make_user()), make_user(name="Kwabena")
    take_position(user=expert, comment=comment, position="oppose", reason="It costs too much.")
    take_position(user=expert, comment=comment, position="oppose")  # pressed again: the reason stays
    client = Client()
    client.force_login(expert)
    address = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"
    page = client.get(address).content.decode()
    assert "It costs too much." in page and "Kwabena" in page and "Change your reason" in page
    client.post(f"{address}position/", {"position": "support", "reason": "Now I see."})
    position = comment.positions.get()
    assert (position.position, position.reason) == ("support", "Now I see.")


def test_in_an_anonymous_round_reasons_stand_without_names_but_for_oneself_and_the_secretariat() -> None:
    group = make_group()
    round_ = make_round(
        make_draft(status="published"), groups=(group,), visibility="participants", anonymous=True
    )
    comment, expert = (
        make_comment(round_, make_user(groups=(group,))),
        make_user(name="Zqcanary", groups=(group,)),
    )
    take_position(user=expert, comment=comment, position="oppose", reason="It costs too much.")
    address = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"
    seen = {}
    for reader in (expert, make_user(groups=(group,)), make_user("staff")):
        client = Client()
        client.force_login(reader)
        page = client.get(address).content.decode()
        assert "It costs too much." in page
        shown = page.partition('class="comment__reason"')[2].partition("</p>")[0]
        seen[reader.pk] = "Zqcanary" in shown
    assert list(seen.values()) == [True, False, True]
