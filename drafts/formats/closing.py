"""The end of reading: every character is placed or set aside, and the units become provisions."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from .document import ParsedDocument, Warning_
from .outline import Outline, provisions_of
from .source import Source


def close_account(
    source: Source, outline: Outline, title: str, language: str, warnings: list[Warning_]
) -> ParsedDocument:
    """Place what the units hold, set aside the rest with a warning, and count."""
    for unit in outline.units:
        for each in (unit, *unit.notes):
            for flow in each.flows():
                source.place(flow.origins)
    for line, text in source.claim_rest():
        if re.search(r"\w", text):
            message = _("This could not be placed: %(text)s") % {"text": text}
            warnings.append(Warning_(line.number, "left_out", message))
    return ParsedDocument(
        title=title,
        language=language,
        provisions=provisions_of(outline.units, source),
        warnings=sorted(warnings, key=lambda warning: (warning.line, warning.code)),
        characters=source.characters(),
        set_aside=source.furniture(),
    )
