"""The process that reads files one after another, each in a process of its own that it forks.

Orders come on standard input and what was read goes to standard output, as lines of JSON. Forking
costs a few milliseconds where starting Python costs hundreds; what a parser does to its process
still ends with the file.
"""

import importlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final, NoReturn

from lisa.adapters.documents import faults, processes, readers, sizes
from lisa.adapters.documents.charset import LONG
from lisa.adapters.documents.kinds import Unpacking, kind_of
from lisa.adapters.documents.source import Source
from lisa.adapters.documents.texts import kind_of_text
from lisa.domain.errors import Invalid, TooLarge
from lisa.ports.extraction import Section

IMPORTED_BEFORE: Final = {
    ".pdf": "pypdfium2",
    ".docx": "docx",
    ".pptx": "pptx",
    ".xlsx": "python_calamine",
}
UNPACKING: Final = Unpacking(entries=20_000, megabytes=600, megabytes_of_xml=300)
TOGETHER: Final = 64 * 1024  # characters that are written at once


def serve(megabytes: int) -> None:
    """Read files until no more orders come."""
    for line in sys.stdin.buffer:
        order = json.loads(line)
        if needed := IMPORTED_BEFORE.get(Path(order["name"]).suffix.lower()):
            importlib.import_module(needed)  # once, instead of in each process that is forked
        child = os.fork()
        if child == 0:
            try:
                _read(order, megabytes)
            finally:  # whatever a parser raised: what comes below is not for this process
                _leave(sys.exc_info()[0])
        _, status = os.waitpid(child, 0)
        _write({"ended": os.waitstatus_to_exitcode(status)}, before="\n")


def _leave(failure: type[BaseException] | None) -> NoReturn:
    if failure:
        _write({"failed": failure.__name__}, before="\n")  # what it says may quote the file
    os._exit(0)


def _read(order: Mapping[str, Any], megabytes: int) -> None:
    """Tell what is in a file, or why that can't be told."""
    processes.confine(order["seconds"], megabytes)
    source = Source(Path(order["file"]), order["name"], tables=order["tables"])
    try:
        _tell(source)
    except Invalid as fault:
        _refuse(fault)
    except (MemoryError, RecursionError):
        _refuse(faults.too_complex("takes more memory than is given to reading one"))


def _tell(source: Source) -> None:
    kind = kind_of(source, UNPACKING)
    if kind == "text":
        kind = kind_of_text(source)
    sizes.refuse_large(source, kind)
    sections = _sections(source, kind)
    first = next(sections, None)  # before that its pages aren't counted
    if first is None:
        raise faults.without_text()
    _write({"kind": kind, "pages": source.pages})
    is_blank, together, size = True, list[list[Any]](), 0
    for section in chain((first,), sections):
        together.append([section.text, section.page, section.headings, section.whole])
        size += len(section.text)
        is_blank = is_blank and not section.text.strip()
        if size >= TOGETHER:
            _write({"sections": together})
            together, size = [], 0
    if is_blank:
        raise faults.without_text()
    _write({"sections": together, "warnings": source.warnings})


def _sections(source: Source, kind: str) -> Iterator[Section]:
    """Yield what a reader finds, in pieces of bearable length."""
    for section in readers.READERS[kind](source):
        is_bearable = len(section.text) <= 2 * LONG
        for start in range(0, len(section.text), 2 * LONG):
            part = section.text[start : start + 2 * LONG].replace("\x00", "")
            yield Section(part, section.page, section.headings, section.whole and is_bearable)


def _refuse(fault: Invalid) -> None:
    told = {
        "message": fault.message,
        "next_step": fault.next_step,
        "code": fault.precise_code,
        "is_large": isinstance(fault, TooLarge),
    }
    _write({"refused": told}, before="\n")


def _write(told: Mapping[str, Any], before: str = "") -> None:
    """Write a line; what was begun before something went wrong is ended first."""
    line = before + json.dumps(told, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "ignore"))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
