"""Extending a round: the page says what happened, and whoever asked for it is told by mail, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from consultations.actions.following import follow_round
from consultations.actions.rounds import update_round
from consultations.forms.rounds import RoundForm, initial_of
from consultations.models import Round, RoundFollower
from consultations.records import round_news
from consultations.tasks import tell_followers
from core import outbox
from core.models import AuditEntry, subject_of
from core.verdicts import Refusal
from tests.factories import make_draft, make_group, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(
        make_draft(status="published", paragraphs=1), title="Spring round", title_en="Spring round"
    )


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def extend(round_: Round, days: int = 7) -> Round:
    return update_round(
        actor=make_user("staff"), round=round_, closes_at=round_.closes_at + timedelta(days=days)
    )


def test_one_asks_to_be_told_on_the_round_s_page_and_takes_it_back_there(round_: Round) -> None:
    person = make_user()
    client, page = signed_in(person), f"/en/rounds/{round_.pk}/"
    assert "Tell me by mail when the closing is moved" in client.get(page).content.decode()
    assert "when the closing is moved" not in Client().get(page).content.decode()
    for _ in range(2):
        told = client.post(f"{page}follow/", {"follow": "1"})
        assert told["Location"] == f"{page}#follow"
    assert RoundFollower.objects.count() == 1
    assert AuditEntry.objects.filter(action="round.follow", actor=person).count() == 1
    assert "You are told by mail when the closing is moved." in client.get(page).content.decode()
    assert [row["round"] for row in round_news(person)] == ["Spring round"]
    client.post(f"{page}follow/", {"unfollow": "1"})
    assert not RoundFollower.objects.exists()


def test_who_asked_is_told_once_of_each_closing_time_and_nobody_else(round_: Round) -> None:
    asked, other = make_user(language="en", time_zone="Asia/Tokyo"), make_user()
    follow_round(actor=asked, round=round_, wanted=True)
    extended = extend(round_)
    for _ in range(2):
        tell_followers(subject_of(extended))
    outbox.drain(limit=100)
    (sent,) = mail.outbox
    assert sent.to == [asked.email] and sent.subject == "New closing time: Spring round"
    local = sent.body
    assert "in 8 days" in local and "Tokyo" in local and f"/en/rounds/{round_.pk}/" in local
    assert "you asked to be told" in local and f"/en/rounds/{round_.pk}/#follow" in local
    extend(extended, 2)
    outbox.drain(limit=100)
    assert len(mail.outbox) == 2
    update_round(actor=make_user("staff"), round=extended, grace=5)
    outbox.drain(limit=100)
    assert len(mail.outbox) == 2 and other.email not in [message.to[0] for message in mail.outbox]


def test_who_may_no_longer_see_the_round_or_has_gone_is_not_told() -> None:
    group = make_group()
    round_ = make_round(
        make_draft(status="published"), groups=(group,), visibility="participants", title="Inner round"
    )
    left, gone = make_user(groups=(group,)), make_user(groups=(group,))
    for person in (left, gone):
        follow_round(actor=person, round=round_, wanted=True)
    Membership.objects.filter(user=left).delete()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    extend(round_)
    outbox.drain(limit=100)
    assert mail.outbox == []


def test_only_rounds_that_are_not_over_and_that_one_sees_are_followed(round_: Round) -> None:
    Round.objects.update(closed_at=timezone.now())
    round_.refresh_from_db()
    with pytest.raises(Refusal):
        follow_round(actor=make_user(), round=round_, wanted=True)
    kept = make_round(make_draft(), groups=(make_group(),), visibility="participants")
    with pytest.raises(Refusal):
        follow_round(actor=make_user(), round=kept, wanted=True)
    assert signed_in(make_user()).post(f"/en/rounds/{kept.pk}/follow/", {"follow": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("days", "said"), [(3, "The round is extended. It now closes on"), (0, "The round is saved.")]
)
def test_the_page_says_what_happened_to_the_closing(round_: Round, days: int, said: str) -> None:
    follow_round(actor=make_user(), round=round_, wanted=True)
    Round.objects.update(closes_at=timezone.now().replace(second=0, microsecond=0) + timedelta(days=1))
    round_ = Round.objects.get(pk=round_.pk)
    planned = {**initial_of(round_), "closes_at": round_.closes_at + timedelta(days=days)}
    form = RoundForm(initial=planned, standing=round_)
    values = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in values.items() if value not in (None, False, [])}
    done = signed_in(make_user("staff")).post(f"/en/rounds/{round_.pk}/edit/", data, follow=True)
    page = done.content.decode()
    assert said in page
    assert ("1 person who asked for it is told by mail." in page) is bool(days)
    assert ("in 4 days" in page.partition(said)[2][:200]) is bool(days)
