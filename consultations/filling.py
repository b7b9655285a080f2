"""Places in the words of an answer, such as ``{number}`` or ``{quote}``, filled for one comment in each language.

What a place is filled with stands in the answer as it was then. Nothing is filled in that readers of the answer may not
know; a place that has nothing to be filled with is said, and never left empty.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Country, StakeholderGroup
from consultations.applying import target_of
from consultations.mails import place_of
from consultations.models import Comment, Round
from consultations.naming import EVERYBODY, author_name, organisation_name
from consultations.rules import may_see_origin
from core.punctuation import listed
from drafts.marks import printed_marks, without_marks
from drafts.models import ProvisionText

PLACE = re.compile(r"\{([^{}\n]{0,40})\}")


def _number(comment: Comment, _user: Any, _language: str) -> str:
    # Where the secretariat alone reads, a number would tell the author how many others there are.
    return "" if comment.round.visibility == Round.Visibility.SECRETARIAT else str(comment.number or "")


def _provision(comment: Comment, _user: Any, _language: str) -> str:
    place = place_of(comment)
    # Of paragraphs the place is a bare number, which says nothing within a sentence.
    bare = comment.provision is not None and place == comment.provision.number
    return _("paragraph %(number)s") % {"number": place} if bare else place


def _quote(comment: Comment, _user: Any, _language: str) -> str:
    anchor = getattr(comment, "anchor", None)
    return without_marks(anchor.exact) if anchor else ""


def _proposal(comment: Comment, _user: Any, _language: str) -> str:
    return without_marks(comment.proposed_text)


def _round(comment: Comment, _user: Any, _language: str) -> str:
    return comment.round.title


def _new_text(comment: Comment, user: Any, language: str) -> str:
    """The wording in the draft that is being written, in the language of the answer."""
    target = target_of(comment, user)
    if target is None:
        return ""
    words = ProvisionText.objects.filter(provision=target.provision, language=language).first()
    return without_marks(printed_marks(words.text, words.footnotes)) if words else ""


def _author(comment: Comment, _user: Any, _language: str) -> str:
    known = author_name(comment, EVERYBODY) or organisation_name(comment, EVERYBODY)
    if known or not may_see_origin(EVERYBODY, comment):
        return known
    state = comment.stakeholder_group == StakeholderGroup.MEMBER_STATE
    country = Country.objects.filter(pk=comment.country).first() if state else None
    return country.name if country else ""


PLACES: dict[str, Callable[[Comment, Any, str], str]] = {
    "number": _number,
    "provision": _provision,
    "quote": _quote,
    "proposal": _proposal,
    "round": _round,
    "new_text": _new_text,
    "author": _author,
}


def places_in(text: str) -> set[str]:
    """The names in braces, known or not."""
    return {found.strip() for found in PLACE.findall(text)}


def has_places(responses: dict[str, str]) -> bool:
    """Whether words still hold places that this module knows."""
    return any(places_in(text) & set(PLACES) for text in responses.values())


def check_places(responses: dict[str, str]) -> None:
    """``ValidationError`` at ``response_<language>`` where a text names a place that there isn't."""
    errors = {}
    for language, text in responses.items():
        if unknown := sorted(places_in(text) - set(PLACES)):
            errors[f"response_{language}"] = _("There is no placeholder %(wrong)s. There are: %(known)s.") % {
                "wrong": listed(_braced(unknown)),
                "known": listed(_braced(PLACES)),
            }
    if errors:
        raise ValidationError(errors)


@dataclass(frozen=True)
class Filled:
    """Words with their places filled; ``lacking`` names by language those that had nothing to be filled with, which
    stand as they were."""

    responses: dict[str, str]
    lacking: dict[str, list[str]]


def fill(comment: Comment, responses: dict[str, str], user: Any) -> Filled:
    """The words for this comment, as far as they can be filled. ``ValidationError`` where a place is unknown."""
    check_places(responses)
    result = Filled({}, {})
    for language, text in responses.items():
        with translation.override(language):
            values = {name: PLACES[name](comment, user, language) for name in places_in(text)}
        if lacking := sorted(name for name, value in values.items() if not value):
            result.lacking[language] = lacking
        result.responses[language] = _put(text, values)
    return result


def filled(comment: Comment, responses: dict[str, str], user: Any) -> dict[str, str]:
    """The words for this comment. ``ValidationError`` where a place is unknown, or has nothing to be filled with."""
    result = fill(comment, responses, user)
    if result.lacking:
        raise ValidationError({"response": told_of_lacking(comment, result)})
    return result.responses


def told_of_lacking(comment: Comment, result: Filled) -> list[str]:
    """What has nothing to be filled with, a sentence for each language."""
    return [_lacking(comment, names, language) for language, names in result.lacking.items()]


def _put(text: str, values: dict[str, str]) -> str:
    # In one go: what is filled in may hold braces of its own.
    return PLACE.sub(lambda found: values[found[1].strip()] or found[0], text)


def _lacking(comment: Comment, names: list[str], language: str) -> str:
    return _(
        "Comment no. %(number)s has nothing to fill in for %(places)s (language of the answer: %(language)s)."
    ) % {
        "number": comment.number or "–",
        "places": listed(_braced(names)),
        "language": translation.get_language_info(language)["name_translated"],
    }


def _braced(names: Iterable[str]) -> list[str]:
    return [f"{{{name}}}" for name in names]
