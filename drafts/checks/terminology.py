"""Official terms that a translation renders otherwise."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from drafts.checks.read import ReadDraft
from drafts.checks.registry import Found, check
from drafts.inflection import Glossary, bare, stands_in
from drafts.models import Finding, Provision, ProvisionText
from drafts.translating import TranslationState, state_of


@check(
    "term_rendered_otherwise",
    Finding.Severity.WARNING,
    title=_("An official term is rendered otherwise"),
    looks_for=_(
        "Provisions whose original has a term of the glossary while their translation has not what the glossary "
        "calls it in that language, in any number, case or gender. Outdated translations are left out."
    ),
    why=_(
        "Who reads another word takes it for another thing; and nobody finds it by the words of the glossary."
    ),
    messages=_(
        "“%(term)s” stands in the original; the official equivalent “%(official)s” isn't in the translation."
    ),
)
def terms_rendered_otherwise(read: ReadDraft) -> Iterator[Found]:
    headings = _headings(read, read.source)
    glossary = Glossary(headings, read.source)
    texts = [(row, text, _said(text)) for row, text in read.rows(read.source)]
    occurring = [(row, text, glossary.occurring(said)) for row, text, said in texts]
    for language in read.languages[1:] if read.source in read.languages else ():
        official = _headings(read, language)
        for row, source, keys in occurring:
            text = read.text(row, language)
            if text is None or state_of(text, source) in (
                TranslationState.MISSING,
                TranslationState.OUTDATED,
            ):
                continue
            said = _said(text)
            for key in keys:
                # A term is explained by other words than its own.
                if key != row.key and key in official and not stands_in(official[key], said, language):
                    yield Found(
                        row.key,
                        language,
                        params={"term": headings[key], "official": official[key]},
                        others=(key,),
                        words=(headings[key], official[key], said),
                    )


def _headings(read: ReadDraft, language: str) -> dict[str, str]:
    rows = read.rows(language, (Provision.Kind.TERM,))
    return {row.key: heading for row, text in rows if (heading := bare(text.heading))}


def _said(text: ProvisionText) -> str:
    return f"{text.heading}\n{text.text}"
