"""Text as it is: notes, code, Markdown, CSV, JSON, XML, YAML, in whatever encoding is common."""

import codecs
from typing import Final

from lisa.adapters.documents import faults
from lisa.domain.document import Document, Passage, collected

MARKED: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(content: bytes) -> Document:
    """Return it as one passage."""
    return collected("text", [Passage(decoded(content))])


def decoded(content: bytes) -> str:
    """Read bytes as Unicode, or else as what Windows wrote before."""
    for mark, encoding in MARKED:
        if content.startswith(mark):
            return _read_as(encoding, content)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _read_as(encoding: str, content: bytes) -> str:
    try:
        return content.decode(encoding).replace("\x00", "")
    except UnicodeDecodeError as fault:
        raise faults.broken() from fault
