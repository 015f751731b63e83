"""Reading a folder of weights from the disk; everything here blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from lisa.domain.weights import DOCUMENTS, ModelFacts
from lisa.domain.weights_place import facts_of, refused


def read_weights(path: Path) -> ModelFacts:
    """Read all that a folder, or one GGUF file, says of itself.

    All torn and missing files are named in one `Invalid`.
    """
    if path.suffix == ".gguf":
        return facts_of(_Folder(path.parent), path.name)
    if not path.is_dir():
        raise refused([f"{path.name}: it is no folder"])
    return facts_of(_Folder(path))


@dataclass(frozen=True)
class _Folder:
    """A folder as a place of weights."""

    path: Path

    @cached_property
    def lengths(self) -> Mapping[str, int]:
        """Return the lengths of its files, and of documents in folders inside it."""
        beside = [each.name for each in self.path.iterdir()] if self.path.is_dir() else []
        files = {name: self.path / name for name in (*beside, *DOCUMENTS)}
        return {name: file.stat().st_size for name, file in files.items() if file.is_file()}

    def opened(self, name: str) -> BinaryIO:
        """Open one for reading."""
        return (self.path / name).open("rb")
