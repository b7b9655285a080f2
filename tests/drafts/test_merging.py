"""Two changes of one text put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.merging import hunks, merged
from drafts.writing import carried, printed_references, with_keys

WORDS = st.lists(st.sampled_from(["cities", "城", "المدن", "plan,", "and", "people.", "[^1]"]), max_size=8)


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("One big city and two towns.", "One city and two small towns.", "One big city and two small towns."),
        ("One city and two towns.", "One city and two villages.", "One city and two villages."),
        ("One town and two towns.", "One village and two towns.", None),
        ("One city and two.", "One city and two.", "One city and two."),
        (
            "Alas: one city and two towns.",
            "One city and two towns, alas.",
            "Alas: one city and two towns, alas.",
        ),
    ],
)
def test_examples(mine: str, theirs: str, both: str | None) -> None:
    assert merged("One city and two towns.", mine, theirs) == both


@given(WORDS, WORDS, WORDS, WORDS, WORDS)
def test_edits_apart_from_each_other_are_both_kept(
    head: list[str], middle: list[str], tail: list[str], mine: list[str], theirs: list[str]
) -> None:
    """What one person adds at the beginning and another at the end stands in the whole."""

    def text(*parts: list[str]) -> str:
        return " ".join(word for part in parts for word in part)

    anchors = ["Alpha", "beta", "gamma", "delta"], ["epsilon", "zeta", "eta", "theta"]
    base = text(anchors[0], head, middle, tail, anchors[1])
    one = text([*mine, "mine"], anchors[0], head, middle, tail, anchors[1])
    other = text(anchors[0], head, middle, tail, anchors[1], ["theirs", *theirs])
    found = text([*mine, "mine"], anchors[0], head, middle, tail, anchors[1], ["theirs", *theirs])
    assert merged(base, one, other) == merged(base, other, one) == found


@given(WORDS, WORDS)
def test_one_change_alone_is_taken_whole(base: list[str], new: list[str]) -> None:
    old, fresh = " ".join(base), " ".join(new)
    assert merged(old, fresh, old) == merged(old, old, fresh) == merged(old, fresh, fresh) == fresh
    assert all(old[h.start : h.end] != h.words for h in hunks(old, fresh))


@given(WORDS, WORDS)
def test_references_come_back_as_they_were_written(before: list[str], after: list[str]) -> None:
    written = " ".join([*before, "[#para_3]", *after])
    text, spans = printed_references(written, {"para_3": "33 (a)"})
    assert with_keys(text, spans) == written
    moved = carried(text, f"Now {text}", spans)
    assert with_keys(f"Now {text}", moved) == f"Now {written}"
