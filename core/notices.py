"""Notices: who is told what, once; and the messages that tell it.

A notice is unique, so whatever is repeated tells nobody twice. Its message is *claimed* before it is handed
to the mail server and marked *sent* afterwards. Two processes can't both claim it. A process that dies
while it holds the claim leaves open whether the mail went out: when the claim has run out it is sent again,
with the same Message-ID, by which mail programs know it for the same mail. That window is the only one.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from core import outbox
from core.mail import MailContent, compose, new_message_id
from core.models import Message, Notice, pk_of, subject_of

logger = logging.getLogger(__name__)

# None: there is nothing left to tell (withdrawn, deleted); nothing is sent.
Render = Callable[[Sequence[Notice]], MailContent | None]

ATTEMPTS = 8
# Well above the mail server's timeout, so that a claim runs out only when its holder is gone.
CLAIM = timedelta(minutes=3)

_kinds: dict[str, Render] = {}


def register_kind(kind: str, render: Render) -> None:
    """Say how notices of ``kind`` are worded. ``render`` gets the notices of one message, oldest first, under
    the recipient's language, and reads what is true at that moment."""
    standing = _kinds.get(kind)
    if standing and (standing.__module__, standing.__qualname__) != (render.__module__, render.__qualname__):
        raise ValueError(f"Two renderings are registered for notices of kind {kind!r}.")
    _kinds[kind] = render


def notify(
    *,
    recipient: Any,
    kind: str,
    subject: models.Model,
    occurrence: str = "once",
    digest_key: str = "",
    send_at: datetime | None = None,
) -> Notice | None:
    """Tell ``recipient`` of ``subject``, once per ``occurrence``; None when that was noted before.

    Belongs into the transaction of the event: RuntimeError outside one. With ``digest_key`` the notice joins
    a message under the same key that still waits; give such messages a ``send_at`` in the near future.
    KeyError for a kind that isn't registered.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A notice must be made in the transaction of its event.")
    if kind not in _kinds:
        raise KeyError(f"No rendering is registered for notices of kind {kind!r}.")
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
            message = _waiting_digest(recipient, digest_key) or _new_message(recipient, digest_key, send_at)
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


def _new_message(recipient: Any, digest_key: str, send_at: datetime | None) -> Message:
    message = Message.objects.create(
        recipient=recipient,
        digest_key=digest_key,
        language=recipient.language,
        message_id=new_message_id(),
    )
    outbox.record("message.send", message, available_at=send_at)
    return message


@outbox.handler("message.send", name="core.send_message", outside=True, pause=60)
def send_message(subject: str) -> None:
    """Send one message. Raises what the mail server raised, after giving the claim up: the outbox waits
    longer each time; after eight attempts the message is marked failed."""
    message = _claim(int(pk_of(subject, Message)))
    if message is None:
        return
    try:
        outcome = _hand_over(message)
    except Exception as error:
        _note_failure(message, f"{type(error).__name__}: {error}"[:1000])
        if message.attempts < ATTEMPTS:
            raise
        logger.exception("Message %s is given up.", message.message_id)
        return
    _mine(message).update(**outcome)


def _claim(pk: int) -> Message | None:
    """The message, claimed for this process; None when it is settled. Later: someone else may be at it."""
    now = timezone.now()
    free = Message.objects.filter(
        Q(state=Message.State.WAITING) | Q(state=Message.State.SENDING, claimed_at__lte=now - CLAIM), pk=pk
    )
    if free.update(state=Message.State.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return Message.objects.select_related("recipient").get(pk=pk)
    if Message.objects.filter(pk=pk, state=Message.State.SENDING).exists():
        raise outbox.Later(CLAIM.total_seconds() / 3)
    return None


def _mine(message: Message) -> models.QuerySet[Message]:
    """The message's row, as long as this process' claim on it is the last one."""
    return Message.objects.filter(pk=message.pk, state=Message.State.SENDING, attempts=message.attempts)


def _hand_over(message: Message) -> dict[str, Any]:
    """Word the message and give it to the mail server; what is to be noted on its row."""
    recipient = message.recipient
    if not recipient.is_active:
        return {"state": Message.State.FAILED, "last_error": "The account is closed."}
    notices = list(message.notices.order_by("pk"))
    with translation.override(message.language):
        content = _kinds[notices[0].kind](notices) if notices else None
        if content is None:
            return {"state": Message.State.FAILED, "last_error": "There was nothing left to tell."}
        compose(content, recipient=recipient, language=message.language, message_id=message.message_id).send()
    return {"state": Message.State.SENT, "sent_at": timezone.now(), "last_error": ""}


def _note_failure(message: Message, error: str) -> None:
    final = message.attempts >= ATTEMPTS
    _mine(message).update(state=Message.State.FAILED if final else Message.State.WAITING, last_error=error)
