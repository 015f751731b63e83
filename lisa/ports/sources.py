"""The sources port: places that pipelines load documents from, such as folders and buckets."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that lies at a source; `mark` is another one whenever its content is."""

    source: str  # its own: file:/folder/name, s3://bucket/key
    name: str
    size: int
    mark: str


class Sources(Protocol):
    """Looks at sources, and fetches from them.

    Raises `Invalid` for one that isn't allowed or isn't of a known kind, `Forbidden` or `NotFound`
    where somebody else has to let LISA in or make the place first, else `Unavailable`.
    """

    def check(self, source: str) -> None:
        """Return if files below this may be loaded, else raise `Invalid`."""

    def files(self, source: str) -> AsyncIterator[SourceFile]:
        """Yield each file below, in no order; those that `lies_below` denies are left out."""

    async def look(self, source: str) -> SourceFile | None:
        """Return the file that lies exactly there, or nothing."""

    async def fetch(self, source: str, to: Path, most: int) -> int | None:
        """Write a file's content to a path and return its size; nothing if it isn't there.

        Raises `TooLarge` where it has more bytes than this.
        """


def folder_of(source: str) -> str:
    """Return what the sources of all files below one begin with."""
    return f"{source.rstrip('/')}/"


def lies_below(source: str, file: str) -> bool:
    """Tell whether a file's own source is below this one, and neither hidden nor a mere folder."""
    folder = folder_of(source)
    inside = file.removeprefix(folder)
    is_hidden = any(part.startswith(".") for part in inside.split("/"))
    return file.startswith(folder) and not is_hidden and not file.endswith("/")
