"""What people are told about files that can't be read, some of which were made to do harm."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from lisa.adapters.documents.sizes import LARGEST, LARGEST_TEXT
from lisa.domain.errors import Invalid, TooLarge
from tests.contract.extraction.reading import Desk
from tests.documents import encrypted_pdf, pdf, word
from tests.documents_of_offices import archive, letter, presentation, with_part, workbook

MEGABYTE = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def without_half_of(office: bytes, part: str) -> bytes:
    """Cut a part of an Office document in the middle."""
    with ZipFile(BytesIO(office)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts[part] = parts[part][: len(parts[part]) // 2]
    return archive(parts)


def far_cell() -> bytes:
    """Write a workbook whose two cells span all rows and columns there can be."""
    with ZipFile(BytesIO(workbook({"A": [["x"]]}))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", far)
    return archive(parts)


def laughs() -> str:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{lines}]><x>&l11;</x>'


REFUSED = {
    "nothing at all": (b"", "file_empty"),
    "white space": (b" \n ", "file_without_text"),
    "a PDF without words": (pdf("", ""), "file_without_text"),
    "an empty workbook": (workbook({"A": []}), "file_without_text"),
    "an encrypted PDF": (encrypted_pdf(), "file_encrypted"),
    "encrypted Office": (OLE + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
    "old Office": (OLE + b" WordDocument", "file_type_unknown"),
    "the beginning of a PDF": (pdf("x")[:60], "file_broken"),
    "half a Word document": (word()[:3000], "file_broken"),
    "a Word document with half a part": (
        without_half_of(word(), "word/document.xml"),
        "file_broken",
    ),
    "a presentation with half a slide": (
        without_half_of(presentation(), "ppt/slides/slide2.xml"),
        "file_broken",
    ),
    "a workbook with half a list": (
        without_half_of(workbook({"A": [["x"]]}), "xl/workbook.xml"),
        "file_broken",
    ),
    "an archive": (archive({"a/b.txt": b"text"}), "file_type_unknown"),
    "a program": (b"MZ\x90\x00\x03\x00\x00\x00", "file_type_unknown"),
    "rich text": (b"{\\rtf1 hello}", "file_type_unknown"),
    "a bomb of XML": (with_part(word(), "word/x.xml", bytes(301 * MEGABYTE)), "file_too_complex"),
    "JSON nested without end": (b'{"a":' + b"[" * 200_000, "file_too_complex"),
    "XML that grows without end": (laughs().encode(), "file_too_complex"),
    "a workbook of 17 thousand million cells": (far_cell(), "file_too_complex"),
    "half of wide text": ("schön".encode("utf-16")[:-1], "file_broken"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_file_that_cannot_be_read_is_refused_with_its_cause(desk: Desk, name: str) -> None:
    content, code = REFUSED[name]
    with pytest.raises(Invalid) as refused:
        await desk.read(content, "a.json" if name.startswith("JSON") else "")
    assert refused.value.precise_code == code
    assert refused.value.next_step


async def test_after_each_of_them_the_next_file_is_read(desk: Desk) -> None:
    for content in (pdf("x")[:60], far_cell(), b"\x7fELF\0"):
        with pytest.raises(Invalid):
            await desk.read(content)
        assert (await desk.read(b"words")).text == "words"


@pytest.mark.parametrize(
    ("head", "size", "most"),
    [(b"%PDF-1.7\n", LARGEST + 1, "200 MB"), (b"words", LARGEST_TEXT + 1, "512 MB")],
)
async def test_a_file_over_the_limit_of_its_kind_is_refused_unread(
    desk: Desk, head: bytes, size: int, most: str
) -> None:
    file = desk.laid(head)
    with file.open("r+b") as written:
        written.truncate(size)  # so it takes no room
    with pytest.raises(TooLarge, match=most) as refused:
        async with desk.extractor.read(file, "a"):
            pass
    assert refused.value.precise_code == "file_too_large"


async def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    endless = b"<!DOCTYPE html>" + b"<a " * 4_000_000
    with pytest.raises(Invalid, match="longer than") as refused:
        await Desk.at(tmp_path, seconds=1, seconds_per_megabyte=0).read(endless)
    assert refused.value.precise_code == "file_too_complex"


async def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    one_value = b'{"a": "' + b"x" * 30 * MEGABYTE + b'"}'
    with pytest.raises(Invalid, match="more memory") as refused:
        await Desk.at(tmp_path, megabytes=64).read(one_value, "a.json")
    assert refused.value.precise_code == "file_too_complex"


async def test_a_huge_attachment_takes_no_room(tmp_path: Path) -> None:
    line = b"A" * 76 + b"\r\n"
    message = letter(("film.mp4", "video/mp4", bytes(57)))
    message = message.replace(b"A" * 76 + b"\n", line * (60 * MEGABYTE // len(line)))
    read = await Desk.at(tmp_path, megabytes=120).read(message, "a.eml")
    assert "The pump leaks again." in read.text
    assert read.warnings == ("the attachment film.mp4 was left out",)
