"""The process that reads one file: whatever a parser does to it, it does it here alone.

The file comes on standard input; the document, or why there is none, goes to standard output.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from lisa.adapters.documents import faults, page, pdf, plain, processes, word
from lisa.adapters.documents.charset import LONG
from lisa.adapters.documents.kinds import Unpacking, kind_of
from lisa.adapters.documents.source import Source
from lisa.domain.document import Document, Kind, Passage, collected
from lisa.domain.errors import Invalid
from lisa.ports.extraction import Section

READERS: Final[Mapping[Kind, Callable[[Source], Iterator[Section]]]] = {
    "pdf": pdf.read,
    "docx": word.read,
    "html": page.read,
    "text": plain.read,
}
READABLE: Final = (
    "a PDF, a Word document (.docx), HTML or plain text of any sort, "
    "or an image as PNG, JPEG, GIF or WebP"
)


def main(seconds: int, megabytes: int) -> int:
    """Read one file within these limits; the status is 1 where it can't be read."""
    processes.confine(seconds, megabytes)
    try:
        written = _document(sys.stdin.buffer.read()).to_json()
    except Invalid as fault:
        written = _why(fault)
    except (MemoryError, RecursionError):
        written = _why(faults.too_complex("takes more memory than is given to reading one"))
    else:
        sys.stdout.buffer.write(written)
        return 0
    sys.stdout.buffer.write(written)
    return 1


def _document(content: bytes) -> Document:
    source = Source(content, readable=READABLE)
    kind = _kind(source)
    document = collected(kind, _passages(READERS[kind](source), kind))
    if not document.passages:
        raise faults.without_text()
    return replace(document, pages=source.pages)


def _kind(source: Source) -> Kind:
    found = kind_of(source, Unpacking())
    for kind in READERS:
        if kind == found:
            return kind
    what = "an Office document, but not one of Word (.docx)"
    raise faults.unknown_type(what, READABLE)


def _passages(sections: Iterator[Section], kind: Kind) -> Iterator[Passage]:
    """Put together what stands on one page and below the same headings; text stays as it is."""
    told, size, last = list[str](), 0, Section("")
    for section in sections:
        is_same = (section.page, section.headings) == (last.page, last.headings)
        if told and (not is_same or size > LONG) and kind != "text":
            yield Passage("".join(told).strip(), last.page, last.headings)
            told, size = [], 0
        told.append(section.text)
        size, last = size + len(section.text), section
    text = "".join(told)
    yield Passage(text if kind == "text" else text.strip(), last.page, last.headings)


def _why(fault: Invalid) -> bytes:
    told = {"code": fault.precise_code, "message": fault.message, "next_step": fault.next_step}
    return json.dumps(told).encode()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
