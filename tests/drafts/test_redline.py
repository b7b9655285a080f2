"""Redlines: exact to the character, and as a person would mark them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.excerpts import near_changes
from drafts.redline import Piece, redline

WORDS = st.lists(
    st.sampled_from(
        [
            "cities",
            "for",
            "people",
            ",",
            ".",
            " ",
            "  ",
            "\n",
            "[^3]",
            "以",
            "人",
            "为本",
            "المدن",
            "الذكية",
            "مُدُن",
            "don’t",
            "é",
            "😀",
            "_",
        ]
    ),
    max_size=40,
).map("".join)


def joined(pieces: list[Piece], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@given(WORDS | st.text(max_size=60), WORDS | st.text(max_size=60))
def test_the_pieces_give_both_texts(old: str, new: str) -> None:
    pieces = redline(old, new)
    assert joined(pieces, "same", "removed") == old
    assert joined(pieces, "same", "added") == new
    assert all(piece.text for piece in pieces)


@given(WORDS)
def test_without_a_change_there_is_one_piece(text: str) -> None:
    assert redline(text, text) == ([Piece("same", text)] if text else [])


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("set up and enforce laws", "set up and apply laws", "set up and [-enforce-]{+apply+} laws"),
        ("cities", "smart cities", "{+smart +}cities"),
        ("a plan, a budget", "a plan; a budget", "a plan[-,-]{+;+} a budget"),
        ("为民而建的城市", "以人为本的城市", "[-为民而建-]{+以人为本+}的城市"),
        ("المدن الذكية للناس", "المدن الذكية والناس", "المدن الذكية [-للناس-]{+والناس+}"),
        ("rights[^3] of all", "rights of all", "rights[-[^3]-] of all"),
        (
            "The city should publish what it buys.",
            "Every municipality ought to publish what it buys.",
            "[-The city should-]{+Every municipality ought to+} publish what it buys.",
        ),
        ("They understand.", "They understand. And more.", "They understand.{+ And more.+}"),
        ("a b c", "a b b c", "a b {+b +}c"),
        ("one two three four", "1 two three 4", "[-one-]{+1+} two three [-four-]{+4+}"),
    ],
)
def test_it_reads_as_a_person_would_mark_it(old: str, new: str, marked: str) -> None:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    assert "".join(signs[piece.kind].format(piece.text) for piece in redline(old, new)) == marked


def test_only_the_words_near_a_change_are_kept() -> None:
    words = "one two three[^1] four five six seven eight nine ten " * 12
    pieces = redline(words, words.replace("two", "2", 1))
    near = near_changes(pieces, context=30)
    assert [piece.kind for piece in near] == [piece.kind for piece in pieces]
    assert (
        "".join(piece.text for piece in near if piece.kind != "removed")
        == "one 2 three[^1] four five six seven…"
    )
    both = near_changes(redline(f"a {words} z", f"b {words} y"), context=30)
    assert [piece.text for piece in both if piece.kind == "same"] == [
        " one two three[^1] four five six… six seven eight nine ten  "
    ]


def test_a_mark_is_not_cut() -> None:
    words = "a" + "[^12]" * 60
    for context in range(20, 30):
        near = near_changes(redline(f"x {words}", f"y {words}"), context=context)
        assert near[-1].text.endswith("[^12]…")
