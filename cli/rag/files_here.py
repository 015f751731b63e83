"""Files of this machine that become documents: which a path names, and of what type they are."""

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.domain.errors import Invalid

LARGEST: Final = 512 * 1024 * 1024
UNKNOWN: Final = "application/octet-stream"
HIDDEN: Final = "."
LONGEST_NAME: Final = 255


@dataclass(frozen=True)
class FileHere:
    """A file, and the name that its document gets: its path below the folder that was named."""

    path: Path
    name: str
    size: int

    @property
    def content_type(self) -> str:
        """Return what its name says; what it is by its content is found out later."""
        return mimetypes.guess_type(self.name)[0] or UNKNOWN


def files_in(paths: Sequence[Path]) -> list[FileHere]:
    """Return all files that are named, and those in named folders but for hidden ones."""
    found = [each for path in paths for each in _below(path)]
    if not found:
        raise Invalid(
            f"there is no file in {', '.join(map(str, paths))}",
            next_step="name files, or a folder that has some",
            code="no_files",
        )
    for each in found:
        _refuse_unusable(each)
    return found


def _below(path: Path) -> Iterator[FileHere]:
    whole = path.expanduser().resolve()
    if whole.is_file():
        yield FileHere(whole, whole.name, whole.stat().st_size)
        return
    if not whole.is_dir():
        raise Invalid(f"there is no {path}", next_step="check the path", code="no_files")
    for each in sorted(whole.rglob("*")):
        below = each.relative_to(whole)
        if each.is_file() and not any(part.startswith(HIDDEN) for part in below.parts):
            yield FileHere(each, below.as_posix(), each.stat().st_size)


def _refuse_unusable(file: FileHere) -> None:
    if file.size > LARGEST:
        raise Invalid(
            f"{file.path} is larger than {LARGEST // 1024 // 1024} MB",
            next_step="split it, or leave it out",
            code="too_large",
        )
    if len(file.name) > LONGEST_NAME:
        raise Invalid(
            f"{file.name} is longer than {LONGEST_NAME} characters",
            next_step="name a folder further down",
            code="too_long",
        )
