"""Answers published together reach each author in one mail, in their language, with every number and link."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions.consents import give_consent, withdraw_consent
from accounts.models import Consent, ConsentText, User
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.comments import hide_comment
from consultations.models import Comment, Disposition, Round
from consultations.queries import told_of_answers
from consultations.tasks import tell_author
from core import outbox
from core.models import Message, Notice, subject_of
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db

ENGLISH, RUSSIAN = "Taken into the next draft.", "Учтено в следующем проекте."


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=3), title="Spring round")


def answered(round_: Round, author: User, n: int, **words: str) -> list[Comment]:
    comments = [make_comment(round_, author, provision_key=f"para_{number % 3 + 1}") for number in range(n)]
    for comment in comments:
        answer_comment(
            actor=make_user("drafter"),
            comment=comment,
            outcome="accepted",
            responses={"en": ENGLISH, **words},
        )
    return comments


def settle() -> None:
    outbox.drain(limit=500)


def desk_of(round_: Round) -> str:
    client = Client()
    client.force_login(make_user("staff"))
    return client.get(f"/en/rounds/{round_.pk}/desk/").content.decode()


def test_one_mail_to_each_author_however_many_answers(round_: Round) -> None:
    ana, li = make_user(name="Ana"), make_user(name="Li")
    of_ana, of_li = answered(round_, ana, 4), answered(round_, li, 1)
    publish_answers(actor=make_user("staff"), round=round_)
    settle()
    sent = {message.to[0]: message for message in mail.outbox}
    assert len(mail.outbox) == 2 and set(sent) == {ana.email, li.email}
    to_ana = sent[ana.email]
    assert to_ana.subject == "4 of your comments are answered"
    html = to_ana.alternatives[0][0]
    for comment in of_ana:
        link = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"
        for part in (to_ana.body, html):
            assert f"No. {comment.number}, " in part and link in part
    assert to_ana.body.count(ENGLISH) == html.count(ENGLISH) == 4
    to_li = sent[li.email]
    assert to_li.subject == "Your comment has been answered" and ENGLISH in to_li.body
    assert f"{of_li[0].uuid}" in to_li.body and not any(str(c.uuid) in to_li.body for c in of_ana)


def test_the_mail_is_in_the_author_s_language_and_says_in_which_an_answer_is(round_: Round) -> None:
    author = make_user(language="ru")
    answered(round_, author, 1, ru=RUSSIAN)
    answered(round_, author, 1)
    publish_answers(actor=make_user("staff"), round=round_)
    settle()
    (message,) = mail.outbox
    html = message.alternatives[0][0]
    assert RUSSIAN in message.body and ENGLISH in message.body
    assert f"/ru/rounds/{round_.pk}/comments/" in message.body
    assert '<html lang="ru"' in html and 'lang="ru" dir="ltr"' in html and 'lang="en" dir="ltr"' in html


def test_events_that_come_again_or_in_another_order_make_no_second_mail(round_: Round) -> None:
    author = make_user()
    answered(round_, author, 3)
    published = publish_answers(actor=make_user("staff"), round=round_)
    for disposition in [*reversed(published), *published]:
        tell_author(subject_of(disposition))
    publish_answers(actor=make_user("staff"), round=round_)
    settle()
    assert len(mail.outbox) == Message.objects.count() == 1
    assert Notice.objects.filter(recipient=author, kind="answer_published").count() == 3


def test_an_answer_changed_later_is_told_by_itself(round_: Round) -> None:
    author = make_user()
    comments = answered(round_, author, 2)
    publish_answers(actor=make_user("staff"), round=round_)
    settle()
    mail.outbox.clear()
    answer_comment(
        actor=make_user("drafter"),
        comment=comments[0],
        outcome="noted",
        responses={"en": "On reflection."},
        version=1,
    )
    settle()
    (message,) = mail.outbox
    assert "On reflection." in message.body and str(comments[1].uuid) not in message.body


def test_the_step_says_how_many_answers_and_how_many_mails_and_so_it_is(round_: Round) -> None:
    many, one, gone, closed = (make_user() for _ in range(4))
    for author, n in ((many, 3), (one, 1), (gone, 1), (closed, 1)):
        answered(round_, author, n)
    give_consent(
        actor=gone, person=gone, text=ConsentText.objects.get(kind="participation", version=1, language="en")
    )
    withdraw_consent(actor=gone, person=gone)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    page = desk_of(round_)
    assert "6 answers become public." in page and "2 mails go out: one to each author" in page
    settle()
    mail.outbox.clear()
    told = set(told_of_answers(round_))
    publish_answers(actor=make_user("staff"), round=round_)
    settle()
    assert {message.to[0] for message in mail.outbox} == {person.email for person in told}
    assert len(mail.outbox) == 2
    assert "mails go out" not in desk_of(round_)


def test_where_nobody_can_be_told_the_step_says_so(round_: Round) -> None:
    author = make_user()
    answered(round_, author, 1)
    User.objects.filter(pk=author.pk).update(is_active=False)
    page = desk_of(round_)
    assert "1 answer becomes public." in page and "No mail goes out" in page


def test_whoever_consented_again_is_told(round_: Round) -> None:
    author = make_user()
    answered(round_, author, 1)
    text = ConsentText.objects.get(kind="participation", version=1, language="en")
    give_consent(actor=author, person=author, text=text)
    withdraw_consent(actor=author, person=author)
    assert not told_of_answers(round_).exists()
    give_consent(actor=author, person=author, text=text)
    assert Consent.objects.filter(user=author).count() == 2
    assert list(told_of_answers(round_)) == [author]


def test_where_the_secretariat_alone_reads_the_mail_tells_no_number(round_: Round) -> None:
    Round.objects.filter(pk=round_.pk).update(visibility="secretariat")
    author = make_user()
    answered(Round.objects.get(pk=round_.pk), author, 1)
    publish_answers(actor=make_user("staff"), round=round_)
    settle()
    (message,) = mail.outbox
    assert "No. 1" not in message.body and ENGLISH in message.body


def test_the_desk_counts_comments_and_not_tallies(round_: Round) -> None:
    def counter() -> str:
        return desk_of(round_).partition('role="status"')[2].partition("</p>")[0]

    comments: list[Any] = [make_comment(round_, make_user()) for _ in range(3)]
    make_comment(round_, make_user(), submit=False)
    hide_comment(actor=make_user("staff"), comment=comments[2], reason="Names a person.")
    assert "0 of 3 answered" in counter() and "3 left" in counter()  # before any tally was made
    answer_comment(
        actor=make_user("drafter"), comment=comments[0], outcome="noted", responses={"en": "Noted."}
    )
    assert "1 of 3 answered" in counter() and "2 left" in counter()
    Disposition.objects.update(published_at=timezone.now())
    assert "0 not yet published" in counter()
