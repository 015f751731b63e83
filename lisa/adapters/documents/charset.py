"""Tells text from other bytes, and in which encoding it was written."""

import codecs
import re
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO, Final

from lisa.adapters.documents import faults
from lisa.adapters.documents.source import Source

MARKED: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE: Final = ("utf-16", "utf-32")
DECLARED: Final = re.compile(rb"""<[^>]{0,200}\b(?:charset|encoding)\s*=\s*["']?([\w.:-]{1,40})""")
DECLARED_WITHIN: Final = 2048
FALLBACK: Final = "cp1252"  # what Windows wrote before
CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r\f\v\x08\x1b"))
BLOCK: Final = 1024 * 1024
LONG: Final = 32_000  # characters


def text_of(source: Source) -> TextIOWrapper:
    """Open a file as text; every line ends with one newline."""
    encoding = encoding_of(source)
    errors = "strict" if encoding in WIDE else "replace"
    return TextIOWrapper(source.open(), encoding, errors)


def blocks(text: TextIOWrapper) -> Iterator[str]:
    """Yield it in pieces that end with a line, unless lines are very long."""
    try:
        while block := text.read(LONG):
            yield (block + text.readline(LONG)).replace("\x00", "")
    except UnicodeDecodeError as fault:
        raise faults.broken() from fault


def lines(text: TextIOWrapper) -> Iterator[str]:
    """Yield its lines; a very long one comes in pieces."""
    for block in blocks(text):
        yield from block.splitlines(keepends=True)


def encoding_of(source: Source) -> str:
    """Read all of it once; raises where it isn't text."""
    with source.open() as file:
        head = file.read(DECLARED_WITHIN)
        file.seek(0)
        for mark, encoding in MARKED:
            if head.startswith(mark):
                return encoding
        return "utf-8" if _is_unicode(file, source) else _declared(head)


def _is_unicode(file: BinaryIO, source: Source) -> bool:
    decoder, valid = codecs.getincrementaldecoder("utf-8")(), True
    while block := file.read(BLOCK):
        if block.translate(None, CONTROLS) != block:
            raise faults.unknown_type("neither text nor of a known type", source.readable)
        valid = valid and _decodes(decoder, block)
    return valid and _decodes(decoder, b"", is_last=True)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, is_last: bool = False) -> bool:
    try:
        decoder.decode(block, is_last)
    except UnicodeDecodeError:
        return False
    return True


def _declared(head: bytes) -> str:
    """Return the encoding that markup says it has, if that exists and can be so."""
    if found := DECLARED.search(head):
        try:
            told = codecs.lookup(found.group(1).decode("ascii"))
        except LookupError:
            return FALLBACK
        if told.name != "utf-8" and told.name not in WIDE and told._is_text_encoding:  # noqa: SLF001 - rot13 is none; nothing public tells
            return told.name
    return FALLBACK
