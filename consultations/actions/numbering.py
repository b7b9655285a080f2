"""Numbers without gaps, and the deadline that no submission slips past."""

import hashlib
import json
from datetime import datetime

from django.db import connection

from consultations.models import Anchor, Comment, Round


class RoundNoLongerAccepts(Exception):
    """The round was closed while this submission was on its way; the transaction must roll back."""


def take_number(round: Round, *, though_closed: bool = False) -> int:
    """The round's next number. To be the last statement but one of a submission's transaction.

    The row stays locked until the transaction ends, so that numbers follow each other in the order of
    commits; a round closed early gives out none, but (``though_closed``) for what was received before. Holds on
    SQLite too, where ``select_for_update`` is idle. Raises ``RoundNoLongerAccepts``.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_roundcounter SET last = last + 1"
            " WHERE round_id = %s AND (accepting OR %s) RETURNING last",
            [round.pk, though_closed],
        )
        row = cursor.fetchone()
    if row is None:
        raise RoundNoLongerAccepts
    return int(row[0])


def receipt_of(comment: Comment, anchor: Anchor | None, *, number: int, at: datetime) -> str:
    """A hash by which its holder can prove what was submitted: SHA-256 over the canonical JSON of it.

    The salt keeps others from guessing a short comment from its receipt.
    """
    document = {
        "comment": str(comment.uuid),
        "round": comment.round_id,
        "number": number,
        "submitted_at": at.isoformat(),
        "content": comment.content,
        "quote": anchor.exact if anchor else None,
        "salt": comment.receipt_salt,
    }
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
