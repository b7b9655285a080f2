"""The title of guidelines and the label of a draft in every language: what there is, and what stands in for it."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.six_languages import column
from drafts.models import Draft, Guidelines
from drafts.queries import labels_of

LANGUAGES = dict(settings.LANGUAGES)
MOST_ORDINALS = 10  # further drafts are numbered


def words_of(row: Guidelines | Draft, name: str) -> dict[str, str]:
    """What the field ``name`` says, by language, in the portal's order; empty where nobody has given it."""
    return {code: getattr(row, column(name, code)) or "" for code in LANGUAGES}


def stands_in(words: Mapping[str, str], language: str) -> str:
    """The language whose words are read where there are none in ``language``; "" where there are none at all."""
    order = (language, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)
    return next((code for code in order if words.get(code)), "")


def ordinal_label(number: int) -> str:
    """What the draft with this ordinal is called in the language that is active; 0 is the zero draft."""
    names = (
        *(_("Zero draft"), _("First draft"), _("Second draft"), _("Third draft"), _("Fourth draft")),
        *(_("Fifth draft"), _("Sixth draft"), _("Seventh draft"), _("Eighth draft"), _("Ninth draft")),
        _("Tenth draft"),
    )
    return names[number] if number <= MOST_ORDINALS else _("Draft %(number)d") % {"number": number}


def labels_suggested(guidelines: Guidelines) -> dict[str, str]:
    """The label of the draft that comes next, by language: the ordinal behind the last that a draft is labelled with,
    else behind the number of drafts. None of them is taken (two queries)."""
    taken = {label.casefold() for label in labels_of(guidelines)}
    count = guidelines.drafts.count()
    known = [number for number in range(count + MOST_ORDINALS + 2) if taken & _folded(number)]
    ordinal = known[-1] + 1 if known else count + 1
    while taken & _folded(ordinal):
        ordinal += 1
    return in_every_language(ordinal)


def in_every_language(ordinal: int) -> dict[str, str]:
    """``ordinal_label`` by language."""
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[code] = ordinal_label(ordinal)
    return found


def _folded(ordinal: int) -> set[str]:
    return {label.casefold() for label in in_every_language(ordinal).values()}
