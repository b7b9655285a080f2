"""The same small draft in six languages, set as page text: one structure, whatever the words and the script."""

from __future__ import annotations

import pytest

from drafts.formats import ParsedDocument, parse_draft
from tests.drafts.formats.six_languages import DRAFTS

STRUCTURE = [
    ("chp_1", None, "chapter", None),
    ("para_1", "chp_1", "paragraph", None),
    ("fn_1", "para_1", "footnote", None),
    ("chp_2", None, "chapter", None),
    ("chp_2__sec_a", "chp_2", "section", None),
    ("pillar_1", "chp_2__sec_a", "pillar", None),
    ("para_2", "pillar_1", "paragraph", None),
    ("pillar_1__principles", "pillar_1", "heading", None),
    ("pillar_1__principle_a", "pillar_1__principles", "principle", None),
    ("pillar_1__principle_b", "pillar_1__principles", "principle", None),
    ("pillar_1__actions", "pillar_1", "heading", None),
    ("para_3", "pillar_1__actions", "paragraph", "all_stakeholders"),
    ("para_4", "pillar_1__actions", "paragraph", "national_government"),
    ("para_4__a", "para_4", "action", "national_government"),
    ("para_4__b", "para_4", "action", "national_government"),
    ("para_5", "pillar_1__actions", "paragraph", "local_regional_government"),
    ("para_5__a", "para_5", "action", "local_regional_government"),
    ("para_6", "pillar_1__actions", "paragraph", "stakeholder"),
    ("para_6__a", "para_6", "action", "stakeholder"),
    ("annex_1", None, "chapter", None),
    ("term_1", "annex_1", "term", None),
]


def read(language: str) -> ParsedDocument:
    return parse_draft(DRAFTS[language].encode(), filename="draft.txt", language=language)


@pytest.mark.parametrize("language", DRAFTS)
def test_the_structure_is_the_same_in_every_language(language: str) -> None:
    parsed = read(language)
    assert [(p.key, p.parent, p.kind, p.actor) for p in parsed.provisions] == STRUCTURE
    assert parsed.characters["read"] == parsed.characters["placed"] + parsed.characters["furniture"]
    assert not [w for w in parsed.warnings if w.code == "left_out"]


@pytest.mark.parametrize("language", DRAFTS)
def test_title_mark_and_term_are_found(language: str) -> None:
    parsed = read(language)
    by_key = {p.key: p for p in parsed.provisions}
    assert parsed.title == DRAFTS[language].strip().split("\n")[2]
    assert "[^1]" in by_key["para_1"].text
    assert by_key["para_1"].text.count("1") == 1
    assert by_key["term_1"].heading and by_key["term_1"].text
    assert not by_key["term_1"].text.startswith(":")
    assert by_key["pillar_1"].pillar == by_key["para_6__a"].pillar == 1


def test_numbers_and_letters_are_the_same_in_every_script() -> None:
    numbers = {language: [p.number for p in read(language).provisions] for language in DRAFTS}
    assert all(each == numbers["en"] for each in numbers.values())
    assert "4 (b)" in numbers["ar"] and "Principle 1 (a)" in numbers["ar"]
