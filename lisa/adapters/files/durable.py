"""Writing and removing files so that neither is undone or half done after a crash."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final

from lisa.adapters.files.names import MARK

UNFINISHED: Final = f"{MARK}new"
REMOVED: Final = f"{MARK}removed"
ATTEMPTS: Final = 10
NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


def opened(file: Path) -> BinaryIO | None:
    """Open the file for reading; nothing if it isn't there."""
    refuse_links(file.parent)
    try:
        return os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
    except FileNotFoundError:
        return None


def write(root: Path, file: Path, content: bytes) -> None:
    """Return when the file is on the disk, whole, under its name."""
    draft = Draft(root)
    try:
        draft.write(content)
        draft.finish(file)
    finally:
        draft.close()


class Draft:
    """A file that is being written, and is nobody's until it is finished."""

    def __init__(self, root: Path) -> None:
        """Begin an empty one."""
        self._root = root
        self._unfinished = root / UNFINISHED / secrets.token_hex(16)
        make_folders(root, self._unfinished.parent)
        self._opened = os.fdopen(os.open(self._unfinished, NEW_FILE, 0o600), "wb")

    def write(self, content: bytes) -> None:
        """Add to it."""
        self._opened.write(content)

    def finish(self, file: Path) -> None:
        """Return when it is on the disk, whole, under its name."""
        self._opened.flush()
        os.fsync(self._opened.fileno())
        self._opened.close()
        _move_into_place(self._root, self._unfinished, file)
        with suppress(FileNotFoundError):  # somebody has removed it again
            _sync_up_to(self._root, file.parent)

    def close(self) -> None:
        """Leave nothing of one that wasn't finished."""
        self._opened.close()
        self._unfinished.unlink(missing_ok=True)


def unlink(root: Path, file: Path) -> None:
    """Remove a file for good; what isn't there is removed already."""
    refuse_links(file.parent)
    with suppress(FileNotFoundError):
        file.unlink()
        _sync_up_to(root, file.parent)


def remove(root: Path, folder: Path) -> None:
    """Take a folder away at once and for good, then free its space and that of earlier ones."""
    removed = root / REMOVED
    make_folders(root, removed)
    refuse_links(folder.parent)
    try:
        folder.rename(removed / secrets.token_hex(16))
    except FileNotFoundError:
        return
    _sync_up_to(root, folder.parent)
    for leftover in removed.iterdir():
        shutil.rmtree(leftover, onerror=_raise_unless_gone)


def clear_leftovers(root: Path) -> None:
    """Free what a killed process left half written or half removed; nobody may write meanwhile."""
    for folder in (root / UNFINISHED, root / REMOVED):
        if folder.is_dir():
            refuse_links(folder)
            shutil.rmtree(folder)


def make_folders(root: Path, folder: Path) -> None:
    """Make a folder below the root, and the root, for our user alone."""
    if folder.is_dir():
        refuse_links(folder)
    elif folder == root:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(root.parent)
    else:
        make_folders(root, folder.parent)
        with suppress(FileExistsError):  # pathlib's exist_ok fails where it is removed meanwhile
            folder.mkdir(mode=0o700)


def refuse_links(folder: Path) -> None:
    """Refuse a folder that is reached over a symbolic link."""
    if folder.resolve() != folder:
        raise OSError(f"{folder} leads elsewhere")


def _move_into_place(root: Path, unfinished: Path, file: Path) -> None:
    for _ in range(ATTEMPTS - 1):
        with suppress(FileNotFoundError):  # its folder was removed meanwhile
            make_folders(root, file.parent)
            unfinished.rename(file)
            return
    make_folders(root, file.parent)
    unfinished.rename(file)


def _sync_up_to(root: Path, folder: Path) -> None:
    _sync(folder)
    if folder != root:
        _sync_up_to(root, folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _raise_unless_gone(
    _function: Any, _path: str, error: tuple[type[BaseException], BaseException, TracebackType]
) -> None:
    if not isinstance(error[1], FileNotFoundError):
        raise error[1]
