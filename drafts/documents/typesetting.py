"""Typesetting in a process of its own: ``python -m drafts.documents.typesetting FOLDER MADE_AT [TEMPLATE]``.

Reads ``data.json`` in FOLDER and writes ``document.pdf`` beside it. A process of its own gives its memory back
when it is done, can be ended when it takes too long, and reads nothing but FOLDER and the fonts.
"""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("guidelines.typ")
# Packages whose fonts are used, and where they lie in them.
FONTS = {
    "weblate_fonts": "static/weblate_fonts/kurinto/ttf",
    "fontpkg_amiri": "files",
}


def font_folders() -> list[Path]:
    """Where the fonts lie that typst doesn't carry itself (Libertinus Serif it does)."""
    folders = []
    for package, folder in FONTS.items():
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise LookupError(f"The package {package} is not installed: its fonts are needed.")
        folders.append(Path(spec.origin).parent / folder)
    return folders


def typeset(folder: Path, made_at: int, design: Path = TEMPLATE) -> None:
    """Set ``folder/data.json``. The fonts of the machine are left out: the same words look alike anywhere."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(path) for path in font_folders()],
    )
    template = shutil.copy(design, folder)
    compiler = typst.Compiler(
        input=str(template), root=str(folder), font_paths=fonts, ignore_system_fonts=True
    )
    document = str(folder / "document.pdf")
    try:
        compiler.compile(output=document, format="pdf", pdf_standards=["ua-1"], timestamp=made_at)
    except typst.TypstError as error:
        # A character that no font has, for one. Tagged all the same, but not called accessible: better than none.
        print(f"Not PDF/UA-1: {error}", file=sys.stderr)
        compiler.compile(output=document, format="pdf", timestamp=made_at)


if __name__ == "__main__":
    typeset(Path(sys.argv[1]), int(sys.argv[2]), *map(Path, sys.argv[3:]))
