"""Content as files: one each, its first line the content type."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from lisa.adapters.files import durable
from lisa.adapters.files.links import Links, Upload
from lisa.adapters.files.names import file_of, folder_of
from lisa.domain.errors import Unavailable
from lisa.ports.blob_keys import accepted_blob_key, accepted_blob_prefix, accepted_content_type
from lisa.ports.blobs import Form
from lisa.ports.clock import Clock

T = TypeVar("T")
PIECE: Final = 1024 * 1024


@dataclass(frozen=True)
class Stored:
    """A blob's type and size, and its content as a file to be read and closed."""

    file: BinaryIO
    content_type: str
    size: int

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the content piece by piece, then close the file."""
        try:
            while chunk := await _in_thread(lambda: self.file.read(PIECE)):
                yield chunk
        finally:
            self.file.close()


class FileBlobs:
    """Keeps content below a folder that nobody else writes to."""

    def __init__(self, root: Path, secret: bytes, clock: Clock, base_url: str) -> None:
        """Touch nothing yet; links begin with the base URL and are signed with the secret."""
        self._root = root.resolve()
        self._links = Links(secret, clock, base_url)

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store the content, durably, before returning; a key written again holds the newest."""
        file = file_of(self._root, key)
        whole = accepted_content_type(content_type).encode() + b"\n" + content
        await _in_thread(lambda: durable.write(self._root, file, whole))

    async def get(self, key: str) -> bytes | None:
        """Return the content, or nothing."""
        file = file_of(self._root, key)
        return await _in_thread(lambda: _whole(file))

    async def write(self, key: str, chunks: AsyncIterator[bytes], content_type: str) -> int:
        """Store content of any size as it comes, whole or not at all; return its size."""
        file = file_of(self._root, key)
        first = accepted_content_type(content_type).encode() + b"\n"
        draft = await _in_thread(lambda: durable.Draft(self._root))
        size = 0
        try:
            await _in_thread(lambda: draft.write(first))
            async for chunk in chunks:
                size += len(chunk)
                await _in_thread(partial(draft.write, chunk))
            await _in_thread(lambda: draft.finish(file))
        finally:
            await _in_thread(draft.close)
        return size

    async def size(self, key: str) -> int | None:
        """Return how many bytes the content has, or nothing."""
        file = file_of(self._root, key)
        stored = await _in_thread(lambda: _opened(file))
        if stored is None:
            return None
        stored.file.close()
        return stored.size

    async def fetch(self, key: str, to: Path) -> int | None:
        """Write content of any size to a file of ours and return its size, or nothing."""
        file = file_of(self._root, key)
        return await _in_thread(lambda: _copied(file, to))

    async def open_stored(self, key: str) -> Stored | None:
        """Return the content, to be read piece by piece, or nothing."""
        file = file_of(self._root, key)
        return await _in_thread(lambda: _opened(file))

    async def delete(self, key: str) -> None:
        """Remove the content; what isn't there is removed already."""
        file = file_of(self._root, key)
        await _in_thread(lambda: durable.unlink(self._root, file))

    async def delete_under(self, prefix: str) -> None:
        """Remove everything whose key begins with this prefix, which ends in `/`."""
        folder = folder_of(self._root, accepted_blob_prefix(prefix).removesuffix("/"))
        await _in_thread(lambda: durable.remove(self._root, folder))

    async def clear_leftovers(self) -> None:
        """Free what a killed process left behind; to be called before anything is written."""
        await _in_thread(lambda: durable.clear_leftovers(self._root))

    async def read_link(self, key: str, seconds: int) -> str:
        """Return a URL that anyone holding it can read the content from, for that long."""
        return self._links.to_read(accepted_blob_key(key), seconds)

    async def write_link(self, key: str, content_type: str, size: int, seconds: int) -> str:
        """Return a URL that takes exactly that many bytes of that type by PUT, for that long."""
        upload = Upload(accepted_content_type(content_type), size)
        return self._links.to_write(accepted_blob_key(key), upload, seconds)

    async def form_link(self, key: str, most: int, seconds: int) -> Form:
        """Return a form that takes 1 to so many bytes of any type, for that long."""
        return self._links.to_form(accepted_blob_key(key), most, seconds)

    def verify_form(self, key: str, fields: Mapping[str, str]) -> int:
        """Return how many bytes a form with these fields may bring, or raise `Forbidden`."""
        return self._links.verify_form(key, fields)

    def verify_read(self, key: str, query: Mapping[str, str]) -> None:
        """Return if a link with this query may read the content, else raise `Forbidden`."""
        self._links.verify_read(key, query)

    def verify_write(self, key: str, query: Mapping[str, str]) -> Upload:
        """Return what a link with this query may write, or raise `Forbidden`."""
        return self._links.verify_write(key, query)


def _opened(file: Path) -> Stored | None:
    opened = durable.opened(file)
    if opened is None:
        return None
    first = opened.readline()
    size = os.fstat(opened.fileno()).st_size - len(first)
    return Stored(opened, first.decode().removesuffix("\n"), size)


def _whole(file: Path) -> bytes | None:
    stored = _opened(file)
    if stored is None:
        return None
    with stored.file:
        return stored.file.read()


def _copied(file: Path, to: Path) -> int | None:
    stored = _opened(file)
    if stored is None:
        return None
    with stored.file, to.open("wb") as copy:
        shutil.copyfileobj(stored.file, copy, PIECE)
        return copy.tell()


async def _in_thread(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise Unavailable("the stored files can't be reached", next_step="try again") from error
