"""The signs between words are those of the reader's language."""

import pytest
from django.template import Context, Template
from django.utils import translation

from core.punctuation import colon, comma, detail, listed, semicolon


@pytest.mark.parametrize(
    ("language", "signs"),
    [
        ("en", [", ", "; ", ", ", ": "]),
        ("ar", ["، ", "؛ ", "، ", ": "]),
        ("fr", [", ", "\u202f; ", ", ", "\u00a0: "]),
        ("ru", [", ", "; ", ", ", ": "]),
        ("zh-hans", ["、", "；", "，", "："]),
    ],
)
def test_signs_with_their_spaces(language: str, signs: list[str]) -> None:
    with translation.override(language):
        assert [comma(), semicolon(), detail(), colon()] == signs
        page = Template("{% comma %}|{% semicolon %}|{% detail %}|{% colon %}").render(Context())
    assert page.split("|") == signs


def test_a_list_in_a_text() -> None:
    with translation.override("ar"):
        assert listed(["أ", 2]) == "أ، 2"
    with translation.override("zh-hans"):
        assert listed(["甲", "乙", "丙"]) == "甲、乙、丙"
    assert listed([]) == ""
