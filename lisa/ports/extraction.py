"""The extraction port: the text of files of any sort and size, as it is read."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Section:
    """A stretch of a document's text: a page, what stands below a heading, a table, a sheet.

    The document's text is that of all its sections, one after the other, nothing between; so
    offsets count from the first section's first character. A `whole` one is better not cut.
    """

    text: str
    page: int | None = None
    headings: tuple[str, ...] = ()
    whole: bool = False  # such as a table's row group, which carries its header


@dataclass(frozen=True)
class Nature:
    """What a file is."""

    kind: str  # pdf, docx, pptx, xlsx, html, markdown, email, csv, json, yaml, xml, code, text
    pages: int | None = None


class Reading(Protocol):
    """A file that is being read; `nature` is known once it was entered."""

    nature: Nature
    warnings: tuple[str, ...]  # what was left out, once all was read

    def __aiter__(self) -> AsyncIterator[Section]:
        """Yield the sections; raises as `Extractor.read` does where the rest can't be read."""


class Extractor(Protocol):
    """Reads files, each in a process of its own, within bounds of time and memory."""

    def read(
        self, file: Path, name: str, *, tables: bool = False
    ) -> AbstractAsyncContextManager[Reading]:
        """Open a file; what it is told by its content, and of text by its name as well.

        Raises `Invalid` with a code of `DocumentReader`'s, `TooLarge`, `Unavailable`.
        """
