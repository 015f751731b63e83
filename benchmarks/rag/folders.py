"""Folders of real files: a small one of several kinds, and one of any size for memory."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from pydoc_data.topics import topics
from typing import Final

from benchmarks.extraction import MEGABYTE, as_pdf, as_word
from benchmarks.rag.sentences import PLACES

ARTICLES_A_FILE: Final = 4
TEXTS: Final = range(4_000, 100_000)  # bytes of one that is taken as it is
ANY: Final = range(200, 2_000_000)
PATTERNS: Final = ("*.py", "*.md", "*.js", "*.ts", "*.json")
LARGE: Final = 100 * MEGABYTE
MIDDLING: Final = 10 * MEGABYTE
SHARE_OF_LARGE: Final = 0.4


def small_folder(folder: Path, megabytes: float) -> list[Path]:
    """Write half of it of Python's documentation as PDF, DOCX and text, the rest as it is found."""
    articles = list(topics.items())
    groups = [
        dict(articles[start : start + ARTICLES_A_FILE])
        for start in range(0, len(articles), ARTICLES_A_FILE)
    ]
    folder.mkdir(parents=True)
    files: list[Path] = []
    left = megabytes * MEGABYTE
    for number, group in enumerate(groups):
        if left > megabytes * MEGABYTE / 2:
            files.append(_written(folder, number, group))
            left -= files[-1].stat().st_size
    for pattern in ("*.md", "*.py"):
        found = (each for each in _found((pattern,)) if each.stat().st_size in TEXTS)
        files += _copied(found, folder, left / 2)
    return files


def large_folder(folder: Path, megabytes: int) -> int:
    """Write so much: two fifths as large files of text, the rest as small ones; count them."""
    folder.mkdir(parents=True)
    found = (each for each in _found(PATTERNS) if each.stat().st_size in ANY)
    large = int(megabytes * MEGABYTE * SHARE_OF_LARGE)
    number = 0
    while large > 0:
        size = min(large, MIDDLING if number else LARGE)
        _gathered(found, folder / f"large{number}.txt", size)
        large, number = large - size, number + 1
    return number + len(_copied(found, folder, megabytes * MEGABYTE * (1 - SHARE_OF_LARGE)))


def _written(folder: Path, number: int, articles: dict[str, str]) -> Path:
    """Write it in one of three forms."""
    if number % 3 == 0:
        file = folder / f"topics{number}.txt"
        file.write_text("\n\n".join(articles.values()))
        return file
    write, suffix = ((as_pdf, "pdf"), (as_word, "docx"))[number % 3 - 1]
    file = folder / f"topics{number}.{suffix}"
    file.write_bytes(write(articles))
    return file


def _found(patterns: Iterable[str]) -> Iterator[Path]:
    folders = dict.fromkeys(Path(place) for place, _ in PLACES)
    files = chain.from_iterable(
        sorted(folder.rglob(pattern)) for pattern in patterns for folder in folders
    )
    return (each for each in files if each.is_file())


def _copied(files: Iterator[Path], folder: Path, size: float) -> list[Path]:
    copies: list[Path] = []
    while size > 0:
        file = next(files)
        content = file.read_bytes()
        copies.append(folder / f"{len(copies)}-{file.name}")
        copies[-1].write_bytes(content)
        size -= len(content)
    return copies


def _gathered(files: Iterator[Path], into: Path, size: int) -> None:
    with into.open("wb") as written:
        while written.tell() < size:
            written.write(next(files).read_bytes() + b"\n\n")
