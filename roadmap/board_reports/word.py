"""The report to the Board as a Word document: real headings, numbered paragraphs and tables, right to left where the
language is written so. Charts are tables whose bars are rows of blocks, so that they can be edited like any text."""

import io
import zipfile
from datetime import UTC, date, datetime, time
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from core.words import writable
from drafts.documents.content import COLONS
from drafts.documents.frame import RIGHT_TO_LEFT
from roadmap.board_reports.pdf import STOPS, widths_of

# What Word calls the languages; fonts that it and others have, for Latin, complex (Arabic) and East Asian script.
WORD_LANGUAGES = {
    "ar": "ar-SA",
    "en": "en-GB",
    "es": "es-ES",
    "fr": "fr-FR",
    "ru": "ru-RU",
    "zh-hans": "zh-CN",
}
FONTS = {
    "w:ascii": "Times New Roman",
    "w:hAnsi": "Times New Roman",
    "w:cs": "Traditional Arabic",
    "w:eastAsia": "SimSun",
}
BLUE, QUIET, ALARM = RGBColor(0x00, 0x55, 0x8C), RGBColor(0x55, 0x61, 0x6D), RGBColor(0xA4, 0x26, 0x2C)
TONES = {"quiet": RGBColor(0x8A, 0x94, 0x9D), "good": RGBColor(0x1D, 0x6B, 0x3A), "harm": ALARM}
BLOCK, MOST_BLOCKS = "█", 24
PAGE_WIDTH = 16.0
# Every part of the archive says it was written then, so that the same words give the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def make_word(content: dict[str, Any], sha256: str) -> bytes:
    """The document's bytes, the same for the same words."""
    return _Writing(content, sha256).made()


