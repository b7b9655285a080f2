"""Two drafts compared: what counts as added, removed, changed and moved, and exactness."""

import random

from hypothesis import given
from hypothesis import strategies as st

from drafts.comparison import Ancestor, Compared, Wording, compare


def para(key: str, text: str = "Words.", parent: str | None = "chapter", number: str = "") -> Wording:
    return Wording(key, "paragraph", parent, None, number or key, "", text)


def changes(old: list[Wording], new: list[Wording]) -> dict[str, str]:
    return {row.key: row.change for row in compare(old, new).provisions}


def old_text(row: Compared) -> str:
    return "".join(piece.text for piece in row.text if piece.kind != "added")


def new_text(row: Compared) -> str:
    return "".join(piece.text for piece in row.text if piece.kind != "removed")


def test_each_provision_is_met_by_its_key() -> None:
    old = [para("a"), para("b"), para("c", "Cities pay."), para("d")]
    new = [para("a"), para("c", "Cities must pay."), para("d"), para("e")]
    assert changes(old, new) == {
        "a": "unchanged",
        "b": "removed",
        "c": "changed",
        "d": "unchanged",
        "e": "added",
    }
    summary = compare(old, new).summary
    assert summary == {"added": 1, "removed": 1, "changed": 1, "moved": 0, "unchanged": 2}


def test_what_was_removed_stands_where_it_stood() -> None:
    old = [para("first"), para("a"), para("b"), para("c"), para("last")]
    new = [para("a"), para("new"), para("last")]
    order = [row.key for row in compare(old, new).provisions]
    assert order == ["first", "a", "b", "c", "new", "last"]


def test_one_that_jumped_over_the_others_is_the_one_that_moved() -> None:
    old = [para("a"), para("b"), para("c"), para("d")]
    assert changes(old, [para("d"), para("a"), para("b"), para("c")]) == {
        "d": "moved",
        "a": "unchanged",
        "b": "unchanged",
        "c": "unchanged",
    }


def test_another_parent_is_a_move_and_another_number_is_not() -> None:
    old = [para("a", number="1"), para("b", number="2")]
    new = [para("a", number="2"), para("b", parent="annex", number="1")]
    rows = {row.key: row for row in compare(old, new).provisions}
    assert rows["a"].change == "unchanged"
    assert rows["a"].is_renumbered
    assert rows["b"].change == "moved"


def test_moved_and_changed_is_changed_and_says_that_it_moved() -> None:
    (row,) = compare([para("a", "One.")], [para("a", "Two.", parent="annex")]).provisions
    assert (row.change, row.moved) == ("changed", True)


def test_a_split_provision_is_set_against_its_ancestor() -> None:
    old = [para("a", "Cities plan. Cities pay.")]
    new = [para("a", "Cities plan."), para("a_2", "Cities pay well.")]
    first, second = compare(old, new, {"a_2": [Ancestor("a", "split")]}).provisions
    assert first.descendants == (Ancestor("a_2", "split"),)
    assert second.change == "added"
    assert [(p.kind, p.text) for p in second.from_ancestors] == [
        ("same", "Cities pay"),
        ("added", " well"),
        ("same", "."),
    ]


def test_what_a_split_left_out_stays_with_the_part_before_it() -> None:
    old = [para("a", "Cities plan. They ask. Cities pay.")]
    new = [para("a", "Cities plan."), para("b"), para("a_2", "Cities pay.")]
    first, _b, second = compare(old, new, {"a_2": [Ancestor("a", "split")]}).provisions
    assert [(p.kind, p.text.strip()) for p in first.from_ancestors] == [
        ("same", "Cities plan."),
        ("removed", "They ask."),
    ]
    assert "".join(p.text for p in second.from_ancestors) == "Cities pay."


def test_a_merged_provision_is_set_against_both() -> None:
    old = [para("a", "Cities plan."), para("b", "Cities pay.")]
    new = [para("a", "Cities plan and pay.")]
    rows = {row.key: row for row in compare(old, new, {"a": [Ancestor("b", "merge")]}).provisions}
    assert rows["b"].change == "removed"
    assert rows["b"].descendants == (Ancestor("a", "merge"),)
    read = "".join(p.text for p in rows["a"].from_ancestors if p.kind != "added")
    assert read == "Cities plan.\nCities pay."


def lineage_of(old: list[Wording], new: list[Wording]) -> dict[str, list[Ancestor]]:
    """Every new key a part of the first old one; the last new one merged with the last old one."""
    known = {wording.key for wording in old}
    lineage = {w.key: [Ancestor(old[0].key, "split")] for w in new if old and w.key not in known}
    if old and new:
        lineage[new[-1].key] = [Ancestor(old[-1].key, "merge")]
    return lineage


TEXTS = st.lists(
    st.sampled_from(["cities", " ", ".", "[^3]", "以", "人为本", "المدن", "الذكية", "ٌ", "é", "\n", "😀"]),
    max_size=12,
).map("".join)


@given(st.lists(TEXTS, max_size=8), st.lists(TEXTS, max_size=8), st.randoms(use_true_random=False))
def test_every_provision_joins_to_both_texts(old: list[str], new: list[str], chance: random.Random) -> None:
    keys = [f"k{i}" for i in range(10)]
    was = [para(key, text) for key, text in zip(chance.sample(keys, len(old)), old, strict=True)]
    now = [para(key, text) for key, text in zip(chance.sample(keys, len(new)), new, strict=True)]
    rows = {row.key: row for row in compare(was, now).provisions}
    assert rows.keys() == {w.key for w in was} | {w.key for w in now}
    for wording in was:
        assert old_text(rows[wording.key]) == wording.text
    for wording in now:
        assert new_text(rows[wording.key]) == wording.text
    for i, row in enumerate(compare(was, now, lineage_of(was, now)).provisions):
        if row.from_ancestors:
            assert "".join(p.text for p in row.from_ancestors if p.kind != "removed") == row.here.text, i
    assert [key for key in rows if any(w.key == key for w in now)] == [w.key for w in now]
    assert sum(compare(was, now).summary.values()) == len(rows)
