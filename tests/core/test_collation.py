"""Names sorted as readers of each language look for them."""

import pytest

from core.collation import sorted_by_name


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ["Égypte", "Équateur", "Espagne", "États-Unis", "Îles Cook", "Zambie"]),
        ("es", ["Afganistán", "África Central", "Nicaragua", "Níger", "Nizar", "Nueva", "Ñandú", "Omán"]),
        ("ru", ["Египет", "Ёлка", "Ефремия", "Индия", "Иран", "Йемен", "Казахстан"]),
        ("ar", ["إثيوبيا", "أذربيجان", "الأردن", "أرمينيا", "إسبانيا", "بنن", "الجزائر", "مصر"]),
        # ā-, b-, d-, f-, m-, z-: the order of the pinyin.
        ("zh-hans", ["阿富汗", "巴西", "德国", "法国", "美国", "中国"]),
        ("en", ["Albania", "côte", "Côte d’Ivoire", "Cuba", "Türkiye", "Turkmenistan"]),
    ],
)
def test_names_stand_where_readers_look_for_them(language: str, expected: list[str]) -> None:
    assert sorted_by_name(expected[::-1], language) == expected
