"""Footnote marks in a provision's words: kept with labels that stay, read with the numbers that are printed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

MARK = re.compile(r"\[\^([^\]\s]+)\]")


def printed_marks(words: str, footnotes: Sequence[Mapping[str, str]]) -> str:
    """``words`` with ``[^label]`` as ``[^n]``, n being the printed number; marks without a note stay."""
    return _renamed(words, {note["label"]: note["number"] for note in footnotes})


def kept_marks(words: str, footnotes: Sequence[Mapping[str, str]]) -> str:
    """The reverse of ``printed_marks``: words that were read with numbers, with the labels to be kept."""
    return _renamed(words, {note["number"]: note["label"] for note in footnotes})


def printed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The heading, text and footnotes of a text or a revision, its marks as they are printed."""
    words = {name: printed_marks(content[name], content["footnotes"]) for name in ("heading", "text")}
    return {**words, "footnotes": content["footnotes"]}


def _renamed(words: str, names: Mapping[str, str]) -> str:
    # All at once: one after the other, a number could be taken for the next mark's label.
    return MARK.sub(lambda mark: f"[^{names.get(mark[1], mark[1])}]", words)
