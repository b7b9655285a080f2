"""The language of words whose writer did not name it."""

import pytest

from drafts.languages import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Supported, but exceptions tend to grow. They should be published.", "en"),
        ("Apoyamos la idea; habría que verificar que «forced eviction» se use en los textos.", "es"),
        ("D’accord : la concision ne doit pas se faire aux dépens des garanties.", "fr"),
        ("هذا حل وسط مقبول.", "ar"),
        ("В ряде стран такие нормы уже действуют; предложение реалистично.", "ru"),
        ("同意。“所有在其中生活的人”虽略长,但含义准确。", "zh-hans"),
        ("“people-centred” 应译为“以人为本”，与大会决议的用语保持一致，并在词汇表中加以说明。", "zh-hans"),
        ("The term 以人为本 is the one of the resolution.", "en"),
    ],
)
def test_the_text_tells(text: str, language: str) -> None:
    assert language_of(text, default="ru") == language


@pytest.mark.parametrize("text", ["", "123 %", "👍"])
def test_nothing_told_leaves_the_writers_language(text: str) -> None:
    assert language_of(text, default="ar") == "ar"


def test_latin_words_are_in_no_other_script() -> None:
    assert language_of("OK", default="ar") == "en"
    assert language_of("OK", default="fr") == "fr"


def test_an_address_is_in_no_language() -> None:
    assert (
        language_of("人居署，《展望》。\nhttps://unhabitat.org/world-smart-cities-outlook", default="en")
        == "zh-hans"
    )
