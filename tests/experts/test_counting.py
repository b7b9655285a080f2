"""Words are counted as readers of each script count them."""

import pytest

from experts.counting import count_words


@pytest.mark.parametrize(
    "text, words",
    [
        ("", 0),
        ("  \n— … ", 0),
        ("People-centred smart cities", 3),
        ("l’eau, l'air et la ville", 5),
        ("1,000 people – 3.5 %", 3),
        ("a - b", 2),
        ("end. Next", 2),
        ("المدن الذكية محورها الإنسان", 4),
        ("مُدُنٌ ذَكِيَّة", 2),
        ("لوحة‌المفاتيح", 1),
        ("人民为中心的智慧城市", 10),
        ("智慧城市 smart city 2030", 7),
        ("Умные города", 2),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words
