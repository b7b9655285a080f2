"""Notices for many people at once: the same uniqueness as `core.notices.notify`, in a few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from core import outbox
from core.mail import new_message_id
from core.many_rows import insert_rows
from core.models import Message, Notice
from core.notices import require_kind, sending_event

Key = tuple[int | None, str, str]
Place = tuple[int | None, str] | Key


@dataclass(frozen=True)
class Telling:
    """Tell ``recipient`` (None: whoever the subject names, without an account) of ``subject`` (``app.model:pk``).

    With ``digest_key`` it joins the recipient's message under the same key that still waits, or begins it.
    """

    recipient: int | None
    subject: str
    occurrence: str
    language: str
    digest_key: str = ""
    send_at: datetime | None = None

    @property
    def key(self) -> Key:
        return self.recipient, self.subject, self.occurrence

    @property
    def place(self) -> Place:
        """What tellings of one message share: whose digest and which, or for a message of its own the telling."""
        return (self.recipient, self.digest_key) if self.digest_key else self.key


def notify_many(*, kind: str, tellings: Iterable[Telling]) -> int:
    """Tell each once; how many weren't told before. For some hundreds or a thousand at a time.

    Belongs into a transaction: RuntimeError outside one. Of two that come here at once with the same, one tells.
    KeyError for a kind that isn't registered.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Notices must be made in the transaction of their event.")
    require_kind(kind)
    wanted = {telling.key: telling for telling in tellings}
    if _lock_people(list(wanted.values())):
        for key in told_before(kind, list(wanted.values())):
            wanted.pop(key, None)
    # In one order everywhere: two that insert the same keys wait for each other, but never in a ring.
    ordered = sorted(wanted.values(), key=lambda each: (each.recipient or 0, each.subject, each.occurrence))
    if not ordered:
        return 0
    messages, new = _messages_for(ordered)
    insert_rows(
        Notice,
        ("recipient", "subject", "occurrence", "message"),
        [(*each.key, messages[each.key]) for each in ordered],
        same={"kind": kind},
        ignore_conflicts=True,
    )
    standing = told_before(kind, ordered)
    made = [each for each in ordered if standing.get(each.key) == messages[each.key]]
    _send(kind, made, messages, new)
    if len(made) < len(ordered):  # told by another process in between: their messages hold nothing
        Message.objects.filter(pk__in=new, notices=None).delete()
    return len(made)


def told_before(
    kind: str, tellings: Sequence[Telling], *, without_account: bool = False
) -> dict[Key, int | None]:
    """What the same people were told of the same subjects, with the message that told it; one query.

    ``without_account``: also what was told to whoever the subjects name.
    """
    people = {each.recipient for each in tellings if each.recipient is not None}
    subjects = {each.subject for each in tellings}
    found = Notice.objects.filter(kind=kind, subject__in=subjects)
    who = Q(recipient__in=people) if people else Q(pk__in=[])
    if without_account or any(each.recipient is None for each in tellings):
        who |= Q(recipient=None)
    columns = ("recipient_id", "subject", "occurrence", "message_id")
    return {(who_, about, when): pk for who_, about, when, pk in found.filter(who).values_list(*columns)}


def _messages_for(tellings: Sequence[Telling]) -> tuple[dict[Key, int], set[int]]:
    """The message of each telling: the digest that waits, a new digest for each person, or one of its own; and those
    that are new. Keys alone."""
    messages = _waiting_digests(tellings)
    # A person's first telling under a digest's key begins it for the others.
    begun = {each.place: each for each in reversed(tellings) if each.place not in messages}
    made = insert_rows(
        Message,
        ("recipient", "digest_key", "language", "message_id"),
        [(each.recipient, each.digest_key, each.language, new_message_id()) for each in begun.values()],
    )
    messages |= dict(zip(begun, made, strict=True))
    return {each.key: messages[each.place] for each in tellings}, set(made)


def _lock_people(tellings: Sequence[Telling]) -> bool:
    """Those whose notices are gathered, if there are any: of two that gather for somebody at once, the second then
    sees what the first did."""
    people = {each.recipient for each in tellings if each.digest_key and each.recipient is not None}
    if people:
        locked = get_user_model()._default_manager.select_for_update(no_key=True).filter(pk__in=people)
        list(locked.order_by("pk").values_list("pk", flat=True))
    return bool(people)


def _waiting_digests(tellings: Sequence[Telling]) -> dict[Place, int]:
    """The digests that still wait, locked: none can be claimed before these notices are committed."""
    gathered = [each for each in tellings if each.digest_key and each.recipient is not None]
    if not gathered:
        return {}
    waiting = Message.objects.select_for_update().filter(
        recipient__in={each.recipient for each in gathered},
        digest_key__in={each.digest_key for each in gathered},
        state=Message.State.WAITING,
        attempts=0,
    )
    columns = ("recipient_id", "digest_key", "pk")
    return {(who, digest): pk for who, digest, pk in waiting.order_by("-pk").values_list(*columns)}


def _send(kind: str, made: Sequence[Telling], messages: dict[Key, int], new: set[int]) -> None:
    """Note in the outbox the messages that are new; a digest that waited has its row there already."""
    at = {messages[each.key]: each.send_at for each in made if messages[each.key] in new}
    label = Message._meta.label_lower
    outbox.record_many(sending_event(kind), [(f"{label}:{pk}", when) for pk, when in at.items()])
