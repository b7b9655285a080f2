"""Documents issued elsewhere: what is understood of the real ones, and that they come in once."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from drafts.formats.document import DraftUnreadable
from roadmap.actions.resolution_import import import_resolutions
from roadmap.formats.document import FoundDocument
from roadmap.formats.reading import read_document
from roadmap.models import ReportedParagraph, Resolution, SourceDocument
from tests.roadmap.reports import make_resolution

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
REPORT = SEEDS / "HSP-EB.2024-20.resolutions-implementation.zh.txt"
TEXT = SEEDS / "HSP-HA.2-Res.1.resolution.zh.txt"

pytestmark = pytest.mark.django_db
real = pytest.mark.skipif(not REPORT.exists(), reason=f"the published text is not at {REPORT}")

SMALL = """HSP/EB.2030/7

1 March 2030

联合国人居大会通过的所有决议的执行情况

一、 导言

1. 本报告概述了 2 项决议的最新执行情况，包括人居大会通过的 2 项决议。

二、 2029 年联合国人居大会第一届会议通过的各项决议的执行情况

A. 第 1/1 号决议
清洁的
城市

2. 根据第 3 (b) 段和第 2 段，工作正在进行。¹ 没有资金。见 HSP/EB.2030/INF/2 号文件。

B. 第 1/2 号决议 绿色城市

4. 2030 年 2 月 1 日将举行会议。

