"""Six languages, complete: every text of the interface has its translation, with the same placeholders."""

import gettext
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from guidelines_portal.catalogues import catalogue_path, collect_texts, translated_languages, update_catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")


def load(language: str) -> polib.POFile:
    path = catalogue_path(language)
    assert path.is_file(), f"{path} is missing: run `make messages`"
    return polib.pofile(str(path))


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", translated_languages())
def test_the_catalogue_has_every_text_and_no_other(language: str) -> None:
    wanted = {(text.context, text.singular, text.plural) for text in collect_texts(settings.BASE_DIR)}
    known = {
        (entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in load(language) if not entry.obsolete
    }
    assert wanted - known == set(), "run `make messages`"
    assert known - wanted == set(), "run `make messages`"


@pytest.mark.parametrize("language", translated_languages())
def test_every_text_is_translated(language: str) -> None:
    missing = [entry.msgid for entry in load(language) if entry.fuzzy or not all(translations(entry))]
    assert missing == []


@pytest.mark.parametrize("language", translated_languages())
def test_translations_have_the_placeholders_of_the_original(language: str) -> None:
    wrong = []
    for entry in load(language):
        allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        # A plural form may say "one" or "two" in words, so only a text without plural needs them all.
        needed = set() if entry.msgid_plural else allowed
        for words in filter(None, translations(entry)):
            used = set(PLACEHOLDER.findall(words))
            if not needed <= used <= allowed:
                wrong.append((entry.msgid, words))
    assert wrong == []


@pytest.mark.parametrize("language", translated_languages())
def test_the_compiled_catalogue_is_in_step(language: str) -> None:
    path = catalogue_path(language).with_suffix(".mo")
    assert path.is_file(), "run `make compilemessages`"
    with path.open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    stale = [
        entry.msgid
        for entry in load(language)
        if entry.msgstr and not entry.msgctxt and compiled.gettext(entry.msgid) != entry.msgstr
    ]
    assert stale == [], "run `make compilemessages`"


def test_texts_are_found_in_templates_and_python(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "core").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '<p title="{% translate "Title" %}">\n'
        "    {% blocktranslate trimmed count n=n %}\n      {{ n }} comment\n"
        "    {% plural %}\n      {{ n }} comments\n    {% endblocktranslate %}\n"
        "  don't {# Translators: not the opposite of early #}\n"
        '  {% translate "Late" context "comment" %}</p>\n'
    )
    (tmp_path / "core" / "rules.py").write_text('x = _("Sign in "\n      "first, %(name)s.")\n')
    found = {(text.context, text.singular, text.plural) for text in collect_texts(tmp_path)}
    assert found == {
        (None, "Title", ""),
        (None, "%(n)s comment", "%(n)s comments"),
        ("comment", "Late", ""),
        (None, "Sign in first, %(name)s.", ""),
    }


def test_collecting_again_keeps_translations_and_drops_what_is_gone(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    module = tmp_path / "core" / "rules.py"
    module.write_text('a = _("Kept")\nb = _("Gone")\n')
    assert update_catalogue("ar", collect_texts(tmp_path), tmp_path / "locale") == 2
    path = catalogue_path("ar", tmp_path / "locale")
    path.write_text(path.read_text().replace('msgid "Kept"\nmsgstr ""', 'msgid "Kept"\nmsgstr "باق"'))
    module.write_text('a = _("Kept")\nc = ngettext("row", "rows", n)\n')
    assert update_catalogue("ar", collect_texts(tmp_path), tmp_path / "locale") == 1
    entries = {entry.msgid: entry for entry in polib.pofile(str(path))}
    assert entries["Kept"].msgstr == "باق"
    assert "Gone" not in entries
    assert len(entries["row"].msgstr_plural) == 6


def test_arabic_counts_eleven_to_ninety_nine_as_django_and_translators_do() -> None:
    """The fifth form is of 11 to 99, with an accusative; Babel's own rule takes it for 100 to 102."""
    with catalogue_path("ar").with_suffix(".mo").open("rb") as compiled:
        plural = gettext.GNUTranslations(compiled).plural
    assert [plural(n) for n in (0, 1, 2, 3, 10, 11, 75, 99, 100, 102, 103)] == [
        0,
        1,
        2,
        3,
        3,
        4,
        4,
        4,
        5,
        5,
        3,
    ]
    with translation.override("ar"):
        assert ngettext("comment", "comments", 75) == "تعليقا"
        assert ngettext("comment", "comments", 100) == "تعليق"


def test_french_has_one_apostrophe() -> None:
    straight = re.compile(r"(?<=[^\W\d_])'(?=[\w%«<])")
    assert [entry.msgid for entry in load("fr") if any(map(straight.search, translations(entry)))] == []
