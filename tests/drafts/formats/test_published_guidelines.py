"""The published draft guidelines (HSP/HA.2/14, Chinese), as their PDF's text gives them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from drafts.formats import ParsedDocument, ParsedProvision, import_report, parse_draft

SOURCE = Path(__file__).parents[4] / "shared" / "seeds" / "HSP-HA.2-14.draft-guidelines.zh.txt"

pytestmark = pytest.mark.skipif(not SOURCE.exists(), reason=f"the published text is not at {SOURCE}")

# pillar: (paragraphs of context, principles, then paragraph and actions per actor)
PILLARS = {
    1: ([31], 6, (33, 6), (34, 11), (35, 5)),
    2: ([36, 37], 5, (39, 11), (40, 6), (41, 7)),
    3: ([42, 43], 5, (45, 3), (46, 7), (47, 8)),
    4: ([48, 49, 50], 5, (54, 9), (55, 7), (56, 9)),
    5: ([57, 58, 59], 4, (61, 8), (62, 7), (63, 4)),
    6: ([64, 65, 66], 5, (68, 8), (69, 11), (70, 11)),
    7: ([71, 72], 5, (76, 5), (77, 7), (78, 7)),
    8: ([79, 80], 5, (81, 7), (82, 6), (83, 6)),
}
ACTORS = ("national_government", "local_regional_government", "stakeholder")


@pytest.fixture(scope="module")
def parsed() -> ParsedDocument:
    return parse_draft(SOURCE.read_bytes(), filename=SOURCE.name, language="zh-hans")


@pytest.fixture(scope="module")
def by_key(parsed: ParsedDocument) -> dict[str, ParsedProvision]:
    return {provision.key: provision for provision in parsed.provisions}


def test_the_report_has_the_known_figures(parsed: ParsedDocument) -> None:
    report = import_report(parsed)

    assert report["counts"] == {
        "paragraph": 86,
        "pillar": 8,
        "principle": 40,
        "action": 176,
        "footnote": 67,
        "term": 33,
        "step": 3,
        "step_action": 8,
        "item": 21,
    }
    assert report["actions_by_actor"] == {
        "national_government": 57,
        "local_regional_government": 62,
        "stakeholder": 57,
    }
    characters = report["characters"]
    assert characters["read"] == 31740 == characters["placed"] + characters["furniture"]


def test_each_pillar_has_its_parts(parsed: ParsedDocument) -> None:
    for pillar, (context, principles, *lists) in PILLARS.items():
        own = [p for p in parsed.provisions if p.pillar == pillar]
        assert [
            int(p.number) for p in own if p.kind == "paragraph" and p.parent == f"pillar_{pillar}"
        ] == context
        assert sum(p.kind == "principle" for p in own) == principles
        for actor, (paragraph, count) in zip(ACTORS, lists, strict=True):
            found = [p for p in own if p.kind == "action" and p.actor == actor]
            assert {p.parent for p in found} == {f"para_{paragraph}"}
            assert len(found) == count


def test_running_text_addresses_all_stakeholders_only_where_it_says_so(
    by_key: dict[str, ParsedProvision],
) -> None:
    for number in (32, 38, 44, 51, 73, 74):
        assert by_key[f"para_{number}"].actor == "all_stakeholders"
    for number in (52, 53, 75, 60, 67):
        assert by_key[f"para_{number}"].actor is None


@pytest.mark.parametrize(
    ("key", "begins", "ends"),
    [
        # broken over a page, with footnotes and their addresses in between
        ("para_2", "虽然数字技术提供了机遇", "阻碍了包容性数字转型，加深了现有的不平等。[^5]"),
        ("para_21", "这一定义代表了一种新的范式", "将智慧城市活动的重点放在人民的需求上。"),
        ("para_30", "根据其背景、体制安排", "并应为采用这些原则而共同努力。"),
        ("para_76__b", "为公共部门官员和居民调整", "作出知情选择，提供或撤回知情同意。[^65]"),
        # first and last provisions of pillars
        ("pillar_1__principle_a", "以人为本的智慧城市能促进地方数字经济", "创造地方就业机会和共同繁荣。"),
        ("para_35__e", "建立开放式知识中心和平台", "汲取的经验教训和可扩展的模式。"),
        ("para_36", "数字城市基础设施、技术和数据", "以及适应和减缓气候变化。"),
        ("para_41__g", "促进能力发展和技能提高", "以设计和管理对环境负责的技术。"),
        ("para_42", "积极的社区参与和协作", "不断与当地社区接触。[^34]"),
        ("para_47__h", "参与智慧城市举措磋商进程", "加强社区参与和协作。"),
        ("para_48", "促进和保护人权", "应利用数字技术促进城市和人类住区的人权。"),
        ("para_56__i", "倡导和实施数字包容性举措", "能进行有意义的参与并获得惠益。"),
        ("para_57", "透明和可问责的治理框架", "包容的韧性城市和人类住区。"),
        ("para_63__d", "实施优先考虑公正性", "决策过程中的算法偏见。"),
        ("para_64", "稳健而包容的数字基础设施", "设计、实施和监测。"),
        ("para_70__k", "支持地方社区开发社区所有的", "用于设计符合地方需求的解决方案。"),
        ("para_71", "数字素养是以人为本的智慧城市", "历来代表性不足或受教育机会有限的群体。"),
        ("para_78__g", "在所有城市部门提供", "技能提升和职业培训。"),
        ("para_79", "有效的可持续融资和预算编制框架", "设计、实施和维护。"),
        ("para_83__f", "投资于符合智慧城市目标的", "原型系统设计工作。"),
        ("term_21", "将技术融入", "推动可持续发展。"),
        ("fn_58", "根据《2024 年世界智慧城市展望》的建议", "(9) 福利。\nhttps"),
    ],
)
def test_texts_are_joined_as_they_are_meant(
    by_key: dict[str, ParsedProvision], key: str, begins: str, ends: str
) -> None:
    text = by_key[key].text
    if key == "term_21":
        assert by_key[key].heading == "数字化转型"
        begins = "将数字技术融入组织"
    if key == "fn_58":
        text, ends = text.split("\n")[0], "(9) 福利。"
    assert text.startswith(begins)
    assert text.endswith(ends)
    assert "\n" not in text
    assert "http" not in text
    assert "HSP/HA.2/14" not in text


def test_a_footnote_in_mid_sentence_leaves_no_trace_but_its_mark(by_key: dict[str, ParsedProvision]) -> None:
    assert "农村地区、低收入国家和妇女在采用互联网方面的差距尤为明显。[^4]在城市" in by_key["para_2"].text
    assert "利用替代资金来源[^24]，使项目在试点之后" in by_key["para_33__c"].text
    assert "侵犯人权法行为" not in by_key["fn_47"].text
    assert (
        by_key["fn_1"].text
        == "人居署，《2022 年可持续发展目标 11 综合报告》，https://unhabitat.org/sdg-11-synthesis-report。"
    )


def test_every_mark_stands_once_in_the_text_of_its_provision(parsed: ParsedDocument) -> None:
    texts = {p.key: p.text for p in parsed.provisions}
    notes = [p for p in parsed.provisions if p.kind == "footnote"]
    assert [int(n.number) for n in sorted(notes, key=lambda n: n.line)] == list(range(1, 68))
    for note in notes:
        assert texts[note.parent].count(f"[^{note.number}]") == 1


@pytest.mark.parametrize(
    "number_in_prose", ["28亿人", "26 亿人", "39%的人口", "第 2/1 号决议", "4G 和 5G 网络", "2025 年 1 月"]
)
def test_numbers_of_the_prose_are_no_marks(parsed: ParsedDocument, number_in_prose: str) -> None:
    assert any(number_in_prose in p.text for p in parsed.provisions if p.kind == "paragraph")


def test_bullets_stay_in_their_action_of_a_step(parsed: ParsedDocument) -> None:
    actions = [p for p in parsed.provisions if p.kind == "step_action"]
    assert [p.number for p in actions] == ["1.1", "1.2", "1.3", "2.1", "2.2", "3.1", "3.2", "3.3"]
    assert sum(line.startswith("• ") for p in actions for line in p.text.split("\n")) == 20


def test_the_doubts_are_told_with_their_lines(parsed: ParsedDocument) -> None:
    def messages(code: str) -> list[str]:
        return [w.message for w in parsed.warnings if w.code == code]

    assert all(w.line > 0 for w in parsed.warnings)
    repeated = " ".join(messages("duplicate_text"))
    for first, second in [
        ("principle 8 (d)", "principle 8 (e)"),
        ("35 (d)", "70 (g)"),
        ("35 (e)", "70 (h)"),
        ("69 (k)", "77 (g)"),
    ]:
        assert any(first in m and second in m for m in messages("duplicate_text")), (first, second, repeated)
    near = messages("near_duplicate_text")
    assert len(near) == 3
    for first, second in [("50", "8"), ("55 (b)", "54 (f)"), ("81 (c)", "39 (g)")]:
        assert f"Paragraph {first} says nearly the same as paragraph {second}." in near
    named = [m for m in messages("pillar_named_differently") if "paragraph 26" in m]
    assert [m.split()[1] for m in named] == ["2", "4", "6", "7", "8"]
    back = {m.split()[1]: m for m in messages("footnote_refers_back")}
    assert set(back) == {"41", "42", "64", "65", "66"}
    assert "footnote 40" in back["41"] and "footnote 40" in back["42"]
    assert "Doubtful" in back["64"] and "footnote 63" in back["64"]
    assert len(messages("reference_not_found")) == 3
    assert len(messages("chapter_named_differently")) == 1
    assert len(messages("bullet_placement")) == 2
    assert len(messages("figure_words")) == 2


def test_addresses_stand_under_the_footnote_they_evidence(by_key: dict[str, ParsedProvision]) -> None:
    outlook = "https://unhabitat.org/world-smart-cities-outlook-2024"
    for number in (4, 20, 26, 34, 48, 67):
        assert by_key[f"fn_{number}"].text.split("\n")[1].startswith(outlook)
    assert "\n" not in by_key["fn_18"].text  # its page has as many links as notes only by chance


def test_it_is_read_in_well_under_a_second_and_a_half() -> None:
    start = time.process_time()
    parse_draft(SOURCE.read_bytes(), filename=SOURCE.name, language="zh-hans")
    assert time.process_time() - start < 1.5


def _page_starts(lines: list[str]) -> set[int]:
    """Lines that begin a page: indented, with no empty line before them."""
    return {
        i for i in range(1, len(lines)) if lines[i][:1] == " " and lines[i].strip() and lines[i - 1].strip()
    }


def _with_form_feeds(lines: list[str]) -> list[str]:
    starts = _page_starts(lines)
    return [f"\f{line.strip()}" if i in starts else line for i, line in enumerate(lines)]


def _with_furniture_on_every_page(lines: list[str]) -> list[str]:
    starts, out = _page_starts(lines), []
    for i, line in enumerate(lines):
        if i in starts:
            out += ["", "UNEP/EA.7/INF/3 ", "", f"{len(out) // 80 + 2} ", ""]
            line = line.strip() + (" " if line[-1] == " " else "")
        out.append(line)
    return out


SETTINGS = {
    "no blank at the end of a paragraph": lambda lines: [line.rstrip() for line in lines],
    "no blank at either end of a line": lambda lines: [line.strip() for line in lines],
    "no empty lines": lambda lines: [line for line in lines if line.strip()],
    "nothing but the words": lambda lines: [line.strip() for line in lines if line.strip()],
    "form feeds": _with_form_feeds,
    "furniture on every page": _with_furniture_on_every_page,
    "a margin": lambda lines: [f"    {line}" if line.strip() else line for line in lines],
    "further down": lambda lines: ["", "", "", "", *lines],
    "blanks that don't break": lambda lines: [line.replace(" ", "\u00a0") for line in lines],
    "line ends of another system": lambda lines: [f"{line}\r" for line in lines],
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_same_text_set_otherwise_reads_the_same(parsed: ParsedDocument, setting: str) -> None:
    lines = SETTINGS[setting](SOURCE.read_text(encoding="utf-8").split("\n"))
    other = parse_draft("\n".join(lines).encode(), filename="draft.txt", language="zh-hans")

    def provisions(document: ParsedDocument) -> list[tuple[object, ...]]:
        return [
            (p.key, p.parent, p.kind, p.number, p.heading, p.text, p.pillar, p.actor, p.footnotes)
            for p in document.provisions
        ]

    assert provisions(other) == provisions(parsed)
    assert other.characters["read"] == other.characters["placed"] + other.characters["furniture"]


def test_nothing_is_left_without_a_place(parsed: ParsedDocument) -> None:
    assert not [w for w in parsed.warnings if w.code == "left_out"]
    # Outside the addresses, only the title page, running heads, table heads and notes with asterisks are set aside.
    aside = [text for _line, text in parsed.set_aside if not text.startswith("http")]
    assert sum(len(text) for text in aside) < 120
    # Every Han character of the file stands in a provision or in the title, or was set aside.
    source = SOURCE.read_text(encoding="utf-8")
    held = parsed.title + "".join(p.heading + p.text for p in parsed.provisions) + "".join(aside)
    labels = len(re.findall(r"^\s*(?:[一二三]、|图 \d|附件$|第 \d 步：|行动 \d\.\d：)", source, re.MULTILINE))
    han = [len(re.findall("[\u3400-\u9fff]", text)) for text in (source, held)]
    # The words of labels (chapter, figure, step, action) are kept as numbers.
    assert 0 <= han[0] - han[1] <= 2 * labels
