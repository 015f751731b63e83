"""Documents as people send them, made for tests."""

from collections.abc import Sequence
from io import BytesIO

import docx

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
LOCKED = f"/Filter /Standard /V 1 /R 2 /P -4 /O <{'0b' * 32}> /U <{'0c' * 32}>"


def pdf(*pages: str, encryption: str = "") -> bytes:
    """Write a PDF with one line of text on each page."""
    drawn = [f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else "" for text in pages]
    return written_pdf(drawn, encryption)


def written_pdf(pages: Sequence[str], encryption: str = "") -> bytes:
    """Write a PDF of what is drawn on each page."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for place, drawn in enumerate(pages):
        page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
        objects += [
            f"{page}/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * place} 0 R >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    return _file(objects, encryption)


def encrypted_pdf() -> bytes:
    """Write a PDF that a password opens which nobody has."""
    return pdf("secret", encryption=LOCKED)


def _file(objects: Sequence[str], encryption: str) -> bytes:
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{each}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    lock = f"/Encrypt << {encryption} >> /ID [<00> <00>]" if encryption else ""
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R {lock} >>"
    start = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}\nstartxref\n"
    return bytes(written) + f"{start}{len(written)}\n%%EOF\n".encode()


def word() -> bytes:
    """Write a Word document with headings, a list and a table with a merged row."""
    document = docx.Document()
    document.add_heading("Report", 0)
    document.add_paragraph("It begins.")
    document.add_heading("Costs", 1)
    document.add_paragraph("rent", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "what", "how much"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "nothing"
    document.add_heading("Detail", 2)
    document.add_paragraph("After the table.")
    written = BytesIO()
    document.save(written)
    return written.getvalue()
