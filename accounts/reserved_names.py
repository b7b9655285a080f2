"""Names that nobody may publish under, for readers would take them for somebody else."""

import re
import unicodedata

from django.utils.translation import gettext as _

from accounts.models import StakeholderGroup

# The secretariat, UN-Habitat and the portal itself, in the six languages; as whole words wherever they stand.
_SECRETARIAT = ("Secretariat", "Secrétariat", "Secretaría", "Секретариат", "الأمانة", "秘书处", "秘書處")
_NAMES = (
    *("UN-Habitat", "UNHabitat", "ONU-Habitat", "ONUHabitat", "ООН-Хабитат", "موئل الأمم المتحدة"),
    *("人居署", "联合国人居署", "United Nations Human Settlements Programme"),
    *("Guidelines Portal", "Portail des lignes directrices", "Portal de Directrices"),
    *("Портал руководящих принципов", "بوابة المبادئ التوجيهية", "准则门户", "準則門戶"),
)
_OFFICIAL = (*_SECRETARIAT, *_NAMES)
# What stands where the name of somebody who has left stood (accounts/pseudonyms.py), in the six languages.
_PSEUDONYMS = (
    *("Former participant", "Ancien participant", "Antiguo participante", "Бывший участник"),
    *("مشارك سابق", "前参与者"),
)
# Signs that look like Latin letters. Applied to both sides, so that Cyrillic words still equal themselves.
_ALIKE = str.maketrans(
    dict(zip("авекмнорстухѕіјԁһԛԝ", "abekmhopctyxsijdhqw", strict=True))
    | dict(zip("αβεικνορτυχ", "abeikvoptux", strict=True))
    | {"0": "o", "1": "i", "l": "i", "3": "e", "4": "a", "5": "s"}
    # Latin letters of phonetic and small capital form; Armenian and Cherokee ones.
    | dict(zip("ıɩɪɑᴀʙᴄᴅᴇɡʜᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "iiiaabcdeghjkimnoprstuvwyz", strict=True))
    | dict(zip("տօոսհ\u13aa\u13df\u13ac\u13bb\u13b7\u13a2\u13a1\u13da", "sonuhacehmirs", strict=True))
    # Arabic letters in the form of Persian, and those that many write for each other.
    | {"\u06cc": "\u064a", "\u0649": "\u064a", "\u06a9": "\u0643", "\u0629": "\u0647", "\u06c1": "\u0647"}
)
# It lengthens the line between two Arabic letters.
_TATWEEL = "\u0640"
_ARTICLES = ("the ", "le ", "la ", "el ")


def is_reserved(name: str) -> bool:
    """Whether ``name`` holds an official name as a word, or has the form of a pseudonym: whatever its case and
    accents, the signs between its letters, and letters of other scripts that look the same."""
    words = _words(name)
    together = words.replace(" ", "")
    return any(_holds(words, together, _words(official)) for official in _OFFICIAL) or any(
        _begins(words, together, _words(pseudonym)) for pseudonym in _PSEUDONYMS
    )


def is_reserved_for_organisations(name: str, kind: str) -> bool:
    """Whether an organisation called ``name`` would be taken for the portal's own secretariat or for UN-Habitat.

    Those of the kind UN-Habitat may have its name, for nobody speaks as one of them without being confirmed. Many
    have a secretariat, and ministries are called so: alone it isn't the name of one.
    """
    if kind == StakeholderGroup.UN_HABITAT:
        return False
    words = _words(name)
    together = words.replace(" ", "")
    alone = {words, *(words.removeprefix(article) for article in _ARTICLES)}
    return (
        any(_holds(words, together, _words(official)) for official in _NAMES)
        or any(_words(official) in alone for official in _SECRETARIAT)
        or any(_begins(words, together, _words(pseudonym)) for pseudonym in _PSEUDONYMS)
    )


def refusal() -> str:
    """Why such a name is refused and what to do instead."""
    return _(
        "This name could be taken for the secretariat, for UN-Habitat or for a former participant. "
        "Give the person's own name."
    )


def organisation_refusal() -> str:
    """Why an organisation's name is refused and what to do instead."""
    return _(
        "This name could be taken for the secretariat or for UN-Habitat. If you belong to it, choose “%(kind)s” as "
        "the kind: your place is confirmed by the secretariat."
    ) % {"kind": StakeholderGroup.UN_HABITAT.label}


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
    """The letters, alike ones made the same, in words with one blank between them; initials are one word."""
    apart = unicodedata.normalize("NFKD", text).casefold().replace(_TATWEEL, "")
    letters = "".join(
        sign for sign in apart if unicodedata.category(sign) != "Cf" and unicodedata.category(sign)[0] != "M"
    )
    words = " ".join(re.findall(r"[^\W_]+", letters.translate(_ALIKE)))
    return re.sub(r"\b(\w) (?=\w\b)", r"\1", words)
