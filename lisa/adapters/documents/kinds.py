"""Tells what a file is by its content; names and declared types may say anything."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from lisa.adapters.documents import faults
from lisa.adapters.documents.charset import encoding_of
from lisa.adapters.documents.source import Source

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and encrypted Office since
ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
PDF_WITHIN: Final = 1024  # bytes that other programs put before a PDF
HEAD: Final = 4096
CONTENT_TYPES: Final = "[Content_Types].xml"
LONGEST_CONTENT_TYPES: Final = 1024 * 1024
OFFICE: Final = {
    b"wordprocessingml.document.main+xml": "docx",
    b"wordprocessingml.template.main+xml": "docx",
    b"ms-word.document.macroEnabled.main+xml": "docx",
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "pptx",
    b"ms-powerpoint.presentation.macroEnabled.main+xml": "pptx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"spreadsheetml.template.main+xml": "xlsx",
    b"ms-excel.sheet.macroEnabled.main+xml": "xlsx",
}
HTML: Final = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)

UNPACKING_FAULTS: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
)


@dataclass(frozen=True)
class Unpacking:
    """How much an archive may have in it."""

    entries: int = 5000
    megabytes: int = 150
    megabytes_of_xml: int = 30  # in one part


def kind_of(source: Source, unpacking: Unpacking) -> str:
    """Return pdf, docx, pptx, xlsx, html or text; raises where nothing here reads it."""
    with source.open() as file:
        head = file.read(HEAD)
    if head.startswith(OLE):
        raise _old_office(source)
    if b"%PDF-" in head[:PDF_WITHIN]:
        return "pdf"
    if head.startswith(ZIP):
        return _packed(source, unpacking)
    if head.startswith(b"{\\rtf"):
        raise faults.unknown_type("RTF", source.readable)
    encoding_of(source)
    return "html" if HTML.match(head.removeprefix(b"\xef\xbb\xbf")) else "text"


def _old_office(source: Source) -> Exception:
    with source.open() as file:
        last = b""
        while block := file.read(HEAD * HEAD):
            if ENCRYPTED_PACKAGE in last + block:
                return faults.encrypted()
            last = block[-len(ENCRYPTED_PACKAGE) :]
    what = "an Office document of the old sort (.doc, .xls, .ppt)"
    return faults.unknown_type(what, source.readable)


def _packed(source: Source, unpacking: Unpacking) -> str:
    """Tell Office documents from other archives, unpacking no more than their list of parts."""
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise faults.encrypted()
            if CONTENT_TYPES not in archive.namelist():
                raise faults.unknown_type("an archive (.zip or the like)", source.readable)
            _refuse_bombs(entries, unpacking)
            with archive.open(CONTENT_TYPES) as listed:
                parts = listed.read(LONGEST_CONTENT_TYPES)
    except UNPACKING_FAULTS as fault:
        raise faults.broken() from fault
    for mark, kind in OFFICE.items():
        if mark in parts:
            return kind
    raise faults.unknown_type("an Office document of another program", source.readable)


def _refuse_bombs(entries: list[zipfile.ZipInfo], most: Unpacking) -> None:
    """Believe the declared sizes: unpacking stops there, whatever comes behind."""
    unpacked = sum(entry.file_size for entry in entries) // 1024 // 1024
    largest_xml = max(
        (entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels"))),
        default=0,
    )
    if (
        len(entries) > most.entries
        or unpacked >= most.megabytes
        or largest_xml // 1024 // 1024 >= most.megabytes_of_xml
    ):
        raise faults.too_complex(f"unpacks to {unpacked} MB, more than is read")
