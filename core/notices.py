"""Notices: who is told what, once; and the messages that tell it.

A notice is unique, so whatever is repeated tells nobody twice. Its message is *claimed* before it is handed
to the mail server and marked *sent* afterwards. Two processes can't both claim it. A process that dies
while it holds the claim leaves open whether the mail went out: when the claim has run out it is sent again,
with the same Message-ID, by which mail programs know it for the same mail. That window is the only one.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from core import outbox
from core.mail import MailContent, compose, new_message_id
from core.models import Message, Notice, pk_of, subject_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Addressee:
    """Somebody without an account, to whom a mail goes."""

    email: str
    name: str = ""


# None: there is nothing left to tell (withdrawn, deleted); nothing is sent.
Render = Callable[[Sequence[Notice]], MailContent | None]
# Who is meant by notices without a recipient; None: nobody any more.
Address = Callable[[Sequence[Notice]], Addressee | None]
# What to note when a message has gone out, with the notices of this kind in it.
Sent = Callable[[Sequence[Notice], datetime], None]

# Pauses double from a minute to an hour: a mail server may be away for a day.
ATTEMPTS = 30
# Well above the mail server's timeout, so that a claim runs out only when its holder is gone.
CLAIM = timedelta(minutes=3)
NOTHING_LEFT = "There was nothing left to tell."

_kinds: dict[str, Render] = {}
_addresses: dict[str, Address] = {}
_sent: dict[str, Sent] = {}
_slow: set[str] = set()


def register_kind(
    kind: str,
    render: Render,
    *,
    address: Address | None = None,
    sent: Sent | None = None,
    slow: bool = False,
) -> None:
    """Say how notices of ``kind`` are worded. ``render`` gets the notices of one message, oldest first, under
    the recipient's language, and reads what is true at that moment.

    ``address`` says where those without a recipient go. ``sent`` notes that they went out, in the transaction that
    marks the message: a process that dies before that sends again. ``slow``: see ``outbox.handler``.
    """
    standing = _kinds.get(kind)
    if standing and (standing.__module__, standing.__qualname__) != (render.__module__, render.__qualname__):
        raise ValueError(f"Two renderings are registered for notices of kind {kind!r}.")
    _kinds[kind] = render
    if address is not None:
        _addresses[kind] = address
    if sent is not None:
        _sent[kind] = sent
    if slow:
        _slow.add(kind)


def sending_event(kind: str) -> str:
    """The event of the outbox by which messages of this kind are sent."""
    return "message.send_slowly" if kind in _slow else "message.send"


def require_kind(kind: str) -> None:
    """Raise KeyError for a kind that isn't registered."""
    if kind not in _kinds:
        raise KeyError(f"No rendering is registered for notices of kind {kind!r}.")


