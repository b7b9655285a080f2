"""What reading a draft gives: provisions in document order, doubts, and an account of every character."""

from __future__ import annotations

from dataclasses import dataclass, field


class DraftUnreadable(Exception):
    """The file can't be read as a draft. The message is one line: what is wrong and what to do."""


@dataclass(frozen=True)
class FootnoteMark:
    """A mark in a provision's text: `[^label]` stands there, `key` is the footnote's provision."""

    label: str
    number: str
    key: str


@dataclass
class ParsedProvision:
    """One addressable piece of the draft, as the source has it."""

    key: str
    parent: str | None
    kind: str
    number: str
    pillar: int | None
    actor: str | None
    heading: str
    text: str
    footnotes: list[FootnoteMark]
    line: int


@dataclass(frozen=True)
class Warning_:
    """A doubt for a person to settle; `line` is the source line it concerns."""

    line: int
    code: str
    message: str


@dataclass
class ParsedDocument:
    """A draft as read. `characters` counts non-blank characters: read == placed + furniture.

    `set_aside` lists (line, text) of everything counted as furniture, so that a preview can show it.
    """

    title: str
    language: str
    provisions: list[ParsedProvision]
    warnings: list[Warning_]
    characters: dict[str, int]
    set_aside: list[tuple[int, str]] = field(default_factory=list)
