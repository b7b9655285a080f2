"""What changed between two versions of a text, word by word."""

import re
from difflib import SequenceMatcher

# A word with the space after it; Chinese has no spaces, so each of its characters is one.
_PIECES = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+\s*|\s+")


def changed_words(before: str, after: str) -> list[tuple[str, str]]:
    """Runs of ("=", "-" or "+", text): joining = and - gives ``before``, = and + gives ``after``."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    runs: list[tuple[str, str]] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("=", "".join(old[i1:i2])))
            continue
        if i1 < i2:
            runs.append(("-", "".join(old[i1:i2])))
        if j1 < j2:
            runs.append(("+", "".join(new[j1:j2])))
    return runs
