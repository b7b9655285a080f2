"""The one way in: bytes of a file to a parsed draft."""

from __future__ import annotations

from .document import ParsedDocument
from .markdown import read_markdown
from .plain_text import read_plain_text
from .reading import base_language, check_script, is_markdown, read_source


def parse_draft(content: bytes, *, filename: str, language: str) -> ParsedDocument:
    """Read a draft from Markdown or from plain text; which of the two it is shows in the file.

    `language` is the language of the text (`zh-hans`, `en`, …). Refused with DraftUnreadable and one clear line:
    empty, too large, binary, not UTF-8, another script than the language's, no structure.
    """
    base = base_language(language)
    source = read_source(content, filename)
    check_script(source, base, filename)
    if is_markdown(source, filename):
        return read_markdown(source, base=base, language=language)
    return read_plain_text(source, base=base, language=language)
