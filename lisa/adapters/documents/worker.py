"""The process that reads one file: whatever a parser does to it, it does it here alone.

The file comes on standard input; the document, or why there is none, goes to standard output.
"""

import json
import resource
import sys
from collections.abc import Callable, Mapping
from typing import Final

from lisa.adapters.documents import faults, page, pdf, plain, word
from lisa.adapters.documents.kinds import kind_of
from lisa.domain.document import Document, Kind
from lisa.domain.errors import Invalid

READERS: Final[Mapping[Kind, Callable[[bytes], Document]]] = {
    "pdf": pdf.read,
    "docx": word.read,
    "html": page.read,
    "text": plain.read,
}


def main(seconds: int, megabytes: int) -> int:
    """Read one file within these limits; the status is 1 where it can't be read."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
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
    document = READERS[kind_of(content)](content)
    if not document.passages:
        raise faults.without_text()
    return document


def _why(fault: Invalid) -> bytes:
    told = {"code": fault.precise_code, "message": fault.message, "next_step": fault.next_step}
    return json.dumps(told).encode()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
