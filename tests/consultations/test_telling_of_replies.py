"""Who is told of a reply: whom it concerns, once, and nobody who may not read it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Consent, Group, User
from consultations.actions.discussing import choose_reply_mails, reply_to_comment
from consultations.models import Comment, Reply, ReplyMails
from consultations.replies import replies_to
from consultations.tasks import tell_of_reply
from core import outbox
from core.models import AuditEntry, Message, Notice, Outbox, subject_of
from core.verdicts import Refusal
from tests.accounts.conftest import agree, signed_in
from tests.factories import make_comment, make_draft, make_group, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def comment(group: Group) -> Comment:
    round = make_round(
        make_draft(status="published", paragraphs=1),
        groups=(group,),
        visibility="participants",
        title="Round A",
    )
    return make_comment(round, make_user(name="Ana Ruiz", groups=(group,)), provision_key="para_1")


def member(group: Group, name: str, **fields: Any) -> User:
    return make_user(name=name, groups=(group,), **fields)


def say(comment: Comment, author: User, body: str = "I agree.") -> Reply:
    return reply_to_comment(author=author, comment=comment, body=body)


def settle(*, mails: bool = True) -> None:
    while outbox.drain():
        pass
    if mails:
        Outbox.objects.filter(event="message.send", done_at=None).update(available_at=timezone.now())
        while outbox.drain():
            pass


def told() -> list[str]:
    return sorted(notice.recipient.name for notice in Notice.objects.select_related("recipient"))


def test_the_author_is_told_once_with_one_thing_to_do(comment: Comment, group: Group) -> None:
    reply = say(comment, member(group, "Kwabena"), "Private words.")
    settle()
    tell_of_reply(subject_of(reply))  # delivered once more
    settle()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([comment.author.email], "A reply to your comment")
    link = f"http://localhost:8000/en/rounds/{comment.round_id}/comments/{comment.uuid}/#reply-{reply.uuid}"
    html = str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    assert html.count(f'href="{link}"') == html.count('class="action"') == 1 and link in str(sent.body)
    for part in (str(sent.body), html):
        assert "because it is your comment" in part and "/en/my/replies/#mails" in part
        assert "Kwabena" not in part and "Private words" not in part


def test_whoever_is_mentioned_is_told_of_that_and_of_nothing_else(comment: Comment, group: Group) -> None:
    kwabena = member(group, "Kwabena", language="fr")
    say(comment, kwabena)
    settle()
    mail.outbox.clear()
    say(comment, member(group, "Li"), "@Kwabena and @Ana Ruiz, @Ana Ruiz!")
    settle()
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([kwabena.email, comment.author.email])
    to_ana = next(sent for sent in mail.outbox if sent.to == [comment.author.email])
    assert to_ana.subject == "You are mentioned in a discussion"
    to_kwabena = next(sent for sent in mail.outbox if sent.to == [kwabena.email])
    assert to_kwabena.extra_headers["Content-Language"] == "fr" and "/fr/rounds/" in str(to_kwabena.body)


def test_nobody_is_told_of_what_they_wrote_themselves(comment: Comment) -> None:
    say(comment, comment.author, "@Ana Ruiz, as I said.")
    settle()
    assert told() == []


def test_repliers_are_told_of_further_replies_when_they_asked_to(comment: Comment, group: Group) -> None:
    kwabena, li, olga = (member(group, name) for name in ("Kwabena", "Li", "Olga"))
    choose_reply_mails(actor=li, choice="all")
    for person in (kwabena, li):
        say(comment, person)
    settle()
    Notice.objects.all().delete()
    say(comment, olga)
    settle()
    assert told() == ["Ana Ruiz", "Li"]


def test_who_wants_no_mail_finds_it_in_the_portal(comment: Comment, group: Group) -> None:
    choose_reply_mails(actor=comment.author, choice="none")
    say(comment, member(group, "Kwabena"), "Here it is, @Ana Ruiz.")
    settle()
    assert mail.outbox == [] and told() == []
    page = signed_in(comment.author).get("/en/my/replies/").content.decode()
    assert "Here it is" in page and "You are mentioned" in page


@pytest.mark.parametrize("gone", ["left the group", "disabled", "erased", "withdrew consent"])
def test_who_may_no_longer_read_it_is_not_told(comment: Comment, group: Group, gone: str) -> None:
    kwabena = member(group, "Kwabena")
    choose_reply_mails(actor=kwabena, choice="all")
    say(comment, kwabena)
    settle()
    Notice.objects.all().delete()
    if gone == "left the group":
        kwabena.memberships.update(until=timezone.now() - timedelta(minutes=1))
    elif gone == "disabled":
        User.objects.filter(pk=kwabena.pk).update(is_active=False)
    elif gone == "erased":
        User.objects.filter(pk=kwabena.pk).update(erased_at=timezone.now())
    else:
        agree(kwabena)
        Consent.objects.update(withdrawn_at=timezone.now())
    say(comment, member(group, "Li"), "@Kwabena?")
    settle()
    assert told() == ["Ana Ruiz"]


def test_a_reply_hidden_before_the_mail_goes_is_not_told(comment: Comment, group: Group) -> None:
    reply = say(comment, member(group, "Kwabena"))
    settle(mails=False)
    Reply.objects.filter(pk=reply.pk).update(status="hidden")
    settle()
    assert mail.outbox == []
    assert Message.objects.get().last_error == "There was nothing left to tell."


def test_several_replies_within_minutes_make_one_mail(comment: Comment, group: Group) -> None:
    first = say(comment, member(group, "Kwabena"))
    settle(mails=False)
    say(comment, member(group, "Li"))
    settle()
    (sent,) = mail.outbox
    assert "2 new replies" in str(sent.body) and f"#reply-{first.uuid}" in str(sent.body)


def test_the_secretariat_is_those_of_it_who_speak_here_or_else_all(comment: Comment, group: Group) -> None:
    amara, lucas = make_user("staff", name="Amara"), make_user("staff", name="Lucas")
    make_user("drafter", name="Dana")
    elsewhere = make_user(name="Elsewhere")
    elsewhere.role_grants.create(role="staff", scope_type="round", scope_id=str(comment.round_id + 1))
    kwabena = member(group, "Kwabena")
    say(comment, kwabena, "@Secretariat, when?")
    settle()
    assert told() == ["Amara", "Ana Ruiz", "Lucas"]
    say(comment, amara, "Soon.")
    settle()
    Notice.objects.all().delete()
    say(comment, kwabena, "Thank you, @Secretariat.")
    settle()
    assert told() == ["Amara", "Ana Ruiz"]
    assert replies_to(lucas).count() == 2


def test_the_page_shows_what_concerns_me_and_what_i_may_read(comment: Comment, group: Group) -> None:
    kwabena, stranger = member(group, "Kwabena"), make_user(name="Stranger")
    say(comment, kwabena, "Mine.")
    say(comment, member(group, "Li"), "Of Li.")
    assert [r.body for r in replies_to(kwabena)] == ["Of Li."]
    assert [r.body for r in replies_to(comment.author)] == ["Of Li.", "Mine."]
    assert list(replies_to(stranger)) == []
    kwabena.memberships.update(until=timezone.now() - timedelta(minutes=1))
    assert list(replies_to(User.objects.get(pk=kwabena.pk))) == []


def test_the_page_costs_the_same_however_many(comment: Comment, group: Group) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = signed_in(comment.author), []
    for more in (1, 6):
        for n in range(more):
            say(comment, member(group, f"Person {n}"), "@Ana Ruiz")
        with CaptureQueriesContext(connection) as captured:
            client.get("/en/my/replies/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def test_the_choice_is_saved_and_shown(comment: Comment) -> None:
    client = signed_in(comment.author)
    client.post("/en/my/replies/mails/", {"choice": "none"})
    client.post("/en/my/replies/mails/", {"choice": "nonsense"})
    assert ReplyMails.objects.get().choice == "none"
    page = client.get("/en/my/replies/").content.decode()
    assert 'value="none"' in page and page.count("checked") == 1
    assert AuditEntry.objects.filter(action="reply_mails.choose").count() == 1


def test_a_refused_reply_tells_nobody(comment: Comment) -> None:
    with pytest.raises(Refusal):
        say(comment, make_user(), "@Ana Ruiz")
    assert not Outbox.objects.filter(event="reply.written").exists()
    assert Client().get("/en/my/replies/").status_code == 302
