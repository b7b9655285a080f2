"""The title page: everything before the first chapter or numbered paragraph."""

from __future__ import annotations

import re

from ..joining import Joiner, Layout
from ..lexicon import Lexicon
from ..outline import Outline
from ..source import Flow, Line, Source
from .pages import SYMBOL

_FINAL_MARK = re.compile(r"(?:<sup>\d+</sup>|[⁰¹²³⁴-⁹\d]+)\s*$")
LONGEST_TITLE = 300
SHORTEST_PROSE = 40


def read_title_page(
    source: Source, lines: list[Line], outline: Outline, joiner: Joiner, layout: Layout, lexicon: Lexicon
) -> str:
    """The title: the longest block that isn't masthead. Longer prose becomes a preamble; the rest is set aside."""
    blocks = _blocks(lines, layout)
    if all(_title_weight(str(_joined(block, joiner)), lexicon) == 0 for block in blocks):
        blocks = _unclosed_together([[line] for line in lines])
    flows = [_joined(block, joiner) for block in blocks]
    weights = [_title_weight(str(flow), lexicon) for flow in flows]
    best = weights.index(max(weights)) if any(weights) else -1
    title = ""
    for index, flow in enumerate(flows):
        if index == best:
            title = _place_title(source, flow)
        elif _is_prose(str(flow), lexicon):
            preamble = outline.chapter or outline.open_preamble(blocks[index][0].number)
            preamble.text.extend(flow, "\n")
        else:
            source.set_aside(flow.origins)
    return title


def _title_weight(text: str, lexicon: Lexicon) -> int:
    """How likely a block is the title: its length, or 0 for masthead and running text."""
    if _is_prose(text, lexicon) or len(text) > LONGEST_TITLE:
        return 0
    return 0 if lexicon.mentions("masthead", text) or SYMBOL.fullmatch(text) else len(text)


def _is_prose(text: str, lexicon: Lexicon) -> bool:
    """Running text: long, or a sentence with its stop, such as a resolution's preamble."""
    if lexicon.starts("masthead", text):
        return False
    text = _FINAL_MARK.sub("", text)
    return len(text) >= LONGEST_TITLE or (len(text) >= SHORTEST_PROSE and text[-1] in "，,。.；;：:،؛")


def _blocks(lines: list[Line], layout: Layout) -> list[list[Line]]:
    """Lines that belong together: until a paragraph closes, or a gap wider than the usual one."""
    blocks: list[list[Line]] = []
    usual = min((b.number - a.number for a, b in zip(lines, lines[1:], strict=False)), default=1)
    for line in lines:
        previous = blocks[-1][-1] if blocks else None
        if previous is None or line.number - previous.number > usual or _closed(previous, layout, usual):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return _unclosed_together(blocks)


def _unclosed_together(blocks: list[list[Line]]) -> list[list[Line]]:
    """Join a block with the next while a quotation or a bracket is open: a title may have several lines."""
    joined: list[list[Line]] = []
    for block in blocks:
        before = "".join(line.text for line in joined[-1]) if joined else ""
        if any(
            before.count(left) > before.count(right) for left, right in ("“”", "《》", "（）", "()", "«»")
        ):
            joined[-1].extend(block)
        else:
            joined.append(block)
    return joined


def _closed(previous: Line, layout: Layout, usual: int) -> bool:
    if layout.blank_closes:
        return layout.closes(previous)
    # Titles are set larger, so their lines are shorter than the text's: only gaps tell, where there are any.
    return usual > 1 and layout.is_short(previous)


def _joined(block: list[Line], joiner: Joiner) -> Flow:
    flow = Flow()
    for line in block:
        flow.add(line.text, line.start + line.indent, joiner.glue(flow.tail, line.text))
    return flow


def _place_title(source: Source, flow: Flow) -> str:
    """The title without the asterisks of its notes, which are set aside."""
    chars, origins = flow.chars, flow.origins
    stars = [i for i, character in enumerate(chars) if character in "*\\"]
    source.set_aside(origins[i] for i in stars)
    for i in reversed(stars):
        del chars[i], origins[i]
    source.place(origins)
    return str(flow).strip().lstrip("#").strip()
