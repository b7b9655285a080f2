"""Bracketed text as delegations write it, and what is said of a text that can't be read."""

from pathlib import Path
from typing import Any

import pytest

from consultations.negotiating import (
    Alternative,
    Group,
    NotationError,
    Proposal,
    Sign,
    read,
    understand,
    write,
)

FIXTURE = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "negotiating" / "synthetic.txt"
BASE = "Parties shall name a focal point within two years, and report."


def proposal(words: str, other: str, base: str = BASE, others: int = 0, **positions: str) -> Proposal:
    start = base.index(words)
    said = {code: Sign(sign) for code, sign in positions.items()}
    return Proposal(start, start + len(words), other, said, others)


def test_a_replacement_follows_the_words_that_stand() -> None:
    written = write(BASE, [proposal("shall", "should", USA="+", FRA="-", GHA="reserve")])
    assert written.text == BASE.replace("shall", "[shall][should]{USA+ FRA-}{GHA reserve}")


def test_who_asks_to_delete_words_opposes_them() -> None:
    written = write(BASE, [proposal(" within two years", "", EGY="+", KEN="-", JPN="reserve")])
    assert written.text == BASE.replace("within two years", "[within two years]{KEN+ EGY-}{JPN reserve}")


def test_a_deletion_and_other_words_for_the_same_are_alternatives() -> None:
    text = write(BASE, [proposal("shall", "should", GHA="+"), proposal("shall ", "", FRA="+")]).text
    assert text == BASE.replace("shall", "[shall]{FRA-}[should]{GHA+}")


def test_spaces_that_stay_are_left_outside() -> None:
    at = BASE.index(" name")
    text = write(BASE, [Proposal(at, at + 1, ", as agreed, ")]).text
    assert "shall[, as agreed,] name" in text


def test_an_insertion_stands_alone_and_other_insertions_beside_it() -> None:
    at = BASE.index(", and")
    two = [Proposal(at, at, " in towns"), Proposal(at, at, " in cities", {"FRA": Sign.SUPPORT})]
    assert "years[ in cities]{FRA+}[ in towns], and" in write(BASE, two).text


def test_a_proposal_within_the_words_of_another_is_nested() -> None:
    text = write(
        BASE, [proposal("a focal point within two years", "people", KEN="+"), proposal("two", "three")]
    ).text
    assert "[a focal point within [two][three] years][people]{KEN+}," in text


def test_overlap_that_cannot_nest_becomes_alternatives_of_all_the_words() -> None:
    text = write(BASE, [proposal("focal point", "person"), proposal("point within", "point in")]).text
    assert "[focal point within][focal point in][person within]" in text


def test_positions_without_a_member_state_are_left_out_and_counted() -> None:
    written = write(BASE, [proposal("shall", "should", others=3), proposal("report", "tell", others=2)])
    assert (written.others, "{" in written.text) == (5, False)


def test_brackets_that_are_letters_are_escaped_and_footnote_marks_are_not() -> None:
    base = "See {this} [sic] and[^1] a \\ ^."
    written = write(base, [proposal("and", "or", base=base)])
    assert written.text == "See \\{this\\} \\[sic\\] [and][or][^1] a \\\\ \\^."
    assert [each.wording(base) for each in understand(written.text, base).proposals] == [
        base.replace("and", "or")
    ]


def test_what_could_be_read_in_two_ways_is_said_with_empty_brackets() -> None:
    written = write(
        "x x", [Proposal(3, 3, " x", {"FRA": Sign.SUPPORT}), Proposal(0, 2, "", {"USA": Sign.SUPPORT})]
    )
    found = understand(written.text, "x x").proposals
    assert {each.wording("x x"): dict(each.positions) for each in found} == {
        "x x x": {"FRA": "+"},
        "x": {"USA": "+"},
    }


@pytest.mark.parametrize("words", ["shall", ""])
def test_a_proposal_that_changes_nothing_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="changes nothing"):
        write(BASE, [proposal(words, words)])


def alternatives(parts: list[Any]) -> list[Alternative]:
    found = []
    for part in parts:
        if isinstance(part, Group):
            for each in part.alternatives:
                found += [each, *alternatives(each.parts)]
    return found