def notify(
    *,
    recipient: Any,
    kind: str,
    subject: models.Model,
    occurrence: str = "once",
    language: str = "",
    digest_key: str = "",
    send_at: datetime | None = None,
) -> Notice | None:
    """Tell ``recipient`` of ``subject``, once per ``occurrence``; None when that was noted before.

    ``recipient`` None: somebody without an account, of whom there is one for each subject; give the ``language``.

    Belongs into the transaction of the event: RuntimeError outside one. With ``digest_key`` the notice joins
    a message under the same key that still waits; give such messages a ``send_at`` in the near future.
    KeyError for a kind that isn't registered.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A notice must be made in the transaction of its event.")
    require_kind(kind)
    names = {
        "recipient": recipient,
        "kind": kind,
        "subject": subject_of(subject),
        "occurrence": occurrence,
    }
    if Notice.objects.filter(**names).exists():
        return None
    try:
        # The unique index decides between two who come here at once; the loser's message goes with it.
        with transaction.atomic():
            message = _waiting_digest(recipient, digest_key) or _new_message(
                recipient, kind, language or recipient.language, digest_key, send_at
            )
            return Notice.objects.create(message=message, **names)
    except IntegrityError:
        if Notice.objects.filter(**names).exists():
            return None
        raise


def _waiting_digest(recipient: Any, digest_key: str) -> Message | None:
    if not digest_key:
        return None
    waiting = Message.objects.filter(
        recipient=recipient, digest_key=digest_key, state=Message.State.WAITING, attempts=0
    )
    found = waiting.order_by("pk").first()
    # The update locks the row on both databases: it can't be claimed before this notice is committed.
    return found if found and waiting.filter(pk=found.pk).update(digest_key=digest_key) else None


def _new_message(
    recipient: Any, kind: str, language: str, digest_key: str, send_at: datetime | None
) -> Message:
    message = Message.objects.create(
        recipient=recipient,
        digest_key=digest_key,
        language=language,
        message_id=new_message_id(),
    )
    outbox.record(sending_event(kind), message, available_at=send_at)
    return message


def take_back(notices: "models.QuerySet[Notice]") -> int:
    """Take back those of ``notices`` whose messages still wait: as if nobody had been told; how many.

    A message that is left with nothing to tell is settled. What a worker has claimed, or was sent, stays.
    """
    nothing = {"state": Message.State.UNNEEDED, "last_error": NOTHING_LEFT}
    with transaction.atomic():
        waiting = Message.objects.filter(
            state=Message.State.WAITING, pk__in=notices.order_by().values("message")
        )
        # Locked, so that none is claimed in between.
        keys = list(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))
        gone, _by_model = notices.filter(message__in=keys).delete()
        Message.objects.filter(pk__in=keys, notices=None).update(**nothing)
    return gone


@outbox.handler("message.send", name="core.send_message", outside=True, pause=60)
def send_message(subject: str) -> None:
    """Send one message. Raises what the mail server raised, after giving the claim up: the outbox waits
    longer each time; after a day of it the message is marked failed, and at once when the server refuses its
    address for good."""
    message = _claim(int(pk_of(subject, Message)))
    if message is None:
        return
    told = list(message.notices.order_by("pk"))
    try:
        outcome = _hand_over(message, told)
    except Exception as error:
        # Of somebody without an account no words are kept that may quote their address.
        known = message.recipient_id is not None
        if refused := _refused_for_good(error):
            note = refused if known else refused[:3]
            _mine(message).update(state=Message.State.FAILED, bounced_at=timezone.now(), bounce_note=note)
            return
        _note_failure(message, f"{type(error).__name__}: {error if known else '…'}"[:1000])
        if message.attempts < ATTEMPTS:
            raise
        logger.exception("Message %s is given up.", message.message_id)
        return
    _note_outcome(message, told, outcome)


@outbox.handler("message.send_slowly", name="core.send_message_slowly", outside=True, slow=True, pause=60)
def send_slow_message(subject: str) -> None:
    """The same for what takes a second or more to make, as letters do."""
    send_message(subject)


def _claim(pk: int) -> Message | None:
    """The message, claimed for this process; None when it is settled. Later: someone else may be at it."""
    now = timezone.now()
    # A claim of later than now was made by a clock that has been put back since.
    over = Q(claimed_at__lte=now - CLAIM) | Q(claimed_at__gt=now + CLAIM)
    free = Message.objects.filter(
        Q(state=Message.State.WAITING) | (Q(state=Message.State.SENDING) & over), pk=pk
    )
    if free.update(state=Message.State.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return Message.objects.select_related("recipient").get(pk=pk)
    if Message.objects.filter(pk=pk, state=Message.State.SENDING).exists():
        raise outbox.Later(CLAIM.total_seconds() / 3)
    return None


def _mine(message: Message) -> models.QuerySet[Message]:
    """The message's row, as long as this process' claim on it is the last one."""
    return Message.objects.filter(pk=message.pk, state=Message.State.SENDING, attempts=message.attempts)


def _hand_over(message: Message, told: Sequence[Notice]) -> dict[str, Any]:
    """Word the message and give it to the mail server; what is to be noted on its row."""
    recipient = message.recipient
    if recipient is not None and not recipient.is_active:
        return {"state": Message.State.FAILED, "last_error": "The account is closed."}
    with translation.override(message.language):
        content = _kinds[told[0].kind](told) if told else None
        to = recipient or (_addresses[told[0].kind](told) if told else None)
        if content is None or to is None:
            return {"state": Message.State.UNNEEDED, "last_error": NOTHING_LEFT}
        compose(content, recipient=to, language=message.language, message_id=message.message_id).send()
    return {"state": Message.State.SENT, "sent_at": timezone.now(), "last_error": ""}


def _note_outcome(message: Message, told: Sequence[Notice], outcome: dict[str, Any]) -> None:
    with transaction.atomic():
        if not _mine(message).update(**outcome) or outcome["state"] != Message.State.SENT:
            return
        for kind in {notice.kind for notice in told} & set(_sent):
            _sent[kind]([notice for notice in told if notice.kind == kind], outcome["sent_at"])


def _refused_for_good(error: Exception) -> str:
    """What the mail server said where it knows no such address (RFC 5321: codes from 500); "" for anything else."""
    if not isinstance(error, SMTPRecipientsRefused) or not error.recipients:
        return ""
    answers = list(error.recipients.values())
    if any(code < 500 for code, _said in answers):
        return ""
    code, said = answers[0]
    return f"{code} {said.decode(errors='replace')}"[:300]


def _note_failure(message: Message, error: str) -> None:
    final = message.attempts >= ATTEMPTS
    _mine(message).update(state=Message.State.FAILED if final else Message.State.WAITING, last_error=error)
