"""Drafts written at random and set as pages are read back whole, and every character is accounted for."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.formats import ParsedDocument, import_report, parse_draft
from tests.drafts.formats.pages import Style, clean, set_pages
from tests.drafts.formats.writing import Draft, DraftWriter

STYLES = st.builds(
    Style,
    gaps=st.sampled_from(["every line", "paragraphs"]),
    closing_blank=st.booleans(),
    furniture=st.sampled_from(["symbol", "form feed", "page number"]),
    width=st.integers(min_value=56, max_value=84),
    length=st.integers(min_value=24, max_value=48),
    blank_after_mark=st.booleans(),
)


def read(draft: Draft, style: Style) -> tuple[str, ParsedDocument]:
    text = set_pages(draft, style)
    return text, parse_draft(text.encode(), filename="draft.txt", language=draft.language)


def written_provisions(draft: Draft) -> list[tuple[object, ...]]:
    wide = draft.language == "zh"
    return [
        (p.key, p.parent, p.kind, p.number, p.heading, clean(p.text, wide=wide), p.pillar, p.actor)
        for p in draft.pieces
        if p.key
    ]


def read_provisions(parsed: ParsedDocument) -> list[tuple[object, ...]]:
    return [
        (p.key, p.parent, p.kind, p.number, p.heading, p.text, p.pillar, p.actor)
        for p in parsed.provisions
        if p.kind != "footnote"
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**6), style=STYLES)
def test_a_draft_set_as_pages_is_read_back_whole(language: str, seed: int, style: Style) -> None:
    draft = DraftWriter(seed, language).write()
    text, parsed = read(draft, style)

    assert read_provisions(parsed) == written_provisions(draft)
    notes = [p for p in parsed.provisions if p.kind == "footnote"]
    assert [p.text for p in sorted(notes, key=lambda p: int(p.number))] == draft.notes
    for note in notes:
        holder = next(p for p in parsed.provisions if p.key == note.parent)
        assert f"[^{note.number}]" in holder.text
    assert parsed.title == draft.title


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**6), style=STYLES)
def test_every_character_is_placed_or_furniture(language: str, seed: int, style: Style) -> None:
    draft = DraftWriter(seed, language).write()
    text, parsed = read(draft, style)

    count = parsed.characters
    assert count["read"] == sum(not c.isspace() for c in text) == count["placed"] + count["furniture"]
    assert not [w for w in parsed.warnings if w.code == "left_out"]
    # What was set aside and what was placed make up the file, character by character.
    aside = Counter("".join("".join(t.split()) for _line, t in parsed.set_aside))
    source = Counter("".join(text.split()))
    assert not aside - source
    held = Counter()
    for p in parsed.provisions:
        body = p.text
        for mark in p.footnotes:
            body = body.replace(f"[^{mark.label}]", mark.number)
        held += Counter("".join((p.heading + body).split()))
    held += Counter("".join(parsed.title.split()))
    joints = Counter(":：")  # the annex and its title are joined by a colon
    assert not (held - joints) - (source - aside)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**6), style=STYLES)
def test_what_stands_in_a_provision_follows_it_without_a_gap(seed: int, style: Style) -> None:
    _text, parsed = read(DraftWriter(seed, "en").write(), style)

    place = {p.key: index for index, p in enumerate(parsed.provisions)}
    assert len(place) == len(parsed.provisions)
    parents = {p.key: p.parent for p in parsed.provisions}

    def stands_in(key: str | None, ancestor: str) -> bool:
        while key is not None:
            if key == ancestor:
                return True
            key = parents[key]
        return False

    for p in parsed.provisions:
        inside = [place[key] for key in place if stands_in(key, p.key)]
        assert inside == list(range(place[p.key], place[p.key] + len(inside)))


def test_the_report_counts_what_was_written() -> None:
    draft = DraftWriter(4, "en").write()
    _text, parsed = read(draft, Style())
    report = import_report(parsed)

    for kind in ("paragraph", "pillar", "principle", "action", "item", "step", "step_action", "term"):
        assert report["counts"][kind] == sum(piece.kind == kind for piece in draft.pieces)
    assert report["counts"]["footnote"] == len(draft.notes)
    assert sum(report["actions_by_actor"].values()) == report["counts"]["action"]
    assert report["provisions"] == len(parsed.provisions)
