"""Notices and mail: each person is told once; a mail is missing never, doubled only in the known window."""

import email
from collections.abc import Sequence
from datetime import timedelta
from email.message import Message as SentMail
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from core import notices, outbox
from core.mail import MailContent
from core.models import Message, Notice, Outbox


class Killed(BaseException):
    """The process ends."""


def wording(told: Sequence[Notice]) -> MailContent | None:
    return MailContent(
        subject=f"Answered ({get_language()})\nBcc: everyone@habitat.invalid",
        paragraphs=[f"About <b>{notice.subject}</b> {notice.occurrence}" for notice in told],
        action_label="Read it",
        action_path="/en/answers/1/",
        reason="You get this because you commented.",
    )


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_kinds", {"answered": wording})


def tell(person: Any, occurrence: str = "once", **options: Any) -> Notice | None:
    with transaction.atomic():
        return notices.notify(
            recipient=person, kind="answered", subject=person, occurrence=occurrence, **options
        )


def let_time_pass() -> None:
    """Every wait, lease and claim runs out."""
    past = timezone.now() - timedelta(hours=2)
    Outbox.objects.filter(done_at=None).update(available_at=past)
    Outbox.objects.filter(done_at=None, lease_until__isnull=False).update(lease_until=past)
    Message.objects.filter(state=Message.State.SENDING).update(claimed_at=past)


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_told_once_per_occurrence(person: Any, stranger: Any) -> None:
    assert tell(person) is not None
    assert tell(person) is None
    assert tell(person, "version-2") is not None
    assert tell(stranger) is not None
    assert outbox.drain() == 3
    assert sorted(m.to[0] for m in mail.outbox) == sorted([person.email] * 2 + [stranger.email])


def test_the_mail_is_in_the_recipients_language_and_safe(person: Any, settings: Any) -> None:
    person.language = "fr"
    person.name = "Amina <script>"
    person.save()
    tell(person)
    outbox.drain()
    (sent,) = mail.outbox
    assert sent.subject == "Answered (fr) Bcc: everyone@habitat.invalid"
    assert sent.recipients() == [person.email]
    assert f"{settings.SITE_URL}/en/answers/1/" in sent.body
    assert "About <b>accounts.user" in sent.body, "text is not escaped as HTML"
    html = sent.alternatives[0][0]
    assert '<html lang="fr" dir="ltr">' in html
    assert "&lt;script&gt;" in html and "<script>" not in html and "<b>" not in html
    assert sent.extra_headers["Message-ID"] == Message.objects.get().message_id


def test_arabic_mail_runs_from_right_to_left(person: Any) -> None:
    person.language = "ar"
    person.save()
    tell(person)
    outbox.drain()
    assert '<html lang="ar" dir="rtl">' in mail.outbox[0].alternatives[0][0]


