"""How fast files become pieces: extraction in its processes and cutting, per core.

The text is Python's own documentation, several times, written as each kind of file. What counts
is the processor time of all processes together. The table is printed and written to
`benchmarks/results/extraction.md`.
"""

import asyncio
import datetime as dt
import os
import platform
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from pydoc_data.topics import topics
from typing import Final

import docx

from lisa.adapters.documents.extractor import ProcessExtractor
from lisa.domain.knowledge.chunking import Chunking
from lisa.usecases.knowledge.cutting import cut
from tests.documents import written_pdf

RESULTS: Final = Path(__file__).parent / "results" / "extraction.md"
MEGABYTE: Final = 1024 * 1024
TIMES: Final = 10
RUNS: Final = 3
LINES_OF_A_PAGE: Final = 50
LEAST: Final = 2  # MB/s a core, of a PDF's text
Articles = Mapping[str, str]


@dataclass(frozen=True)
class Run:
    """What one kind of file cost; seconds are of processors."""

    kind: str
    size: int
    characters: int
    pieces: int
    reading: float  # in the processes that read
    cutting: float  # here

    @property
    def speed(self) -> float:
        """Megabytes of text a second on one core."""
        return self.characters / MEGABYTE / (self.reading + self.cutting)

    @property
    def row(self) -> str:
        """Return its line of the table."""
        sizes = f"{self.size / MEGABYTE:.1f} | {self.characters / MEGABYTE:.1f} | {self.pieces:,}"
        seconds = f"{self.reading:.2f} | {self.cutting:.2f}"
        return f"| {self.kind} | {sizes} | {seconds} | {self.speed:.1f} |"


def as_pdf(articles: Articles, times: int = 1) -> bytes:
    """Write pages of lines, as a text program prints them."""
    lines = [line for text in articles.values() for line in text.splitlines()] * times
    starts = range(0, len(lines), LINES_OF_A_PAGE)
    return written_pdf([drawn(lines[start : start + LINES_OF_A_PAGE]) for start in starts])


def drawn(lines: list[str]) -> str:
    """Draw lines below one another."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    return f"BT /F1 9 Tf 11 TL 60 740 Td\n{shown}ET"


def _escaped(line: str) -> str:
    kept = line.encode("ascii", "replace").decode()
    return kept.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def as_word(articles: Articles, times: int = 1) -> bytes:
    """Write a heading and paragraphs for each article."""
    document = docx.Document()
    for title, text in list(articles.items()) * times:
        document.add_heading(title, 1)
        for paragraph in text.split("\n\n"):
            document.add_paragraph(paragraph)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def as_html(articles: Articles, times: int = 1) -> bytes:
    """Write a heading and paragraphs for each article."""
    return "".join(f"<!DOCTYPE html><body>{''.join(_html(articles))}</body>" * times).encode()


def _html(articles: Articles) -> Iterator[str]:
    for title, text in articles.items():
        yield f"<h1>{escape(title)}</h1>\n"
        yield from (f"<p>{escape(each)}</p>\n" for each in text.split("\n\n"))


def as_markdown(articles: Articles, times: int = 1) -> bytes:
    """Write a heading and the text of each article."""
    return "".join(f"# {title}\n\n{text}\n\n" for title, text in articles.items()).encode() * times


KINDS: Final[Mapping[str, Callable[[Articles, int], bytes]]] = {
    "PDF of text": as_pdf,
    "DOCX": as_word,
    "HTML": as_html,
    "Markdown": as_markdown,
}


async def cut_up(extractor: ProcessExtractor, file: Path) -> tuple[int, int]:
    """Read and cut a file; return how much text it has, and how many pieces came of it."""
    pieces, end = 0, 0
    async with extractor.read(file, file.name) as reading:
        async for piece in cut(aiter(reading), Chunking()):
            pieces, end = pieces + 1, piece.place.end
    return end, pieces


def measured(kind: str, file: Path) -> Run:
    """Note the processor time of this process, and of those that it started and waited for."""
    before = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    characters, pieces = asyncio.run(cut_up(ProcessExtractor(), file))
    after = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    reading, cutting = (
        new.ru_utime + new.ru_stime - old.ru_utime - old.ru_stime
        for new, old in zip(after, before, strict=True)
    )
    return Run(kind, file.stat().st_size, characters, pieces, reading, cutting)


def measure() -> list[Run]:
    """Write and read each kind of file."""
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, written) in enumerate(KINDS.items()):
            name = "a.md" if kind == "Markdown" else f"file{number}"
            file = Path(folder) / name
            file.write_bytes(written(topics, TIMES))
            repeated = (measured(kind, file) for _ in range(RUNS))
            runs.append(max(repeated, key=lambda run: run.speed))
    return runs


def document(runs: list[Run], load: float) -> str:
    """Write the table."""
    circumstances = (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores (load "
        f"average before: {load:.1f}), Python {platform.python_version()}. One file of each kind, "
        f"of Python's documentation, cut by structure; the best of {RUNS} runs. Seconds are of "
        "processors, of all processes together with their start. Written by "
        "`benchmarks/extraction.py`."
    )
    lines = [
        "# How fast files become pieces",
        "",
        circumstances,
        "",
        "| file | MB | MB of text | pieces | s reading | s cutting | MB of text/s a core |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(run.row for run in runs),
        "",
        f"Asked for: {LEAST} MB/s a core of a PDF of text; {runs[0].speed:.1f} are reached.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print and write; fail where it is too slow."""
    load = os.getloadavg()[0]
    runs = measure()
    text = document(runs, load)
    print(text)
    if "--print" not in sys.argv:
        RESULTS.write_text(text)
    return runs[0].speed < LEAST


if __name__ == "__main__":
    sys.exit(main())
