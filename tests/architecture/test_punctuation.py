"""Signs between what a template puts in are those of the reader's language (``core.punctuation``)."""

import re

from django.conf import settings

from tests.architecture.test_templates import COMMENT, templates

# What programs wrote, set from left to right; and our own words in one language.
AS_IT_IS = {"templates/accounts/_trail.html", "templates/styleguide/_components.html"}
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.S)
PUT_IN = re.compile(r"{{.*?}}|{%.*?%}", re.S)
MARKUP = re.compile(r"<[^<>]*>")
LATIN = re.compile(r"\0\s*[,;:]\s*\0")


def latin_signs(template: str) -> list[str]:
    """Places where a Latin sign stands alone between two things put in, or elements."""
    words = MARKUP.sub("\0", PUT_IN.sub("\0", TRANSLATED.sub("\0", COMMENT.sub("", template))))
    return [words[max(0, found.start() - 30) : found.end() + 30] for found in LATIN.finditer(words)]


def test_latin_signs_are_found() -> None:
    assert latin_signs("{{ a }}, {{ b }}") and latin_signs("<bdi>{{ a }}</bdi>: <b>{{ c }}</b>")
    assert latin_signs("{% if not forloop.last %}; {% endif %}")
    assert not latin_signs("{{ a }}{% comma %}{{ b }}, as said: {{ c }}")
    assert not latin_signs("{% blocktranslate %}{{ a }}, {{ b }}{% endblocktranslate %}")


def test_no_template_sets_latin_signs_between_words() -> None:
    found = {
        name: latin_signs(path.read_text(encoding="utf-8"))
        for path in templates()
        if (name := str(path.relative_to(settings.BASE_DIR))) not in AS_IT_IS
    }
    assert {name: places for name, places in found.items() if places} == {}
