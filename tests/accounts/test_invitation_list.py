"""Reading a pasted list, line by line."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.invitation_list import LONGEST_LIST, Line, Outcome, read_list

pytestmark = pytest.mark.django_db


def only(text: str, language: str = "en") -> Line:
    (line,) = read_list(text, language=language)
    return line


@pytest.mark.parametrize(
    "text",
    [
        "ana@example.org, Ana Ruiz, es, PER",
        "  Ana@Example.org ,Ana  Ruiz,ES,per ",
        "ana@example.org; Ana Ruiz; Español; Peru",
        "ana@example.org\tAna Ruiz\tes\tPérou",
        '"Ana Ruiz" <ana@example.org>, PER, es',
        "Ana Ruiz <ana@example.org>; es; Perú",
        "ana@example.org، Ana Ruiz، es، بيرو",
        "ana@example.org，Ana Ruiz，es，秘鲁",
        "ana@example.org, \u202eAna Ruiz, es, PER",
    ],
)
def test_the_ways_in_which_people_write_a_line(text: str) -> None:
    line = only(text)
    assert line.outcome == Outcome.NEW, line.note
    assert (line.email, line.name, line.language) == ("ana@example.org", "Ana Ruiz", "es")
    assert line.country is not None and line.country.pk == "PER"


@pytest.mark.parametrize(
    ("text", "language"), [("a@x.org, A", "fr"), ("a@x.org, A, zh", "zh-hans"), ("a@x.org, A, ar", "ar")]
)
def test_the_language_of_the_list_holds_where_a_line_names_none(text: str, language: str) -> None:
    assert only(text, "fr").language == language


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ana Ruiz", "no e-mail address"),
        ("ana@example, Ana", "“ana@example” is not an e-mail address"),
        ("ana@@example.org, Ana", "is not an e-mail address"),
        ("ana@example.org", "name is missing"),
        ("ana@example.org, , es", "name is missing"),
        ("ana@example.org, " + "A" * 151, "more than 150"),
        ("ana@example.org, Ana, klingon", "“klingon” is neither"),
        ("ana@example.org, Ana, es, Atlantis", "“Atlantis” is neither"),
        ("ana@example.org, Ana, es, PER, more", "too many parts"),
        ("a" * 250 + "@example.org, Ana", "too long"),
        ("ana@example.org, Ana\x00, es\x00", "neither"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(text: str, says: str) -> None:
    line = only(text)
    assert line.outcome == Outcome.WRONG
    assert says in line.note


def test_lines_keep_their_numbers_and_blank_ones_are_skipped() -> None:
    lines = read_list("\n\na@x.org, A\n \nb@x.org, B\r\nA@x.org, Again\n", language="en")
    assert [(line.number, line.outcome) for line in lines] == [(3, "new"), (5, "new"), (6, "repeated")]
    assert "line 3" in lines[2].note


def test_an_address_that_stands_wrong_first_is_read_where_it_stands_right() -> None:
    lines = read_list("a@x.org\na@x.org, A", language="en")
    assert [line.outcome for line in lines] == ["wrong", "new"]


@pytest.mark.parametrize("text", ["", " \n ", "\n".join(f"a{n}@x.org, A" for n in range(LONGEST_LIST + 1))])
def test_no_line_and_too_many_are_refused(text: str) -> None:
    with pytest.raises(ValidationError) as error:
        read_list(text, language="en")
    assert "people" in error.value.message_dict


def test_reading_costs_one_question_however_long_the_list(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        read_list("\n".join(f"a{n}@x.org, A" for n in range(100)), language="en")
