"""What a reviewer is shown of a candidate while scoring is blind: nothing that says who it is."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from experts.models import Nomination

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|www\.\S+")
_LONGEST_PARTICLE = 2  # "de", "al", "Xu": too short to be told from other words
# What is written without letters says much with two signs: 法国 is France, 李明 a whole name.
_SIGNS = re.compile("[\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]{2}")


def candidate_name(nomination: Nomination) -> str:
    """``Candidate 7``."""
    return _("Candidate %(number)d") % {"number": nomination.candidate_number or 0}


def identifying_words(nomination: Nomination) -> list[str]:
    """What gives a candidate away in their own texts: name, workplace and country (in six languages).

    Reads ``nomination.country``.
    """
    names = [nomination.name, *(part for part in re.split(r"[\s\-’']+", nomination.name))]
    codes = [code.replace("-", "_") for code, _name in settings.LANGUAGES]
    names += [str(getattr(nomination.country, f"name_{code}", "") or "") for code in codes]
    names += [nomination.workplace, nomination.country_id]
    told = {name for name in names if len(name) > _LONGEST_PARTICLE or _SIGNS.fullmatch(name)}
    return sorted(told, key=len, reverse=True)


def blinded(text: str, words: Iterable[str]) -> str:
    """``text`` with these words, and every address, replaced by ``[…]``. Forms of a word that differ are left:
    the page asks reviewers to say so where they know somebody."""
    text = _ADDRESS.sub("[…]", text)
    for word in words:
        pattern = re.escape(word)
        if word[0].isascii():
            pattern = rf"(?<!\w){pattern}(?!\w)"
        text = re.sub(pattern, "[…]", text, flags=re.IGNORECASE)
    return text
