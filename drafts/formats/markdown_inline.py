"""Takes the markup out of running Markdown: emphasis, links, escapes. What is left is plain text."""

from __future__ import annotations

import re

from .source import Flow, Source

_PAIRED = (
    re.compile(r"(?P<open>\*\*)(?=\S)(?P<inner>.+?)(?<=\S)(?P<close>\*\*)"),
    re.compile(r"(?<![\w*\\])(?P<open>\*)(?=[^\s*])(?P<inner>[^*]+?)(?<=[^\s\\])(?P<close>\*)(?![\w*])"),
    re.compile(r"(?<![\w_\\])(?P<open>_{1,2})(?=\S)(?P<inner>[^_]+?)(?<=\S)(?P<close>_{1,2})(?![\w_])"),
    re.compile(r"(?P<open>`)(?P<inner>[^`]+)(?P<close>`)"),
    re.compile(r"(?P<open><)(?P<inner>https?://[^>\s]+)(?P<close>>)"),
)
_LINK = re.compile(r"(?P<open>\[)(?!\^)[^\]]+(?P<middle>\]\()[^)\s]+\)")
_ESCAPE = re.compile(r"(?P<sign>\\)(?=[\\*_\[\]#{}()`~.!<>|-])")


def strip_markup(source: Source, flow: Flow) -> None:
    """Remove markup from the flow; its characters are set aside. A link's address stays, in parentheses."""
    for pattern in _PAIRED:
        for match in reversed(list(pattern.finditer(str(flow)))):
            _drop(source, flow, match.span("close"))
            _drop(source, flow, match.span("open"))
    for match in reversed(list(_LINK.finditer(str(flow)))):
        _drop(source, flow, match.span("middle"), " (")
        _drop(source, flow, match.span("open"))
    for match in reversed(list(_ESCAPE.finditer(str(flow)))):
        _drop(source, flow, match.span("sign"))


def _drop(source: Source, flow: Flow, span: tuple[int, int], instead: str = "") -> None:
    source.set_aside(flow.replace(*span, instead))
