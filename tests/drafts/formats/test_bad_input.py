"""What can't be read is refused with one line that says what is wrong and what to do."""

from __future__ import annotations

import time

import pytest

from drafts.formats import DraftUnreadable, parse_draft

GOOD = "I. Introduction\n\n1. First paragraph about the city.\n\n2. Second paragraph about the people.\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("\ufeff\u200b\n".encode(), "no visible text"),
        (b"%PDF-1.7\nstream", "PDF"),
        (b"PK\x03\x04whatever", "Word"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\xff\xfe", "not a text file"),
        ("一、 导言\n\n1. 数字技术".encode("gb18030"), "UTF-8"),
        ("Première étape\n1. Un".encode("latin-1"), "UTF-8"),
        (b"Just a letter to somebody, without any structure at all.\n", "structure"),
        (b"Some text\x00with a NUL", "not a text file"),
    ],
)
def test_refused_with_one_clear_line(content: bytes, says: str) -> None:
    with pytest.raises(DraftUnreadable) as refusal:
        parse_draft(content, filename="draft.txt", language="fr" if b"tape" in content else "en")
    message = str(refusal.value)
    assert says in message
    assert "\n" not in message


def test_fifty_megabytes_are_refused_at_once() -> None:
    content = b"1. word\n" * (50 * 1024 * 1024 // 8)
    start = time.perf_counter()
    with pytest.raises(DraftUnreadable, match="too large"):
        parse_draft(content, filename="huge.txt", language="en")
    assert time.perf_counter() - start < 0.5


def test_markdown_without_structure_is_refused() -> None:
    with pytest.raises(DraftUnreadable, match="docs/draft-markdown"):
        parse_draft(b"# A heading\n\nSome words.\n", filename="notes.md", language="en")


def test_a_text_in_another_script_than_its_language_is_refused() -> None:
    content = ("一、 导言\n\n1. 数字技术正在改变城市生活，为居民提供更好的服务。\n" * 5).encode()
    with pytest.raises(DraftUnreadable, match="Chinese"):
        parse_draft(content, filename="draft.txt", language="en")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(DraftUnreadable, match="zh-hans"):
        parse_draft(GOOD.encode(), filename="draft.txt", language="xx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_signs_of_order_and_line_ends_of_all_systems_are_read(encoding: str) -> None:
    parsed = parse_draft(GOOD.replace("\n", "\r\n").encode(encoding), filename="draft.txt", language="en")
    assert [p.text for p in parsed.provisions if p.kind == "paragraph"] == [
        "First paragraph about the city.",
        "Second paragraph about the people.",
    ]


def test_text_is_composed_and_invisible_signs_are_counted() -> None:
    parsed = parse_draft(
        "1. Cafe\u0301 and\u00ad tea.\n\n2. More.\n".encode(), filename="d.txt", language="en"
    )
    assert parsed.provisions[0].text == "Café and tea."
    count = parsed.characters
    assert count["read"] == count["placed"] + count["furniture"]
    assert count["furniture"] == 1