class _Writing:
    """One document under construction."""

    def __init__(self, content: dict[str, Any], sha256: str) -> None:
        self.content, self.sha256 = content, sha256
        self.language: str = content["language"]
        self.rtl = self.language in RIGHT_TO_LEFT
        self.colon, self.stop = COLONS.get(self.language, ": "), STOPS.get(self.language, ". ")
        self.doc: DocumentObject = Document()
        self._prepare()

    def made(self) -> bytes:
        self._first_page()
        for section in self.content["sections"]:
            self._heading(1, f"{section['number']} {section['title']}")
            for paragraph in section["paragraphs"]:
                self._paragraph(paragraph)
            for each in section["resolutions"]:
                self._heading(2, f"{each['letter']} {each['heading']}\n{each['title']}")
                said = "\n".join(filter(None, (each["status"], each["money"])))
                self._text(said, colour=QUIET, keep=True)
                for paragraph in each["paragraphs"]:
                    self._paragraph(paragraph)
        for place, annex in enumerate(self.content["annexes"]):
            title = f"{annex['number']}{self.colon}{annex['title']}"
            self._heading(1, title, new_page=place == 0)
            self._chart(annex)
            self._table(annex)
        self._text(f"{self.content['words']['hash']}\n{self.sha256}", colour=QUIET, size=8)
        return self._packed()

    # --- Style -------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        properties = self.doc.core_properties
        made = datetime.combine(date.fromisoformat(self.content["as_of"]), time(), UTC)
        properties.created = properties.modified = made
        properties.title, properties.author = self.content["title"], self.content["author"]
        properties.language = WORD_LANGUAGES[self.language]
        section = self.doc.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        if self.rtl:
            grid = section._sectPr.find(qn("w:docGrid"))
            assert grid is not None
            grid.addprevious(OxmlElement("w:bidi"))
        for name in ("Normal", "Heading 1", "Heading 2", "Title"):
            style = self.doc.styles[name]
            properties_of_runs = style.element.get_or_add_rPr()
            fonts = properties_of_runs.get_or_add_rFonts()
            for attribute in list(fonts.attrib):
                del fonts.attrib[attribute]
            for attribute, font in FONTS.items():
                fonts.set(qn(attribute), font)
            if name == "Normal":
                language = OxmlElement("w:lang")
                for attribute in ("w:val", "w:eastAsia", "w:bidi"):
                    language.set(qn(attribute), WORD_LANGUAGES[self.language])
                properties_of_runs.append(language)
        self.doc.styles["Normal"].font.size = Pt(11)
        for name, size in (("Heading 1", 14), ("Heading 2", 12), ("Title", 18)):
            self.doc.styles[name].font.size = Pt(size)
            self.doc.styles[name].font.color.rgb = BLUE if name == "Heading 1" else RGBColor(0x17, 0x21, 0x2B)
        foot = section.footer.paragraphs[0]
        self._run(foot, self.content["marking"] or self.content["masthead"]["as_of"], size=8, colour=QUIET)
        self._laid(foot)

    def _laid(self, paragraph: Paragraph) -> Paragraph:
        """Say that the paragraph runs from right to left, where it does."""
        if self.rtl:
            properties = paragraph._p.get_or_add_pPr()
            if properties.find(qn("w:bidi")) is None:
                properties.insert_element_before(
                    OxmlElement("w:bidi"),
                    "w:adjustRightInd",
                    "w:snapToGrid",
                    "w:spacing",
                    "w:ind",
                    "w:jc",
                    "w:rPr",
                )
        return paragraph

    def _run(
        self,
        paragraph: Paragraph,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        size: float = 0,
        colour: Any = None,
    ) -> None:
        for n, line in enumerate(text.split("\n")):
            run = paragraph.add_run()
            if n:
                run.add_break()
            run.add_text(writable(line))
            run.bold, run.italic = bold or None, italic or None
            if size:
                run.font.size = Pt(size)
            if colour is not None:
                run.font.color.rgb = colour
            if self.rtl:
                run.font.rtl = True
                run.font.cs_bold, run.font.cs_italic = bold or None, italic or None

    def _text(
        self, text: str, *, bold: bool = False, colour: Any = None, size: float = 0, keep: bool = False
    ) -> Paragraph:
        paragraph = self._laid(self.doc.add_paragraph())
        self._run(paragraph, text, bold=bold, colour=colour, size=size)
        paragraph.paragraph_format.keep_with_next = keep
        return paragraph

    def _heading(self, level: int, text: str, *, new_page: bool = False) -> None:
        heading = self._laid(self.doc.add_heading(level=level))
        self._run(heading, text)
        heading.paragraph_format.page_break_before = new_page

    # --- Parts -------------------------------------------------------------------------------------------

    def _first_page(self) -> None:
        head = self.content["masthead"]
        table = self._plain_table([[head["organisation"], head["symbol"]]], [9, 7])
        self._restyle(table.cell(0, 1).paragraphs[0], size=20, bold=True, far=True)
        facts = "\n".join((head["distr"], head["as_of"], head["original"]))
        table = self._plain_table([[head["programme"], facts]], [10, 6])
        self._restyle(table.cell(0, 0).paragraphs[0], size=14, bold=True)
        for words in (head["body"], head["session"], head["venue"]):
            if words:
                self._text(words, bold=True).paragraph_format.space_after = Pt(2)
        if head["agenda"]:
            self._text(f"{head['agenda_label']}{self.colon}{head['agenda']}")
        if self.content["marking"]:
            self._text(self.content["marking"], bold=True, colour=ALARM)
        title = self._laid(self.doc.add_paragraph(style="Title"))
        self._run(title, self.content["title"], bold=True)
        self._text(self.content["author"], bold=True)
        self._text(head["period"], colour=QUIET)
        for notice in self.content["notices"]:
            self._text(notice, colour=QUIET)

    def _restyle(self, paragraph: Paragraph, *, size: float, bold: bool, far: bool = False) -> None:
        for run in paragraph.runs:
            run.font.size, run.bold = Pt(size), bold
            run.font.cs_bold = bold
        if far:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _paragraph(self, paragraph: dict[str, Any]) -> None:
        if paragraph["notice"]:
            self._text(paragraph["notice"], colour=QUIET, size=9, keep=True)
        written = self._laid(self.doc.add_paragraph())
        self._run(written, f"{paragraph['number']}.\t")
        if paragraph["lead"]:
            self._run(written, paragraph["lead"] + self.stop, italic=True)
        self._run(written, paragraph["text"])
        for after in paragraph["after"]:
            self._run(written, f" [{after}]", colour=QUIET, size=9)
        written.paragraph_format.tab_stops.add_tab_stop(Cm(1.1))

    def _plain_table(self, rows: list[list[str]], widths: list[float]) -> Any:
        table = self.doc.add_table(rows=0, cols=len(widths))
        table.autofit = False
        if self.rtl:
            table._tbl.tblPr.insert(1, OxmlElement("w:bidiVisual"))  # behind the style, as the schema asks
        for row in rows:
            cells = table.add_row().cells
            for cell, text, width in zip(cells, row, widths, strict=True):
                cell.width = Cm(width)
                self._run(self._laid(cell.paragraphs[0]), text)
        return table

    def _chart(self, annex: dict[str, Any]) -> None:
        if not annex["bars"]:
            return
        self._text(annex["caption"], bold=True, keep=True)
        most = max(bar["value"] for bar in annex["bars"]) or 1
        table = self._plain_table([[bar["label"], "", bar["words"]] for bar in annex["bars"]], [4.5, 7.5, 4])
        for row, bar in zip(table.rows, annex["bars"], strict=True):
            blocks = BLOCK * max(1, round(MOST_BLOCKS * bar["value"] / most))
            self._run(row.cells[1].paragraphs[0], blocks, colour=TONES.get(bar["tone"], BLUE), size=8)
            for cell in (row.cells[0], row.cells[2]):
                self._restyle(cell.paragraphs[0], size=9, bold=False)
        self.doc.add_paragraph()

    def _table(self, annex: dict[str, Any]) -> None:
        weights = widths_of(annex)
        widths = [PAGE_WIDTH * weight / sum(weights) for weight in weights]
        table = self._plain_table([annex["heads"], *annex["rows"]], widths)
        table.style = "Table Grid"
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        for n, row in enumerate(table.rows):
            for place, cell in enumerate(row.cells):
                self._restyle(cell.paragraphs[0], size=9, bold=n == 0)
                if place in annex["figures"]:
                    # What is "right" in a paragraph from right to left stands on the left: the end, in either.
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.doc.add_paragraph()

    def _packed(self) -> bytes:
        """The archive with the same time on every part, and without the template's thumbnail of another document."""
        written = io.BytesIO()
        self.doc.save(written)
        packed = io.BytesIO()
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in sorted(
                source.infolist(), key=lambda each: (each.filename != "[Content_Types].xml", each.filename)
            ):
                info = zipfile.ZipInfo(entry.filename, NO_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(info, source.read(entry.filename))
        return packed.getvalue()
