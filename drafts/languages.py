"""The language that somebody wrote in, where they did not say."""

import re

SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "zh-hans": re.compile(r"[\u3400-\u9fff]"),
}
# Small words of one of the three languages alone.
SMALL_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to is that for are be with as should this it we by or from which would",
        "es": "el los las y por con una para del se como más pero su al lo este esta debe son",
        "fr": "le les des et du une pour est dans ne pas au sur qui par ce cette il nous aux",
    }.items()
}
ADDRESS = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.I)
LATIN = re.compile(r"[^\W\d_]+")


def language_of(text: str, *, default: str) -> str:
    """One of the six languages: by script, and between those in Latin script by small words.

    ``default`` (the writer's own language) stands wherever the text does not tell. Quoting some words of
    another language does not change it: the script of most letters decides.
    """
    text = ADDRESS.sub(" ", text)  # in Latin letters in every language
    words = LATIN.findall(text.lower())
    letters = sum(map(len, words))
    if not text.isascii():
        for language, script in SCRIPTS.items():
            if len(script.findall(text)) * 2 > letters:
                return language
    counts = {language: sum(map(small.__contains__, words)) for language, small in SMALL_WORDS.items()}
    ranked = sorted(counts, key=lambda language: -counts[language])
    if counts[ranked[0]] > counts[ranked[1]]:
        return ranked[0]
    return default if default in SMALL_WORDS or not letters else "en"
