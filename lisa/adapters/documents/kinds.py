"""Tells what a file is by its content; names and declared types may say anything."""

import re
import zipfile
import zlib
from io import BytesIO
from typing import Final

from lisa.adapters.documents import faults
from lisa.domain.document import Kind

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and encrypted Office since
ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
PDF_WITHIN: Final = 1024  # bytes that other programs put before a PDF
CONTENT_TYPES: Final = "[Content_Types].xml"
WORD: Final = b"wordprocessingml.document.main+xml"
HTML: Final = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
HTML_WITHIN: Final = 4096
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r\f\v\x08\x1b"))

UNPACKING_FAULTS: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
)

MOST_ENTRIES: Final = 5000
MOST_UNPACKED: Final = 150 * 1024 * 1024
MOST_XML: Final = 30 * 1024 * 1024


def kind_of(content: bytes) -> Kind:
    """Return what it is, or raise `Invalid` where nothing here reads it."""
    if content.startswith(OLE):
        if ENCRYPTED_PACKAGE in content:
            raise faults.encrypted()
        raise faults.unknown_type("an Office document of the old sort (.doc, .xls, .ppt)")
    if b"%PDF-" in content[:PDF_WITHIN]:
        return "pdf"
    if content.startswith(ZIP):
        return _packed(content)
    if content.startswith(b"{\\rtf"):
        raise faults.unknown_type("RTF")
    if not content.startswith(UTF_16) and content.translate(None, CONTROLS) != content:
        raise faults.unknown_type("neither text nor of a known type")
    return "html" if HTML.match(content[:HTML_WITHIN].removeprefix(b"\xef\xbb\xbf")) else "text"


def _packed(content: bytes) -> Kind:
    """Tell a Word document from other archives, without unpacking more than its list of parts."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise faults.encrypted()
            if CONTENT_TYPES not in archive.namelist():
                raise faults.unknown_type("an archive (.zip or the like)")
            _refuse_bombs(entries)
            parts = archive.read(CONTENT_TYPES)
    except UNPACKING_FAULTS as fault:
        raise faults.broken() from fault
    if WORD not in parts:
        raise faults.unknown_type("an Office document, but not one of Word (.docx)")
    return "docx"


def _refuse_bombs(entries: list[zipfile.ZipInfo]) -> None:
    """Believe the declared sizes: unpacking stops there, whatever comes behind."""
    unpacked = sum(entry.file_size for entry in entries)
    largest_xml = max(
        (entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels"))),
        default=0,
    )
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or largest_xml > MOST_XML:
        raise faults.too_complex(f"unpacks to {unpacked // 1024 // 1024} MB, more than is read")