@pytest.mark.skipif(
    not FIXTURE.exists(), reason="the sample of negotiating text is not beside the repository"
)
def test_every_pattern_of_the_sample_is_read() -> None:
    reading = read(FIXTURE.read_text(encoding="utf-8"))
    assert reading.header.endswith("Monday 3 March 2025")
    found = {each.words.strip(): dict(each.positions) for each in alternatives(reading.parts)}
    assert found == {
        "evidence-based": {"RUS": "reserve"},
        "repairing roads": {"USA": "+"},
        "and barriers to access": {"FRA": "+"},
        "the right to privacy": {"USA": "+", "FRA": "-", "RUS": "reserve"},
        "freedom from arbitrary interference": {"USA": "+", "FRA": "-"},
        "in the digital age": {"GHA": "+", "FRA": "+"},
        "human rights and": {"ARG": "+", "EGY": "-"},
        "as well as": {"CHL": "+", "FRA": "-"},
        "among others": {"CHL": "+", "FRA": "-"},
        **dict.fromkeys(["Recalls", "Reaffirms", "the", "its", "shall", "should", "two", "three"], {}),
        "within two years": {"KEN": "+", "JPN": "reserve"},
        "Requests": {},
        "Invites": {"BRA": "+", "PAK": "+", "USA": "-"},
        "annually": {"DEU": "+"},
        "every two years": {"BWA": "+"},
        "3. Decides to keep the matter under review.": {"EGY": "-", "KOR": "+"},
    }
    groups = [[each.words for each in part.alternatives] for part in reading.parts if isinstance(part, Group)]
    assert ["the right to privacy", "freedom from arbitrary interference", "in the digital age"] in groups
    assert ["Recalls", "Reaffirms"] in groups
    words = [part.words for part in reading.parts if not isinstance(part, Group)]
    assert any(said.startswith(", Noting the definition") for said in words)
    assert not any(said.startswith(" ,") for said in words)


@pytest.mark.parametrize(
    "broken", ["in\u00adclusive", "in\u00ad\nclusive", "in\ufffeclusive", "in\ufffd\nclusive"]
)
def test_a_word_broken_at_a_line_end_is_the_word_of_the_text(broken: str) -> None:
    base = "Towns are inclusive and open."
    found = understand(f"Towns are [{broken}\nand] {{FRA-}} open.", base).proposals
    assert [(each.wording(base), dict(each.positions)) for each in found] == [
        ("Towns are open.", {"FRA": "+"})
    ]


def test_pasted_text_with_other_spaces_quotes_and_no_marks_is_the_text() -> None:
    base = "A town’s[^1] data, for “all people”, are open."
    source = 'A town\'s data, for "[all][many] {GHA+,\nKEN-} people" ,\nare open [and free]{FRA+}.'
    found = understand(source, base).proposals
    assert [(each.wording(base), dict(each.positions)) for each in found] == [
        (base.replace("all", "many"), {"GHA": "+", "KEN": "-"}),
        (base.replace("open.", "open and free."), {"FRA": "+"}),
    ]


def test_a_bracket_inside_a_new_bracket_makes_one_proposal_each() -> None:
    base = "Parties report."
    found = understand("Parties report [within [two][three] years {KEN+} {JPN reserve}].", base).proposals
    assert [(each.wording(base), dict(each.positions)) for each in found] == [
        ("Parties report within two years.", {"KEN": "+", "JPN": "reserve"}),
        ("Parties report within three years.", {}),
    ]


@pytest.mark.parametrize(
    ("source", "line", "column", "wrong"),
    [
        ("a\nb [c", 2, 3, "bracket is not closed"),
        ("a [b {FRA+}", 1, 3, "bracket is not closed"),
        ("a [b]{FRA+", 1, 6, "brace is not closed"),
        ("a [b]{FRA+ [c]{FRA+}", 1, 6, "brace is not closed"),
        ("a {FRA+} b", 1, 3, "follow no bracket"),
        ("a [b]\n{FRA+ XXX-}", 2, 7, "“XXX” is no country’s code"),
        ("a [b]{fra+}", 1, 7, "“fra” is no country’s code"),
        ("a [b]{FRA*}", 1, 10, "“*” is no sign"),
        ("a [b]{FRA maybe}", 1, 11, "“maybe” is no sign"),
        ("a [b]{FRA, USA+}", 1, 10, "not said what FRA says"),
        ("a [b]{FRA+}{FRA-}", 1, 13, "says two things"),
        ("a [b]{}", 1, 6, "braces are empty"),
        ("a ] b", 1, 3, "closes none"),
        ("a } b", 1, 3, "closes none"),
        ("[" * 30 + "a" + "]" * 30, 1, 13, "Too many brackets"),
    ],
)
def test_malformed_text_says_where_and_what(source: str, line: int, column: int, wrong: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(source, codes={"FRA", "USA"})
    assert (caught.value.line, caught.value.column) == (line, column)
    assert wrong in caught.value.wrong
    assert caught.value.remedy


def test_text_about_other_words_says_where_they_part() -> None:
    with pytest.raises(NotationError, match="goes on: “name a focal") as caught:
        understand("Parties [shall]{FRA-}\ncall a focal point", BASE)
    assert (caught.value.line, caught.value.column) == (2, 1)
