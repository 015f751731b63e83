"""Presentations, workbooks, tables in PDF and e-mails, made for tests."""

import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

import docx
import pptx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.util import Inches

from tests.documents import written_pdf

Rows = Sequence[Sequence[str | float]]

NAMESPACE: Final = "http://schemas.openxmlformats.org"
OFFICE: Final = f"{NAMESPACE}/officeDocument/2006/relationships"
PACKAGE: Final = f"{NAMESPACE}/package/2006"
MAIN: Final = f'xmlns="{NAMESPACE}/spreadsheetml/2006/main"'
RELATIONS: Final = f'<Relationships xmlns="{PACKAGE}/relationships">'
RELATIONS_TYPE: Final = (
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
)
SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    """Write a zip file."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return written.getvalue()


def with_part(office: bytes, name: str, content: bytes) -> bytes:
    """Add a part to an Office document."""
    written = BytesIO(office)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return written.getvalue()


def word_with_table(rows: Rows) -> bytes:
    """Write a Word document with one table below a heading."""
    document = docx.Document()
    document.add_heading("Prices", 1)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, cells, strict=True):
            cell.text = str(value)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def word_of(body: str) -> bytes:
    """Write a Word document with this body in Word's own XML."""
    document = docx.Document()
    for element in parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>"):
        document.element.body.add_p().addprevious(element)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def presentation() -> bytes:
    """Write a title slide with notes and a slide with a table."""
    shown = pptx.Presentation()
    first = shown.slides.add_slide(shown.slide_layouts[1])
    first.shapes.title.text = "Harvest"
    first.placeholders[1].text = "Apples were late."
    first.notes_slide.notes_text_frame.text = "Thank the pickers."
    second = shown.slides.add_slide(shown.slide_layouts[5])
    second.shapes.title.text = "Weights"
    box = Inches(1), Inches(2), Inches(4), Inches(1)
    table = second.shapes.add_table(2, 2, *box).table
    for place, text in enumerate(("fruit", "tons", "pears", "41")):
        table.cell(place // 2, place % 2).text = text
    written = BytesIO()
    shown.save(written)
    return written.getvalue()


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """Write a workbook as Excel does, with texts within the cells."""
    listed, related, types, parts = "", "", "", {}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        part = f"worksheets/sheet{number}.xml"
        listed += f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        related += _relationship(number, "worksheet", part)
        types += f'<Override PartName="/xl/{part}" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
        written = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        parts[f"xl/{part}"] = f"<worksheet {MAIN}><sheetData>{written}</sheetData></worksheet>"
    return archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{RELATIONS_TYPE}'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
            f"{types}</Types>",
            "_rels/.rels": f"{RELATIONS}{_relationship(1, 'officeDocument', 'xl/workbook.xml')}"
            "</Relationships>",
            "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{listed}</sheets>'
            "</workbook>",
            "xl/_rels/workbook.xml.rels": f"{RELATIONS}{related}</Relationships>",
            **parts,
        }
    )


def _relationship(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def pdf_with_table() -> bytes:
    """Write a page with a line of text, a table with rules and a line below it."""
    rules = [f"72 {height} m 272 {height} l S" for height in (560, 580, 600)]
    rules += [f"{place} 560 m {place} 600 l S" for place in (72, 172, 272)]
    words = [("Above it", 72, 650), ("fruit", 80, 585), ("tons", 180, 585)]
    words += [("pears", 80, 565), ("41", 180, 565), ("Below it", 72, 500)]
    texts = [f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET" for text, x, y in words]
    return written_pdf(["BT /F1 12 Tf 72 700 Td (Cover) Tj ET", "\n".join(rules + texts)])


def letter(*attachments: tuple[str, str, bytes], html: str = "") -> bytes:
    """Write an e-mail with a text, an HTML twin and files: their name, type and content."""
    message = EmailMessage()
    message["From"] = "Zoë <zoe@example.org>"
    message["To"] = "team@example.org"
    message["Subject"] = "Ärger mit der Pumpe"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message.set_content("The pump leaks again.\n")
    if html:
        message.add_alternative(html, subtype="html")
    for name, kind, content in attachments:
        main, sub = kind.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()
