"""Texts for people where the collector of texts finds them."""

import ast
from pathlib import Path

from django.conf import settings

from guidelines_portal.catalogues import SOURCES

MARKS = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}


def called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def hidden_texts(path: Path) -> list[str]:
    """Texts inside f-strings: Babel passes over them, so they would stay untranslated and nobody would be told."""
    tree = ast.parse(path.read_text())
    formatted = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    return [
        f"{path.name}:{inner.lineno}"
        for node in formatted
        for inner in ast.walk(node)
        if called(inner) in MARKS and isinstance(inner, ast.Call) and isinstance(inner.args[0], ast.Constant)
    ]


def test_no_text_hides_in_an_f_string() -> None:
    files = [path for source in SOURCES for path in (settings.BASE_DIR / source).rglob("*.py")]
    assert files
    assert [found for path in files for found in hidden_texts(path)] == []


def test_a_hidden_text_is_found(tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text('title = f"{_(\'Words\')} and more"\nplain = _("Words")\n')
    assert hidden_texts(path) == ["page.py:1"]
