"""Reads a file of a test as ingestion reads files of people."""

from dataclasses import dataclass
from pathlib import Path

from lisa.adapters.documents.extractor import ProcessExtractor
from lisa.ports.extraction import Extractor, Nature, Section


@dataclass(frozen=True)
class Read:
    """All that was told of a file."""

    nature: Nature
    sections: list[Section]
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(section.text for section in self.sections)

    @property
    def told(self) -> list[tuple[tuple[str, ...], str]]:
        """The sections' headings and texts."""
        return [(section.headings, section.text) for section in self.sections]


@dataclass(frozen=True)
class Desk:
    """Where files are laid to be read."""

    folder: Path
    extractor: Extractor

    @classmethod
    def at(cls, folder: Path, **limits: int) -> "Desk":
        return cls(folder, ProcessExtractor(**limits))

    def laid(self, content: bytes) -> Path:
        file = self.folder / "uploaded"  # the name that people gave it is told beside it
        file.write_bytes(content)
        return file

    async def read(self, content: bytes, name: str = "", *, tables: bool = False) -> Read:
        async with self.extractor.read(self.laid(content), name, tables=tables) as reading:
            sections = [section async for section in reading]
        return Read(reading.nature, sections, reading.warnings)
