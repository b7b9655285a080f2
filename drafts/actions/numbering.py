"""Giving a draft its number and its labels, once each in its guidelines.

Making a draft takes a second or more, for it holds the whole text. So it begins under a number that nobody sees,
and takes its own at the end: only then do others who begin, circulate or publish wait, and only for a moment.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from core.names import without_overrides
from core.six_languages import column
from drafts.actions.moving import lock_guidelines
from drafts.actions.naming import label_errors
from drafts.models import Draft, Guidelines
from drafts.naming import LANGUAGES
from drafts.queries import labels_of

# Above every number that a draft may have.
_UNSEEN = 1_000_000_000


@dataclass(frozen=True)
class Labels:
    """What a draft is to be called, by language, and by what name each was asked for."""

    words: Mapping[str, str]
    names: Mapping[str, str]

    def errors(self, taken: set[str]) -> dict[str, str]:
        """What is wrong with them, by the names they were asked for; ``taken`` are the labels of other drafts."""
        return {self.names[code]: error for code, error in label_errors(self.words, taken).items()}


def open_draft(guidelines: Guidelines, **fields: Any) -> Draft:
    """A draft without its number and labels; ``number_draft`` must follow in the same transaction."""
    unseen = _UNSEEN + secrets.randbelow(_UNSEEN)
    # The English label is the first that stands in for the others.
    return Draft.objects.create(guidelines=guidelines, number=unseen, label_en=uuid4().hex, **fields)


def number_draft(draft: Draft, labels: Labels, number: int | None = None) -> None:
    """Give ``draft`` its ``labels``, in no other language, and the ``number``, by default the one after the last.

    Until the transaction ends whoever begins, names or moves another draft of the guidelines waits.
    ``ValidationError`` where a label, in whatever language or case, or the number is taken by now.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()  # thousands of references, else looked at by the commit, under the lock
    guidelines = lock_guidelines(draft)
    errors = labels.errors(labels_of(guidelines, but=draft)) | number_errors(guidelines, number)
    if errors:
        raise ValidationError(errors)
    if number is None:
        last = guidelines.drafts.exclude(pk=draft.pk).aggregate(last=Max("number"))["last"]
        number = 0 if last is None else last + 1
    draft.number = number
    for code in LANGUAGES:
        # None where there is no label: the database keeps an empty one from standing twice.
        setattr(draft, column("label", code), without_overrides(labels.words.get(code, "")) or None)
    draft.save()


def number_errors(guidelines: Guidelines, number: int | None) -> dict[str, str]:
    """That a draft of the guidelines has the number already, where one has; said of ``number``."""
    if number is None or not guidelines.drafts.filter(number=number).exists():
        return {}
    return {"number": _("These guidelines have a draft number %(number)d already.") % {"number": number}}
