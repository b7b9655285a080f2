"""A bracketed text of several provisions is cut into that of each."""

from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.negotiating import Head, split

HEADS = [
    Head("pillar_1", ("Pillar 1", "1"), "Pillar 1 Governance", ""),
    Head("para_33", ("33", "Paragraph 33"), "", "Towns shall name a focal point."),
    Head("para_33__a", ("33 (a)", "Paragraph 33 (a)"), "", "They report every year to the council."),
    Head("intro", (), "", "These guidelines are for all levels of government."),
]


def cut(source: str) -> dict[str, str]:
    return {block.key: block.source for block in split(source, HEADS).blocks}


def test_numbers_and_titles_begin_a_provision() -> None:
    source = (
        "Guidelines – Draft\n\nPillar 1 Governance\n\n33. Towns [shall]{FRA+} name\na focal point.\n"
        "Paragraph 33 (a): They report [every year] to the council.\n"
    )
    assert cut(source) == {
        "para_33": "Towns [shall]{FRA+} name\na focal point.",
        "para_33__a": "They report [every year] to the council.",
    }
    assert [said for said, _at in split(source, HEADS).left] == ["Guidelines – Draft"]


def test_a_block_says_where_it_begins() -> None:
    source = "33) Towns\n\nPARAGRAPH 33 (A) – They"
    for block in split(source, HEADS).blocks:
        assert source[block.offset :].startswith(block.source)


def test_without_a_number_its_words_say_which_it_is() -> None:
    source = (
        "33: Towns shall.\n\nThese guidelines are [for all levels]{KEN-} of government.\n\nSigned in Nairobi"
    )
    parts = split(source, HEADS)
    assert [(block.key, block.by_words) for block in parts.blocks] == [("para_33", False), ("intro", True)]
    assert [said for said, _at in parts.left] == ["Signed in Nairobi"]


def test_nothing_begins_inside_a_bracket() -> None:
    source = "33: Towns [shall\n\n33 (a) not\n] name"
    assert cut(source) == {"para_33": "Towns [shall\n\n33 (a) not\n] name"}


def test_what_is_called_the_same_follows_in_order() -> None:
    heads = [Head("a", ("1",), "", "One."), Head("b", ("1",), "", "Two."), Head("c", ("2",), "", "Three.")]
    blocks = split("1. One.\n2. Three.\n1. Two.", heads).blocks
    assert [(block.key, block.source) for block in blocks] == [("a", "One."), ("c", "Three."), ("b", "Two.")]


def test_a_number_within_a_word_names_nothing() -> None:
    assert cut("33rd meeting of the council\n\n333 towns took part") == {}


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="3 (a)[]{}\\\n.:Towns№١٣三", max_size=60))
def test_no_letter_is_lost_or_taken_twice(source: str) -> None:
    parts = split(source, HEADS)
    spans = sorted(
        [(block.offset, block.source) for block in parts.blocks] + [(at, said) for said, at in parts.left]
    )
    end = 0
    for at, said in spans:
        assert source[at : at + len(said)] == said
        assert at >= end
        end = at + len(said)