¹ HSP/EB.2029/1。
"""


def small() -> FoundDocument:
    return read_document(SMALL.encode(), "small.txt")


def bring(text: str = SMALL, **more: Any) -> dict[str, Any]:
    return import_resolutions(actor=None, content=text.encode(), filename="small.txt", **more)


def test_titles_paragraphs_and_what_they_name_are_found() -> None:
    first, second = small().resolutions
    assert (first.symbol, first.title, first.year) == ("1/1", "清洁的城市", 2029)
    assert (second.symbol, second.title) == ("1/2", "绿色城市")
    (paragraph,) = first.paragraphs
    assert (paragraph.number, paragraph.operative) == ("2", ["3 (b)", "2"])
    assert paragraph.documents == ["HSP/EB.2030/INF/2", "HSP/EB.2029/1"]
    assert paragraph.constraints == ["没有资金。"]
    assert paragraph.notes == ["HSP/EB.2029/1。"]  # though it stands under another resolution


def test_doubts_are_told_with_their_line() -> None:
    assert [(doubt.line, doubt.message) for doubt in small().doubts] == [
        (21, "Paragraph 4 follows paragraph 2."),
        (21, "Paragraph 4 speaks of 2030-02-01 as to come; the document is dated later."),
        (23, "Footnote ¹ of paragraph 2 stands under another resolution."),
    ]


@pytest.mark.parametrize(
    "text", [SMALL, SMALL.replace("A. 第 1/1", "\n乱码\n\nA. 第 1/1"), SMALL + "\n-\n\n12\n"]
)
def test_every_character_is_placed_or_set_aside(text: str) -> None:
    found = read_document(text.encode(), "small.txt").characters
    assert found["read"] == found["placed"] + found["furniture"] == sum(not c.isspace() for c in text)


def test_the_same_file_again_brings_in_nothing() -> None:
    first, second = bring(), bring()
    assert (first["new"], first["paragraphs"], first["already"]) == (2, 3, False)
    assert (second["new"], second["paragraphs"], second["already"]) == (0, 0, True)
    assert (Resolution.objects.count(), ReportedParagraph.objects.count()) == (2, 3)
    assert Resolution.objects.get(number=1).title_zh_hans == "清洁的城市"


def test_a_look_writes_nothing() -> None:
    assert bring(dry_run=True)["new"] == 2
    assert not Resolution.objects.exists() and not SourceDocument.objects.exists()


def test_a_document_of_the_same_symbol_with_other_words_is_refused() -> None:
    bring()
    with pytest.raises(ValidationError, match=r"HSP/EB\.2030/7 was brought in already"):
        bring(SMALL.replace("没有资金", "资金有限"))
    assert ReportedParagraph.objects.filter(text__contains="没有资金").exists()


def test_a_resolution_that_is_here_keeps_its_words_and_gains_the_title_it_lacks() -> None:
    standing = make_resolution(None, session=1, number=1, titles={"en": "Clean cities"})
    assert bring()["new"] == 1
    standing.refresh_from_db()
    assert (standing.title_en, standing.title_zh_hans) == ("Clean cities", "清洁的城市")
    assert standing.reported.count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Words in English, and nothing else at all.", "Latin script"),
        ("这里没有决议，只有一些文字而已。", "neither a report"),
        (SMALL.replace("HSP/EB.2030/7", "HSP"), "no document symbol"),
        ("2/1. 智慧城市\n\n认识到某事，\n", "No operative paragraph"),
    ],
)
def test_what_cant_be_read_is_said(text: str, said: str) -> None:
    with pytest.raises(DraftUnreadable, match=said):
        bring(text)


def test_the_command_prints_the_report_and_refuses_plainly(tmp_path: Path) -> None:
    file, out = tmp_path / "small.txt", StringIO()
    file.write_text(SMALL, encoding="utf-8")
    call_command("import_resolutions", str(file), stdout=out)
    report = json.loads(out.getvalue())
    assert [each["symbol"] for each in report["resolutions"]] == ["1/1", "1/2"]
    file.write_text("Nothing.", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_resolutions", str(file))


@real
def test_the_real_report_gives_fifteen_resolutions_and_forty_nine_paragraphs() -> None:
    report = import_resolutions(actor=None, content=REPORT.read_bytes(), filename=REPORT.name)
    assert [each["symbol"] for each in report["resolutions"]] == [
        *(f"1/{n}" for n in range(1, 6)),
        *(f"2/{n}" for n in range(1, 11)),
    ]
    assert (report["document"], report["dated"], report["paragraphs"]) == ("HSP/EB.2024/20", "2024-09-22", 49)
    characters = report["characters"]
    assert characters["read"] == characters["placed"] + characters["furniture"]
    assert characters["furniture"] < 160  # the title page's fixed words
    told = {each["symbol"]: [p["number"] for p in each["paragraphs"]] for each in report["resolutions"]}
    assert told["2/1"] == ["15", "16", "17", "18"] and told["2/10"] == ["47", "48", "49"]
    named = {
        each["symbol"]: [n for p in each["paragraphs"] for n in p["operative"]]
        for each in report["resolutions"]
    }
    assert named["2/1"] == ["3"] and named["2/6"] == ["2 (a)", "4 (a)"] and named["2/8"] == ["6", "5"]
    wants = [p["number"] for each in report["resolutions"] for p in each["paragraphs"] if p["constraints"]]
    assert wants == ["10", "23", "31", "33", "34", "41", "46"]
    assert [doubt["line"] for doubt in report["doubts"]] == [48, 95, 97, 119]


@real
def test_the_real_text_of_resolution_2_1_has_nine_paragraphs_and_seven_items() -> None:
    import_resolutions(actor=None, content=REPORT.read_bytes(), filename=REPORT.name)
    report = import_resolutions(actor=None, content=TEXT.read_bytes(), filename=TEXT.name)
    assert (report["new"], report["document"]) == (0, "HSP/HA.2/Res.1")
    resolution = Resolution.objects.get(session=2, number=1)
    numbers = [row.number for row in resolution.operative_paragraphs.all()]
    assert numbers == ["1", *(f"1 ({letter})" for letter in "abcdefg"), *"23456789"]
    broken = resolution.operative_paragraphs.get(number="1 (d)").text_zh_hans
    assert "技术的伦理考虑因素、个人和群体的隐私" in broken  # a page's end and two footnotes stood between
    assert resolution.adopted_on and resolution.adopted_on.isoformat() == "2023-06-09"
    assert "联大第 71/256 号决议" in resolution.preamble_zh_hans
    assert report["characters"]["read"] == report["characters"]["placed"] + report["characters"]["furniture"]
