"""Names that nobody may publish under, for readers would take them for somebody else."""

import re
import unicodedata

from django.utils.translation import gettext as _

# The secretariat, UN-Habitat and the portal itself, in the six languages; as whole words wherever they stand.
_OFFICIAL = (
    *("Secretariat", "Secrétariat", "Secretaría", "Секретариат", "الأمانة", "秘书处"),
    *("UN-Habitat", "UNHabitat", "ONU-Habitat", "ONUHabitat", "ООН-Хабитат", "موئل الأمم المتحدة"),
    *("人居署", "联合国人居署", "United Nations Human Settlements Programme"),
    *("Guidelines Portal", "Portail des lignes directrices", "Portal de Directrices"),
    *("Портал руководящих принципов", "بوابة المبادئ التوجيهية", "准则门户"),
)
# What stands where the name of somebody who has left stood (accounts/pseudonyms.py), in the six languages.
_PSEUDONYMS = (
    *("Former participant", "Ancien participant", "Antiguo participante", "Бывший участник"),
    *("مشارك سابق", "前参与者"),
)
# Signs that look like Latin letters. Applied to both sides, so that Cyrillic words still equal themselves.
_ALIKE = str.maketrans(
    dict(zip("авекмнорстухѕіјԁһԛԝ", "abekmhopctyxsijdhqw", strict=True))
    | dict(zip("αβεικνορτυχ", "abeikvoptux", strict=True))
    | {"0": "o", "1": "i", "l": "i", "3": "e", "5": "s"}
)


def is_reserved(name: str) -> bool:
    """Whether ``name`` holds an official name as a word, or has the form of a pseudonym: whatever its case and
    accents, the signs between its letters, and letters of other scripts that look the same."""
    words = _words(name)
    together = words.replace(" ", "")
    return any(_holds(words, together, _words(official)) for official in _OFFICIAL) or any(
        _begins(words, together, _words(pseudonym)) for pseudonym in _PSEUDONYMS
    )


def refusal() -> str:
    """Why such a name is refused and what to do instead."""
    return _(
        "This name could be taken for the secretariat, for UN-Habitat or for a former participant. "
        "Give the person's own name."
    )


def _holds(words: str, together: str, official: str) -> bool:
    if _is_chinese(official):
        return official in together
    return f" {official} " in f" {words} " or together == official.replace(" ", "")


def _begins(words: str, together: str, pseudonym: str) -> bool:
    if _is_chinese(pseudonym):
        return together.startswith(pseudonym)
    return f"{words} ".startswith(f"{pseudonym} ") or together.startswith(pseudonym.replace(" ", ""))


def _is_chinese(words: str) -> bool:
    return "\u4e00" <= words[0] <= "\u9fff"


def _words(text: str) -> str:
    """The letters, alike ones made the same, in words with one blank between them."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(sign for sign in apart if unicodedata.category(sign) not in ("Mn", "Cf"))
    return " ".join(re.findall(r"[^\W_]+", letters.translate(_ALIKE)))
