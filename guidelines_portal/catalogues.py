"""The interface's texts: found in templates and Python, kept in `locale/<language>/LC_MESSAGES/django.po`.

Babel does what GNU gettext does for Django's own `makemessages`, so that a machine with nothing but Python
can collect, compare and compile catalogues.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

# What each function's arguments are: a number alone is the text, "c" marks the context.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators:",)
# As gettext, Django and the translators count. Babel's own rule has the last two Arabic forms the other way round.
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
}
SOURCES = (
    "core",
    "accounts",
    "drafts",
    "consultations",
    "experts",
    "roadmap",
    "guidelines_portal",
    "templates",
)


class Text(NamedTuple):
    """One text to translate: context (or None), the English, its plural (or "") and notes to translators."""

    context: str | None
    singular: str
    plural: str
    notes: tuple[str, ...]

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural else self.singular


def translated_languages() -> list[str]:
    """Every language of the interface but the one that the texts are written in."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def catalogue_path(language: str, root: Path | None = None) -> Path:
    """Where the catalogue of a language is kept, as `.po`; the compiled one lies beside it as `.mo`."""
    return (root or settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"


def source_files(root: Path) -> Iterator[Path]:
    """Python files and templates under the project's own directories, in a stable order."""
    for name in SOURCES:
        for path in sorted((root / name).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def collect_texts(root: Path) -> list[Text]:
    """Every text to translate under `root`, once each, in the order of first appearance."""
    found: dict[tuple[str | None, str], Text] = {}
    for path in source_files(root):
        for text in _texts_of(path):
            key = (text.context, text.singular)
            if key not in found or (text.plural and not found[key].plural):
                found[key] = text
    return list(found.values())


def _texts_of(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What isn't a text becomes X's; indentation means nothing there and would trip Python's tokenizer.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    stream = io.BytesIO(source.encode())
    for _line, message, notes, context in extract(
        "python", stream, keywords=KEYWORDS, comment_tags=COMMENT_TAGS, options={"encoding": "utf-8"}
    ):
        singular, plural = message if isinstance(message, tuple) else (message, "")
        if singular:
            yield Text(context, singular, plural, tuple(notes))


def read_catalogue(path: Path, language: str) -> Catalog:
    """The catalogue at `path`, or an empty one when there is none yet."""
    if not path.is_file():
        return Catalog(locale=to_locale(language), fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale=to_locale(language))


def update_catalogue(language: str, texts: list[Text], root: Path | None = None) -> int:
    """Bring a language's catalogue in step with `texts`, keeping translations; return how many lack one.

    A text that is gone goes; a text that changed comes without translation: a guess marked fuzzy would be
    left out by gettext and overlooked by people.
    """
    path = catalogue_path(language, root)
    known = read_catalogue(path, language)
    fresh = Catalog(
        locale=to_locale(language),
        header_comment=f"# The interface of the Guidelines Portal: {language}.",
        project="Guidelines Portal",
        version="1",
        creation_date=known.creation_date,  # or every run would change every file
        revision_date=known.creation_date,
        last_translator="",
        language_team="",
        msgid_bugs_address="",
        fuzzy=False,
        charset="utf-8",
    )
    if language in PLURALS:
        fresh.mime_headers = [("Plural-Forms", PLURALS[language])]
    missing = 0
    for text in texts:
        before = known.get(text.id, text.context)
        kept = before.string if before and not before.fuzzy and _same_shape(before.id, text.id) else None
        fresh.add(text.id, kept, auto_comments=text.notes, context=text.context)
        missing += not (all(kept) if isinstance(kept, (tuple, list)) else kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, fresh, width=100, omit_header=False, sort_output=True)
    return missing


def _same_shape(before: object, now: object) -> bool:
    return isinstance(before, (tuple, list)) == isinstance(now, (tuple, list))
