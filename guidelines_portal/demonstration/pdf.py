"""The plainest PDF that opens everywhere: lines of text on one page, the same bytes for the same words."""

from collections.abc import Sequence

# Beyond what the standard encoding of PDF's own fonts has: letters by the names that fonts know them by.
GLYPHS = {
    **{"ā": "amacron", "ă": "abreve", "ą": "aogonek", "ć": "cacute", "č": "ccaron", "đ": "dcroat"},
    **{"ě": "ecaron", "ę": "eogonek", "ğ": "gbreve", "ı": "dotlessi", "İ": "Idotaccent", "ł": "lslash"},
    **{"Ł": "Lslash", "ń": "nacute", "Ō": "Omacron", "ō": "omacron", "ř": "rcaron", "ś": "sacute"},
    **{"ş": "scedilla", "Ș": "Scommaaccent", "ș": "scommaaccent", "ț": "tcommaaccent", "Ț": "Tcommaaccent"},
    **{"ū": "umacron", "ź": "zacute", "ż": "zdotaccent", "Đ": "Dcroat", "Ć": "Cacute", "Ţ": "Tcommaaccent"},
}
WIDE, TOP, LEADING, LONGEST = 56, 780, 16, 86


def pdf_of(title: str, paragraphs: Sequence[str]) -> bytes:
    """One page of A4: a heading, then paragraphs, broken into lines."""
    lines = [line for paragraph in paragraphs for line in [*_broken(paragraph), ""]]
    codes, names = _codes("".join([title, *lines]))
    body = [f"BT /F2 16 Tf {WIDE} {TOP} Td <{_hex(title, codes)}> Tj ET"]
    for place, line in enumerate(lines):
        body.append(f"BT /F1 11 Tf {WIDE} {TOP - 34 - place * LEADING} Td <{_hex(line, codes)}> Tj ET")
    stream = "\n".join(body).encode("ascii")
    encoding = f"<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[{names}]>>"
    font = f"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding {encoding}>>"
    return _file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>",
            b"<</Length %d>>\nstream\n%b\nendstream" % (len(stream), stream),
            (font % "Helvetica").encode("ascii"),
            (font % "Helvetica-Bold").encode("ascii"),
        ]
    )


def _broken(paragraph: str) -> list[str]:
    lines: list[str] = []
    for part in paragraph.split("\n"):
        line = ""
        for word in part.split():
            if line and len(line) + 1 + len(word) > LONGEST:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    return lines


def _codes(text: str) -> tuple[dict[str, int], str]:
    """A byte for each letter outside the standard encoding, and how the font is told of it."""
    codes = {letter: 1 + place for place, letter in enumerate(sorted(set(text) & set(GLYPHS)))}
    return codes, " ".join(f"{code}/{GLYPHS[letter]}" for letter, code in codes.items())


def _hex(text: str, codes: dict[str, int]) -> str:
    return b"".join(
        bytes([codes[letter]]) if letter in codes else letter.encode("cp1252", "replace") for letter in text
    ).hex()


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
