"""Readers of drafts in the forms people have them in. Nothing here knows the database.

Doubts and refusals are told in the language that is active while a draft is read.
"""

from .document import DraftUnreadable, FootnoteMark, ParsedDocument, ParsedProvision, Warning_
from .parsing import parse_draft
from .report import import_report

__all__ = [
    "DraftUnreadable",
    "FootnoteMark",
    "ParsedDocument",
    "ParsedProvision",
    "Warning_",
    "import_report",
    "parse_draft",
]
