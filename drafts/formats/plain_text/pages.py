"""Pages: running heads, page numbers and the places where a page ends."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from ..labels import chapter, lettered, numbered, section
from ..source import Line, Source

SYMBOL = re.compile(r"[A-Z]{1,6}(?:/[A-Z0-9][A-Za-z0-9.()\-]*){1,6}")
_NUMBER = re.compile(r"[-–—\s]*(?P<page>\d{1,4})(?:\s*/\s*\d{1,4})?[-–—\s]*$")
_NAMED_NUMBER = re.compile(
    r"(?:page|página|pág\.|страница|стр\.|صفحة|الصفحة|第)\s*(?P<page>\d{1,4})\s*(?:页|頁)?"
    r"(?:\s*(?:of|de|sur|из|من|/|共)\s*\d{1,4}\s*页?)?$",
    re.IGNORECASE,
)
_JOB_NUMBER = re.compile(
    r"(?:[A-Z]?\d{2}-\d{5}|[A-Z]\d{7})\s*(?:[(\[][A-Z][)\]])?\s*(?:\d{6}\s*)*$|\*\d{7}\*$"
)
ADDRESS = re.compile(r"<?https?://\S+>?$|www\.\S+$")
NEAR = 3  # filled lines between which a symbol and a page number belong together
LONGEST_HEAD = 90
SHORTEST_PAGE = 4  # lines; fewer stand between the numbers of a figure


@dataclass
class Pages:
    """Which lines are page furniture, which are bare addresses, and before which lines a page begins."""

    furniture: set[int] = field(default_factory=set)
    addresses: set[int] = field(default_factory=set)
    breaks: set[int] = field(default_factory=set)

    def is_body(self, index: int) -> bool:
        return index not in self.furniture and index not in self.addresses


def find_pages(source: Source) -> Pages:
    """Tell page furniture from text, by form and by where it repeats. Indices are into `source.lines`."""
    lines = source.lines
    pages = Pages()
    filled = [i for i, line in enumerate(lines) if not line.blank]
    place = {index: rank for rank, index in enumerate(filled)}
    pages.addresses = {i for i in filled if ADDRESS.match(lines[i].text)}
    hard = _form_feeds(lines)
    symbols = _running_symbols(lines, filled, hard)
    numbers = _page_numbers(lines, filled, place, symbols, hard)
    pages.furniture = symbols | numbers | {i for i in filled if _JOB_NUMBER.match(lines[i].text)}
    pages.furniture |= _running_heads(lines, filled, place, pages.furniture, hard)
    for index in filled:
        if index in pages.furniture or index in hard:
            pages.breaks.add(_next_body(filled, place, pages, index))
    pages.addresses -= pages.furniture
    pages.breaks |= _unspaced_starts(lines, filled, pages)
    pages.breaks.discard(-1)
    return pages


def _form_feeds(lines: list[Line]) -> set[int]:
    """Filled lines that are the first after a form feed."""
    found, pending = set(), False
    for index, line in enumerate(lines):
        leading = line.raw[: line.indent] if not line.blank else line.raw
        pending = pending or "\f" in leading
        if pending and not line.blank:
            found.add(index)
            pending = False
        pending = pending or (not line.blank and "\f" in line.raw[line.indent :])
    return found


def _running_symbols(lines: list[Line], filled: list[int], hard: set[int]) -> set[int]:
    """Lines that are a document symbol alone, perhaps with a page number beside it."""
    found = set()
    for index in filled:
        text = lines[index].text
        match = SYMBOL.match(text)
        rest = text[match.end() :].strip() if match else ""
        if match and (not rest or _NUMBER.match(rest) or _NAMED_NUMBER.match(rest)):
            found.add(index)
            continue
        backward = re.match(r"(\d{1,4})\s+(\S+)$", text)
        if backward and SYMBOL.fullmatch(backward[2]) and "/" in backward[2]:
            found.add(index)
    return found


def _page_numbers(
    lines: list[Line], filled: list[int], place: dict[int, int], symbols: set[int], hard: set[int]
) -> set[int]:
    """Bare numbers beside a symbol or a form feed, and bare numbers that count up through the document."""
    bare: dict[int, int] = {}
    named = set()
    for index in filled:
        text = lines[index].text
        match = _NUMBER.match(text)
        if match:
            bare[index] = int(match["page"])
        elif _NAMED_NUMBER.match(text):
            named.add(index)
    found = set()
    for index in bare:
        around = filled[max(0, place[index] - 1) : place[index] + 2]
        after = filled[place[index] + 1] if place[index] + 1 < len(filled) else -1
        if symbols.intersection(around) or index in hard or after in hard:
            found.add(index)
    return (
        found
        | _counting_up(bare, found)
        | {i for i in named if _stands_alone(i, filled, place, symbols, hard)}
    )


def _stands_alone(
    index: int, filled: list[int], place: dict[int, int], symbols: set[int], hard: set[int]
) -> bool:
    around = filled[max(0, place[index] - NEAR) : place[index] + NEAR + 1]
    return bool(symbols.intersection(around) or hard.intersection(around)) or not hard


def _counting_up(bare: dict[int, int], known: set[int]) -> set[int]:
    """Bare numbers that go up by one from page to page, at least three of them."""
    best: set[int] = set()
    run: list[int] = []
    for index in sorted(bare):
        if index in known:
            continue
        if run and bare[index] == bare[run[-1]] + 1 and index - run[-1] >= SHORTEST_PAGE:
            run.append(index)
        elif not run or bare[index] <= 3:
            run = [index]
        if len(run) >= 3 and len(run) > len(best):
            best = set(run)
    return best


def _running_heads(
    lines: list[Line], filled: list[int], place: dict[int, int], furniture: set[int], hard: set[int]
) -> set[int]:
    """Short lines, the same but for numbers, that stand at three or more page edges."""
    shapes: dict[str, list[int]] = defaultdict(list)
    edges: Counter[str] = Counter()
    for index in filled:
        text = lines[index].text
        if index in furniture or len(text) > LONGEST_HEAD or ADDRESS.match(text):
            continue
        if text[0].islower():  # the end of a paragraph, carried over
            continue
        if any(read(text) for read in (lettered, numbered, chapter, section)):
            continue
        shape = re.sub(r"\d+", "0", " ".join(text.split()))
        shapes[shape].append(index)
        rank = place[index]
        after = filled[rank + 1] if rank + 1 < len(filled) else -1
        before = filled[rank - 1] if rank else -1
        edges[shape] += index in hard or after in hard or before in furniture or after in furniture
    return {
        i for shape, found in shapes.items() if len(found) >= 3 and edges[shape] == len(found) for i in found
    }


def _next_body(filled: list[int], place: dict[int, int], pages: Pages, index: int) -> int:
    for later in filled[place[index] :]:
        if later not in pages.furniture:
            return later
    return -1


def _unspaced_starts(lines: list[Line], filled: list[int], pages: Pages) -> set[int]:
    """In text where every line is followed by an empty one, a line without that gap begins a page."""
    gaps = [index for before, index in zip(filled, filled[1:], strict=False) if index - before > 1]
    if len(gaps) < 0.7 * len(filled):
        # Here a page can only be seen to end where its addresses do.
        return {
            index
            for before, index in zip(filled, filled[1:], strict=False)
            if before in pages.addresses and pages.is_body(index)
        }
    return {
        index
        for before, index in zip(filled, filled[1:], strict=False)
        if pages.is_body(index)
        and (index - before == 1 and lines[index].indent > 0 or before in pages.addresses)
    }
