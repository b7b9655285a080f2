"""Giving a draft its number and its label, once each in its guidelines.

Making a draft takes a second or more, for it holds the whole text. So it begins under a number that nobody sees,
and takes its own at the end: only then do others who begin, circulate or publish wait, and only for a moment.
"""

import secrets
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from drafts.actions.moving import lock_guidelines
from drafts.models import Draft, Guidelines
from drafts.queries import labels_of

# Above every number that a draft may have.
_UNSEEN = 1_000_000_000


def open_draft(guidelines: Guidelines, **fields: Any) -> Draft:
    """A draft without its number and label; ``number_draft`` must follow in the same transaction."""
    unseen = _UNSEEN + secrets.randbelow(_UNSEEN)
    # The English label is what every other language falls back to.
    return Draft.objects.create(guidelines=guidelines, number=unseen, label_en=uuid4().hex, **fields)


def number_draft(draft: Draft, number: int | None = None) -> None:
    """Give ``draft`` the ``number``, by default the one after the last, and keep the label that it has by now.

    Until the transaction ends whoever begins or moves another draft of the guidelines waits. ``ValidationError``
    where the label or the number is taken by now.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()  # thousands of references, else looked at by the commit, under the lock
    guidelines = lock_guidelines(draft)
    check_label(guidelines, draft.label, but=draft)
    check_number(guidelines, number)
    if number is None:
        last = guidelines.drafts.exclude(pk=draft.pk).aggregate(last=Max("number"))["last"]
        number = 0 if last is None else last + 1
    draft.number = number
    draft.save()


def check_label(guidelines: Guidelines, label: str, *, but: Draft | None = None) -> None:
    """``ValidationError`` where another draft of the guidelines is called so, in whatever language or case."""
    if any(label.casefold() == other.casefold() for other in labels_of(guidelines, but=but)):
        raise ValidationError(
            {"label": _("These guidelines have a draft labelled “%(label)s” already.") % {"label": label}}
        )


def check_number(guidelines: Guidelines, number: int | None) -> None:
    """``ValidationError`` where a draft of the guidelines has the number already."""
    if number is not None and guidelines.drafts.filter(number=number).exists():
        raise ValidationError(
            {"number": _("These guidelines have a draft number %(number)d already.") % {"number": number}}
        )
