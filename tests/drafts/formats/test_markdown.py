"""Markdown in the documented form gives the same provisions as the page text; every character is accounted for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.formats import ParsedDocument, import_report, parse_draft
from tests.drafts.formats.writing import Draft, DraftWriter, Piece

DOCUMENTED = Path(__file__).parents[3] / "docs" / "draft-markdown.md"
_MARK = re.compile(r"\{\{(\d+)\}\}")


def read(text: str, language: str = "en") -> ParsedDocument:
    return parse_draft(text.encode(), filename="draft.md", language=language)


def as_markdown(draft: Draft) -> str:
    """The written draft in the documented form."""
    lines = ["---", f"title: {draft.title}", f"language: {draft.language}", "---"]
    for piece in draft.pieces:
        lines += ["", _MARK.sub(r"[^\1]", _block(piece))]
    lines += ["", *(f"[^{number}]: {text}" for number, text in enumerate(draft.notes, start=1))]
    return "\n".join(lines) + "\n"


def _block(piece: Piece) -> str:
    name = piece.heading
    if piece.kind == "table":
        return f"## {name} {{table 1}}\n  {piece.text}"
    if piece.kind == "step_action":
        bullets = piece.text.replace("• ", "- ")
        return f"#### {name} {{step_action {piece.number}}}\n\n{bullets}"
    if piece.key.startswith("annex"):
        return f"# {name} {{glossary}}"
    if piece.kind == "term":
        return f"**{name}**: {piece.text}"
    role = piece.key.rsplit("__", 1)[-1]
    headings = {
        "chapter": f"# {piece.printed}",
        "section": f"## {piece.printed}",
        "pillar": f"### {name} {{pillar {piece.number}}}",
        "heading": f"#### {name} {{{role}}}",
        "step": f"### {name} {{step {piece.number}}}\n\n{piece.text}",
    }
    if piece.kind in headings:
        return headings[piece.kind]
    actor = f" {{{piece.actor}}}" if piece.kind == "paragraph" and piece.actor else ""
    return piece.printed + actor if piece.key else ""


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_the_documented_form_gives_the_same_provisions(language: str, seed: int) -> None:
    draft = DraftWriter(seed, language).write()
    text = as_markdown(draft)
    parsed = read(text, language)

    found = [
        (p.key, p.parent, p.kind, p.number, p.heading, p.text, p.pillar, p.actor)
        for p in parsed.provisions
        if p.kind != "footnote"
    ]
    assert found == [
        (p.key, p.parent, p.kind, p.number, p.heading, _MARK.sub(r"[^\1]", p.text), p.pillar, p.actor)
        for p in draft.pieces
        if p.key
    ]
    assert [p.text for p in parsed.provisions if p.kind == "footnote"] == draft.notes
    count = parsed.characters
    assert count["read"] == sum(not c.isspace() for c in text) == count["placed"] + count["furniture"]
    assert not [w for w in parsed.warnings if w.code == "left_out"]


def test_the_example_of_the_documentation_is_read() -> None:
    example = DOCUMENTED.read_text().split("```")[1]
    parsed = read(example)
    by_key = {p.key: p for p in parsed.provisions}

    assert parsed.title == "Smart cities for people"
    assert by_key["para_1"].text == (
        "The text of a paragraph may go on over several lines until a blank line. Here stands a mark.[^1]"
    )
    assert by_key["fn_1"].parent == "para_1"
    assert [m.key for m in by_key["para_1"].footnotes] == ["fn_1"]
    assert by_key["para_2__b"].kind == "item"
    assert by_key["para_4"].actor == "all_stakeholders"
    assert (by_key["para_5__a"].kind, by_key["para_5__a"].actor) == ("action", "national_government")
    assert by_key["fig_1"].heading == "The three steps"
    assert by_key["fig_1"].text == "words that stand in the figure,\none line each"
    assert by_key["step_action_1_1"].text == "• a bullet\n• another"
    assert by_key["term_1"].heading == "Digital twin"
    assert parsed.warnings == []


def test_without_markers_the_words_decide() -> None:
    parsed = read(
        "---\ntitle: T\n---\n# I. Guidelines\n## A. Enabling pillars\n### Budgets\n#### (a) Principles\n"
        "(a) One.\n\n#### (b) Actions\n1. All stakeholders should act.\n\n2. Local and regional governments should:\n"
        "(a) Plan.\n\n# II. Implementation\n## Step 1: Assess\nText.\n### Action 1.1: Ask\n- one\n"
        "# Glossary\n**A**: b\n"
    )
    found = [(p.key, p.actor) for p in parsed.provisions]
    assert found == [
        ("chp_1", None),
        ("chp_1__sec_a", None),
        ("pillar_1", None),
        ("pillar_1__principles", None),
        ("pillar_1__principle_a", None),
        ("pillar_1__actions", None),
        ("para_1", "all_stakeholders"),
        ("para_2", "local_regional_government"),
        ("para_2__a", "local_regional_government"),
        ("chp_2", None),
        ("step_1", None),
        ("step_action_1_1", None),
        ("annex_1", None),
        ("term_1", None),
    ]


def test_markup_becomes_plain_text() -> None:
    parsed = read(
        "1. A **bold** word, a *slanted* one, `code`, a [link](https://example.org/a_b) and 2 \\* 3.\n"
    )
    assert parsed.provisions[0].text == (
        "A bold word, a slanted one, code, a link (https://example.org/a_b) and 2 * 3."
    )
    assert parsed.characters["read"] == parsed.characters["placed"] + parsed.characters["furniture"]


def test_footnotes_are_numbered_in_the_order_of_their_marks() -> None:
    parsed = read(
        "1. Here[^b] and here.[^a]\n\n2. Again.[^b]\n\n[^a]: First written.\n[^b]: Second\nwritten.\n"
    )
    notes = {p.key: (p.number, p.text, p.parent) for p in parsed.provisions if p.kind == "footnote"}
    assert notes == {"fn_1": ("1", "Second written.", "para_1"), "fn_2": ("2", "First written.", "para_1")}
    second = next(p for p in parsed.provisions if p.key == "para_2")
    assert [(m.label, m.number, m.key) for m in second.footnotes] == [("b", "1", "fn_1")]


def test_marks_without_notes_and_notes_without_marks_are_told() -> None:
    parsed = read("1. Here.[^1]\n\n2. There.\n\n[^2]: Nobody points here.\n")
    assert {w.code for w in parsed.warnings} == {"footnote_missing", "footnote_mark_missing"}
    assert import_report(parsed)["counts"]["footnote"] == 1
