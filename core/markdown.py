"""Markdown that people wrote, as HTML that can be trusted."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = frozenset({"p", "br", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "hr"})
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def as_html(source: str) -> SafeString:
    """The text set, its headings below those of the page. Neither HTML nor pictures nor scripts come through."""
    tokens = _markdown.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3" if token.tag in ("h1", "h2") else "h4"
    rendered = _markdown.renderer.render(tokens, _markdown.options, {})
    clean = nh3.clean(
        rendered,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="nofollow noopener",
    )
    return mark_safe(clean)  # noqa: S308 cleaned above
