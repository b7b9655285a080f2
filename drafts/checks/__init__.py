"""The checks of drafts: what an editor would look at twice. Each is registered by its module, listed here.

A new check is a module with a function under ``@check`` (see ``registry``), imported below.
"""

from drafts.checks import (
    actors,
    footnotes,
    languages,
    names,
    numbering,
    pointers,
    repetitions,
    terminology,
    vocabulary,
)
from drafts.checks.read import ReadDraft, read_draft
from drafts.checks.registry import Check, Found, all_checks, check, find_all

__all__ = [
    "Check",
    "Found",
    "ReadDraft",
    "actors",
    "all_checks",
    "check",
    "find_all",
    "footnotes",
    "languages",
    "names",
    "numbering",
    "pointers",
    "read_draft",
    "repetitions",
    "terminology",
    "vocabulary",
]
