"""References in a text: found with their places in six languages, and what they name in a draft."""

from typing import Any

import pytest

from drafts.models import Provision
from drafts.references import Targets, find_references


def found(text: str, language: str, **how: Any) -> list[tuple[str, str]]:
    """Kind and number of what is found inside the draft itself."""
    return [(one.kind, one.number) for one in find_references(text, language, **how) if not one.outside]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "See paragraphs 33 and 34.", [("paragraph", "33"), ("paragraph", "34")]),
        ("en", "paras. 13–19, para 33 (a) and (b)", ["13", "19", "33 (a)", "33 (b)"]),
        (
            "en",
            "Chapter III, section II.A, pillar 2",
            [("chapter", "III"), ("section", "II.A"), ("pillar", "2")],
        ),
        ("en", "Principle 1 (a), footnote 5, figure 1", ["1 (a)", "5", "1"]),
        ("en", "as 41 (b) asks", [("paragraph", "41 (b)")]),
        ("en", "the glossary in the annex", [("annex", "")]),
        ("fr", "Voir les paragraphes 33 à 35 et le par. 36 a)", ["33", "35", "36 (a)"]),
        (
            "fr",
            "le chapitre III, le pilier 2 et la note 5",
            [("chapter", "III"), ("pillar", "2"), ("footnote", "5")],
        ),
        (
            "es",
            "los párrafos 33 y 34, el pilar 2",
            [("paragraph", "33"), ("paragraph", "34"), ("pillar", "2")],
        ),
        ("ru", "см. пункты 33 и 34, пп. 13–19 и главу III", ["33", "34", "13", "19", "III"]),
        ("ru", "в пункте 33 (а), компонент 2", [("paragraph", "33 (а)"), ("pillar", "2")]),
        ("ar", "انظر الفقرة 33 والفقرتين 34 و35", ["33", "34", "35"]),
        ("ar", "في الفقرات من 13 إلى 19، والفصل الثالث", ["13", "19", "3"]),
        ("ar", "الفقرة ٣٣ (أ) والركيزة الثانية", [("paragraph", "33 (أ)"), ("pillar", "2")]),
        ("zh-hans", "见第33段和第 13 至 19 段", ["33", "13", "19"]),
        ("zh-hans", "第 33 段(a)、第34(b)段、第三章", ["33 (a)", "34 (b)", "3"]),
        ("zh-hans", "目标（第 1.1 段）", [("paragraph", "1.1")]),
        ("zh-hans", "八大支柱（见图 1）、支柱 2、第三支柱、原则 1(a)", ["1", "2", "3", "1 (a)"]),
    ],
)
def test_numbers_are_found(language: str, text: str, expected: list[Any]) -> None:
    numbers = found(text, language)
    assert (numbers if isinstance(expected[0], tuple) else [number for _kind, number in numbers]) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "resolution 2/1, paragraph 4"),
        ("en", "paragraph 4 of its resolution 2/1"),
        ("en", "eight pillars, two steps, 36 per cent and a figure of speech in 2025"),
        ("fr", "le paragraphe 4 de la résolution 2/1"),
        ("es", "el párrafo 4 de la resolución 2/1"),
        ("ru", "пункт 4 резолюции 2/1"),
        ("ar", "الفقرة 4 من القرار 2/1"),
        ("zh-hans", "第 2/1 号决议第 4 段；《未来契约》附件一；第 12–16 页；发表 2 份；第 1 次会议"),
    ],
)
def test_what_is_in_another_document_or_no_reference_is_left_alone(language: str, text: str) -> None:
    assert found(text, language) == []


def test_footnotes_speak_of_other_documents_unless_they_say_above() -> None:
    assert found("See para. 7 (g).", "en", footnote=True) == []
    assert found("See para. 7 (g) above.", "en", footnote=True) == [("paragraph", "7 (g)")]
    assert found("A/RES/77/211 号决议，2022，第 7 (g)段。", "zh-hans", footnote=True) == []


def test_the_place_is_that_of_the_number() -> None:
    text = "As paragraph 33 (a) says, and 第 4 段."
    [one] = find_references(text, "en")
    assert text[one.start : one.end] == "33 (a)"
    assert text[one.words_start : one.words_end] == "paragraph 33 (a)"
    [one] = find_references("目标（第 1.1 段）", "zh-hans")
    assert (
        "目标（第 1.1 段）"[one.start : one.end],
        "目标（第 1.1 段）"[one.words_start : one.words_end],
    ) == (
        "1.1",
        "第 1.1 段",
    )


ROWS = [
    ("chp_1", "chapter", "I"),
    ("chp_1__sec_a", "section", "A"),
    ("para_33", "paragraph", "33"),
    ("para_33__a", "action", "33 (a)"),
    ("chp_3", "chapter", "III"),
    ("chp_3__sec_a", "section", "A"),
    ("pillar_2", "pillar", "2"),
    ("pillar_2__principle_a", "principle", "Principle 2 (a)"),
    ("fn_5", "footnote", "5"),
    ("fig_1", "figure", "1"),
    ("step_action_1_1", "step_action", "1.1"),
    ("annex_1", "chapter", ""),
]


@pytest.mark.parametrize(
    ("language", "text", "keys"),
    [
        ("en", "paragraph 33 (a)", ["para_33__a"]),
        ("ar", "الفقرة 33 (أ)", ["para_33__a"]),
        ("ru", "пункт 33 (а)", ["para_33__a"]),
        ("zh-hans", "第三章", ["chp_3"]),
        ("ar", "الفصل الثالث", ["chp_3"]),
        ("en", "section A", ["chp_1__sec_a", "chp_3__sec_a"]),
        ("en", "section III.A", ["chp_3__sec_a"]),
        ("en", "principle 2 (a)", ["pillar_2__principle_a"]),
        ("en", "principle 2", ["pillar_2"]),
        ("en", "figure I", ["fig_1"]),
        ("en", "footnote 5", ["fn_5"]),
        ("zh-hans", "行动 1.1", ["step_action_1_1"]),
        ("en", "the annex", ["annex_1"]),
        ("zh-hans", "第 1.1 段", []),
        ("en", "paragraph 34", []),
        ("en", "chapter IV", []),
    ],
)
def test_what_they_name(language: str, text: str, keys: list[str]) -> None:
    targets = Targets(Provision(key=key, kind=kind, number=number) for key, kind, number in ROWS)
    [one] = find_references(text, language)
    assert targets.resolve(one) == keys
