"""The texts of standing pages: one Markdown file per page and language, set once per process.

A file begins with ``# Title`` and the lead, one paragraph that is also the page's description elsewhere. Then:

- ``## Heading`` begins a part; parts have the same anchor (``part-1`` …) in every language;
- ``[words](to:account_login)`` leads to a route by its name, in the language of the page;
- ``![what it shows](drawing:desk "caption")``, alone on its line, is ``templates/drawings/desk.svg``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nh3
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TEXTS = Path(__file__).resolve().parent / "texts"
ROLES = (
    *("reading", "participant", "nominee", "expert", "reviewer"),
    *("focal-point", "drafter", "secretariat"),
)
SLUGS = (
    "how-this-works",
    "help",
    *(f"help-{role}" for role in ROLES),
    "words",
    "contact",
    "privacy",
    "accessibility",
    "verifying",
)
PARTS_WORTH_CONTENTS = 4
ROUTE = "to:"
DRAWING = re.compile(r'^!\[([^\]]+)\]\(drawing:([a-z_]+) "([^"]+)"\)$', re.M)
TAGS = {
    "a",
    "code",
    "em",
    "h2",
    "h3",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
ATTRIBUTES = {"a": {"href"}, "h2": {"id"}}

_markdown = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class Part:
    anchor: str
    heading: str


@dataclass(frozen=True)
class Text:
    """A page in one language, set. ``lead`` is plain text; ``parts`` are its headings with their anchors."""

    slug: str
    language: str
    title: str
    lead: str
    body: SafeString
    parts: tuple[Part, ...]

    @property
    def has_contents(self) -> bool:
        return len(self.parts) >= PARTS_WORTH_CONTENTS


def path_of(slug: str, language: str) -> Path:
    return TEXTS / f"{slug}.{language}.md"


@cache
def text_of(slug: str, language: str) -> Text:
    """The page ``slug`` (of SLUGS) in ``language``. Every page exists in every language: a test holds it."""
    title, lead, source = path_of(slug, language).read_text("utf-8").split("\n\n", 2)
    with translation.override(language):
        parts: list[Part] = []
        body = mark_safe("".join(_pieces(source, parts)))  # noqa: S308 each piece is sanitised or formatted
        return Text(slug, language, title.removeprefix("# "), lead.replace("\n", " "), body, tuple(parts))


def _pieces(source: str, parts: list[Part]) -> Iterator[str]:
    """Words and drawings in turn; ``parts`` takes the headings met on the way."""
    at = 0
    for match in DRAWING.finditer(source):
        yield _set(source[at : match.start()], parts)
        yield drawing(match[2], shows=match[1], caption=match[3])
        at = match.end()
    yield _set(source[at:], parts)


def _set(source: str, parts: list[Part]) -> str:
    tokens = _markdown.parse(source)
    for i, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            parts.append(Part(f"part-{len(parts) + 1}", tokens[i + 1].content))
            token.attrSet("id", parts[-1].anchor)
        _follow_routes(token)
    rendered = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(rendered, tags=TAGS, attributes=ATTRIBUTES, link_rel=None)


def _follow_routes(token: Token) -> None:
    """Links that name a route get its address."""
    for child in token.children or ():
        href = str(child.attrGet("href") or "")
        if href.startswith(ROUTE):
            route, _hash, anchor = href.removeprefix(ROUTE).partition("#")
            child.attrSet("href", reverse(route) + (f"#{anchor}" if anchor else ""))


def drawing(name: str, *, shows: str, caption: str = "") -> SafeString:
    """One of our own drawings, inline, so that it takes the page's colours; ``shows`` is its description."""
    return format_html(
        '<figure class="drawing"><div role="img" aria-label="{}">{}</div>{}</figure>',
        shows,
        get_template(f"drawings/{name}.svg").render(),
        format_html("<figcaption>{}</figcaption>", caption) if caption else "",
    )