@pytest.mark.django_db(transaction=True)
def test_a_notice_outside_the_transaction_of_its_event_is_refused(person: Any) -> None:
    with pytest.raises(RuntimeError):
        notices.notify(recipient=person, kind="answered", subject=person)
    with pytest.raises(KeyError, match="unheard"), transaction.atomic():
        notices.notify(recipient=person, kind="unheard", subject=person)
    with pytest.raises(LookupError), transaction.atomic():
        notices.notify(recipient=person, kind="answered", subject=person)
        raise LookupError
    assert outbox.drain() == 0
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_told_by_many_at_once_it_is_one_mail(person: Any, together: Any) -> None:
    results = together(lambda: tell(person), 8)
    assert sum(isinstance(result, Notice) for result in results) == 1
    assert results.count(None) == 7
    outbox.drain()
    assert (len(mail.outbox), Message.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(person: Any, together: Any) -> None:
    for n in range(12):
        tell(person, f"version-{n}")
    together(outbox.drain, 4)
    let_time_pass()
    outbox.drain()
    ids = [m.extra_headers["Message-ID"] for m in mail.outbox]
    assert (len(ids), len(set(ids))) == (12, 12)
    assert set(states()) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_the_same_message_handled_by_two_at_once_goes_out_once(person: Any, together: Any) -> None:
    """Two deliveries of one row, as a broker may bring about: the claim decides."""
    tell(person)
    subject = Outbox.objects.get().subject
    together(lambda: notices.send_message(subject), 5)
    notices.send_message(subject)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
class TestKilled:
    """The process is gone before, while and after the mail server takes the mail."""

    def killed_while(self, monkeypatch: pytest.MonkeyPatch, target: Any, name: str, run: Any) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(target, name, run)
            with pytest.raises(Killed):
                outbox.drain()

    def test_before_the_claim(self, person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def killed(pk: int) -> None:
            raise Killed

        tell(person)
        self.killed_while(monkeypatch, notices, "_claim", killed)
        outbox.drain()
        assert (len(mail.outbox), states()) == (1, ["sent"])

    def test_between_claim_and_sending(self, person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def killed(backend: EmailBackend, messages: Any) -> int:
            raise Killed

        tell(person)
        self.killed_while(monkeypatch, EmailBackend, "send_messages", killed)
        outbox.drain()
        assert (len(mail.outbox), states()) == (0, ["sending"]), (
            "it may have gone out: not before the claim ends"
        )
        let_time_pass()
        outbox.drain()
        assert (len(mail.outbox), states()) == (1, ["sent"])

    def test_between_sending_and_marking(self, person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        real = EmailBackend.send_messages

        def sends_and_dies(backend: EmailBackend, messages: Any) -> int:
            real(backend, messages)
            raise Killed

        tell(person)
        self.killed_while(monkeypatch, EmailBackend, "send_messages", sends_and_dies)
        let_time_pass()
        outbox.drain()
        first, second = (m.extra_headers["Message-ID"] for m in mail.outbox)
        assert first == second, "the one window: sent again under the same Message-ID"
        assert states() == ["sent"]

    def test_between_marking_the_message_and_the_row(
        self, person: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tell(person)
        subject = Outbox.objects.get().subject
        notices.send_message(subject)  # the outbox row is not marked
        let_time_pass()
        assert outbox.drain() == 1
        assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_fails_half_of_the_time_loses_and_doubles_nothing(
    person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = EmailBackend.send_messages
    calls = iter(range(10_000))

    def moody(backend: EmailBackend, messages: Any) -> int:
        if next(calls) % 2 == 0:
            raise ConnectionRefusedError("the mail server is away")
        return real(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", moody)
    for n in range(15):
        tell(person, f"version-{n}")
    for _ in range(8):
        outbox.drain()
        let_time_pass()
    ids = [m.extra_headers["Message-ID"] for m in mail.outbox]
    assert (len(ids), len(set(ids))) == (15, 15)
    assert states() == ["sent"] * 15


@pytest.mark.django_db(transaction=True)
def test_given_up_after_a_day_and_said_so(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(backend: EmailBackend, messages: Any) -> int:
        raise ConnectionRefusedError("the mail server is away")

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    tell(person)
    for _ in range(notices.ATTEMPTS - 1):
        assert outbox.drain() == 0
        assert states() == ["waiting"]
        let_time_pass()
    assert outbox.drain() == 1
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("failed", notices.ATTEMPTS)
    assert "the mail server is away" in message.last_error


def test_nothing_goes_to_a_closed_account_or_about_what_is_gone(
    person: Any, stranger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(person)
    person.is_active = False
    person.save()
    outbox.drain()
    monkeypatch.setattr(notices, "_kinds", {"answered": lambda told: None})
    tell(stranger)
    outbox.drain()
    assert mail.outbox == []
    assert states() == ["failed", "unneeded"]


def test_a_digest_gathers_what_waits_and_begins_anew_after_it_was_sent(person: Any) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    for n in range(3):
        tell(person, f"version-{n}", digest_key="round-1", send_at=soon)
    outbox.drain()
    assert mail.outbox == []
    let_time_pass()
    outbox.drain()
    (digest,) = mail.outbox
    assert all(f"version-{n}" in digest.body for n in range(3))
    tell(person, "version-3", digest_key="round-1")
    outbox.drain()
    assert len(mail.outbox) == 2
    assert "version-3" in mail.outbox[1].body and "version-2" not in mail.outbox[1].body


def test_what_leaves_carries_the_fixed_message_id(person: Any, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "core.mailbox.MailboxBackend"
    settings.MAILBOX_DIRECTORY = tmp_path
    tell(person)
    outbox.drain()
    (file,) = tmp_path.iterdir()
    sent: SentMail = email.message_from_bytes(file.read_bytes())
    assert sent["Message-ID"] == Message.objects.get().message_id
    assert sent["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
class TestWithoutAnAccount:
    def tell(self, subject: Any, occurrence: str = "once") -> Notice | None:
        with transaction.atomic():
            return notices.notify(
                recipient=None, kind="answered", subject=subject, occurrence=occurrence, language="fr"
            )

    def test_the_subject_says_who_and_each_is_told_once(
        self, person: Any, stranger: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meant = {
            "answered": lambda told: notices.Addressee(f"{told[0].subject.split(':')[1]}@x.example", "Ana")
        }
        noted: list[int] = []
        monkeypatch.setattr(notices, "_addresses", meant)
        monkeypatch.setattr(notices, "_sent", {"answered": lambda told, at: noted.append(len(told))})
        assert self.tell(person) is not None and self.tell(person) is None
        assert self.tell(stranger) is not None
        outbox.drain()
        assert sorted(m.to[0] for m in mail.outbox) == sorted(
            [f"{person.pk}@x.example", f"{stranger.pk}@x.example"]
        )
        assert mail.outbox[0].subject.startswith("Answered (fr)")
        assert noted == [1, 1]

    def test_an_address_refused_for_good_is_noted_at_once_and_not_quoted(
        self, person: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            notices, "_addresses", {"answered": lambda told: notices.Addressee("ana@x.example")}
        )

        def refuse(backend: EmailBackend, messages: Any) -> int:
            raise SMTPRecipientsRefused({"ana@x.example": (550, b"no ana@x.example here")})

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)
        self.tell(person)
        tell(person)
        outbox.drain()
        without, with_account = Message.objects.order_by("pk")
        assert (without.state, without.bounce_note) == ("failed", "550")
        assert (with_account.state, with_account.bounce_note) == ("failed", "550 no ana@x.example here")
        assert without.bounced_at and without.attempts == 1

    def test_an_address_refused_for_now_is_tried_again(
        self, person: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(backend: EmailBackend, messages: Any) -> int:
            raise SMTPRecipientsRefused({"ana@x.example": (451, b"later")})

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)
        tell(person)
        outbox.drain()
        assert states() == ["waiting"]
