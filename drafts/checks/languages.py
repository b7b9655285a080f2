"""Translations that are empty, and sentences left in another language."""

import re
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from drafts.checks.read import RUNNING, ReadDraft, sentences_of
from drafts.checks.registry import Found, check
from drafts.languages import LATIN, SMALL_WORDS, language_of
from drafts.models import Finding, Provision

# From this share of the draft on a translation counts as made: what it lacks is a gap, not work to come.
MADE = 0.8
SHORTEST = 25  # letters; three Han characters say as much as ten letters
SHORTEST_HAN = 8
_ADDRESS = re.compile(r"https?://\S+|\b(?:[A-Z]+/)+[\w./-]+")
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|《[^》]*》|”[^“]*“|\"[^\"]*\"|[(（][^)）]*[)）]")
_HAN = re.compile(r"[\u3400-\u9fff]")


@check(
    "empty_translation",
    Finding.Severity.WARNING,
    title=_("An empty translation"),
    looks_for=_(
        "A heading or text that the source has and a translation has not; in languages with four fifths of the "
        "draft also provisions without any words."
    ),
    why=_("Readers in that language see a gap, or another language in its place."),
    messages={
        "text": _("The text is empty in this language."),
        "heading": _("The heading is empty in this language."),
        "missing": _("It has no translation, though nearly all of the draft has."),
        "several": _(
            "It has no translation into these languages, though nearly all of the draft has: %(languages)s"
        ),
    },
)
def empty_translations(read: ReadDraft) -> Iterator[Found]:
    sources = [(row, text) for row, text in read.rows(read.source) if text.heading or text.text]
    lacking: dict[str, list[str]] = defaultdict(list)  # by key, the languages
    for language in read.languages:
        if language == read.source:
            continue
        made = sum(read.text(row, language) is not None for row, _text in sources) >= MADE * len(sources)
        for row, source in sources:
            text = read.text(row, language)
            if text is None:
                if made:
                    lacking[row.key].append(language)
                continue
            for name in ("heading", "text"):
                if getattr(source, name).strip() and not getattr(text, name).strip():
                    yield Found(row.key, language, words=(getattr(source, name),), variant=name)
    for row, source in sources:  # what nobody has translated yet is one gap, not one for every language
        words, languages = (source.heading, source.text), lacking[row.key]
        if len(languages) > 1:
            params = {"languages": " ".join(languages)}
            yield Found(row.key, words=(*words, *languages), params=params, variant="several")
        elif languages:
            yield Found(row.key, languages[0], words=words, variant="missing")


@check(
    "other_language",
    Finding.Severity.WARNING,
    title=_("A sentence in another language"),
    looks_for=_(
        "Sentences most letters of which are of another script, and between languages in Latin letters those with "
        "the small words of another one. Quotations, titles, names in brackets and addresses are left out."
    ),
    why=_("Something was left untranslated, or pasted into the wrong language."),
    messages=_("This sentence seems to be in another language (%(seems)s): “%(sentence)s”"),
)
def sentences_in_another_language(read: ReadDraft) -> Iterator[Found]:
    kinds = (*RUNNING, Provision.Kind.FOOTNOTE)
    for language in read.languages:
        for row, text in read.rows(language):
            whole = [text.heading, text.text if row.kind in kinds else ""]
            for sentence in sentences_of("\n".join(whole)):
                words = _QUOTED.sub(" ", _ADDRESS.sub(" ", sentence))
                if not _long_enough(words):
                    continue
                seems = _other_language(words, language)
                if seems:
                    yield Found(
                        row.key,
                        language,
                        params={"seems": seems, "sentence": sentence},
                        words=(sentence,),
                    )


def _other_language(words: str, language: str) -> str:
    """The language that the words are in, if they are clearly not in ``language``; else nothing."""
    seems = language_of(words, default=language)
    if seems == language:
        return ""
    if language in SMALL_WORDS and seems in SMALL_WORDS:
        # Some small words are those of two languages: one sentence must have many of the other's.
        found = LATIN.findall(words.lower())
        own, others = (sum(word in SMALL_WORDS[code] for word in found) for code in (language, seems))
        if others < max(3, 3 * own):
            return ""
    return seems


def _long_enough(words: str) -> bool:
    return len(_HAN.findall(words)) >= SHORTEST_HAN or sum(sign.isalpha() for sign in words) >= SHORTEST
