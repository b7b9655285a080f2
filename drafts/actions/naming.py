"""Giving guidelines their title, and a draft its label, in every language."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.names import without_overrides
from core.six_languages import column
from core.verdicts import Conflict, require
from drafts.actions.moving import lock_to_move
from drafts.models import Draft, Guidelines
from drafts.naming import LANGUAGES, words_of
from drafts.queries import labels_of
from drafts.rules import may_name_draft, may_name_guidelines, may_rename_draft

LONGEST_TITLE = 250
LONGEST_LABEL = 120
Words = Mapping[str, str]  # by language; a language that isn't there stays as it is


@dataclass
class Named:
    """What became of it: the languages that were changed, and those that somebody else had changed meanwhile."""

    changed: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)


def name_guidelines(*, actor: Any, guidelines: Guidelines, titles: Words, seen: Words) -> Named:
    """Give the title in some languages; ``seen`` are the titles that the actor had before them.

    What the actor left as they saw it stays as it stands by now. ``Conflict`` where both changed the same language
    (``current`` holds what stands); ``ValidationError`` by ``title_<language>``; ``Refusal``.
    """
    require(may_name_guidelines(actor))
    with transaction.atomic():
        guidelines = Guidelines.objects.select_for_update(no_key=True).get(pk=guidelines.pk)
        words, named = _merged(words_of(guidelines, "title"), titles, seen)
        errors = {
            code: _("A title has at most %(limit)d characters.") % {"limit": LONGEST_TITLE}
            for code in named.changed
            if len(words[code]) > LONGEST_TITLE
        }
        if not any(words.values()):
            errors["en"] = _("Give it in one language at least.")
        _save(guidelines, "title", words, named, errors)
        if named.changed:
            audit.record("guidelines.name", guidelines, actor=actor, changes={"languages": named.changed})
    return named


def name_draft(*, actor: Any, draft: Draft, labels: Words, seen: Words) -> Named:
    """Give a draft its label in some languages, as ``name_guidelines`` does the title.

    The labels of a draft that is out, or confirmed to come out, stay; a language without one may be given its own.
    """
    with transaction.atomic():
        draft = lock_to_move(draft)
        require(may_name_draft(actor, draft))
        standing = words_of(draft, "label")
        words, named = _merged(standing, labels, seen)
        given = {code: labels[code] for code in named.changed if labels[code].strip()}
        errors = label_errors(given, labels_of(draft.guidelines, but=draft))
        if not (may_rename := may_rename_draft(draft)):
            errors |= {code: str(may_rename.reason) for code in named.changed if standing[code]}
        if not any(words.values()):
            errors[draft.source_language] = _("Give it in one language at least.")
        _save(draft, "label", words, named, errors)
        if named.changed:
            audit.record("draft.name", draft, actor=actor, changes={"languages": named.changed})
    return named


def label_errors(labels: Words, taken: set[str]) -> dict[str, str]:
    """What is wrong with labels, by language; ``taken`` are those of the other drafts of the guidelines."""
    errors = {}
    folded = {label.casefold() for label in taken}
    for code, label in labels.items():
        controls = any(unicodedata.category(character) == "Cc" for character in label.strip())
        cleaned = without_overrides(label)
        if controls or not 1 <= len(cleaned) <= LONGEST_LABEL:
            errors[code] = _("A label has 1 to 120 characters.")
        elif cleaned.casefold() in folded:
            errors[code] = _("These guidelines have a draft labelled “%(label)s” already.") % {
                "label": cleaned
            }
    return errors


def _merged(standing: Words, given: Words, seen: Words) -> tuple[dict[str, str], Named]:
    """What is to stand, where the actor was shown ``seen`` and wrote ``given``."""
    words, named, both = dict(standing), Named(), {}
    for code in LANGUAGES:
        now = standing[code]
        mine, was = given.get(code, now), seen.get(code, now)
        if mine.strip() == was.strip():
            if now != was:
                named.theirs.append(code)
        elif without_overrides(mine) == now:
            continue  # both wrote the same
        elif now.strip() == was.strip():
            words[code] = without_overrides(mine)
            named.changed.append(code)
        else:
            both[code] = now
    if both:
        raise Conflict(
            _("Somebody else has changed this since you opened the page."), current={"words": both}
        )
    return words, named


def _save(row: Guidelines | Draft, name: str, words: Words, named: Named, errors: Mapping[str, str]) -> None:
    if errors:
        raise ValidationError({column(name, code): error for code, error in errors.items()})
    for code in named.changed:
        # None where there is none: the database keeps an empty label from standing twice.
        setattr(row, column(name, code), words[code] or None)
    if named.changed:
        # The column without a language goes with them: that a label is given once is asked of it. So do all with
        # one: what stands in for the language that is active would be saved as its own.
        row.save(update_fields=[name, *(column(name, code) for code in LANGUAGES)])
