"""Content as files: one each, its first line the content type."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from lisa.adapters.files import durable
from lisa.adapters.files.links import Links, Upload
from lisa.adapters.files.names import file_of, folder_of
from lisa.domain.errors import Unavailable
from lisa.ports.blob_keys import accepted_blob_key, accepted_blob_prefix, accepted_content_type
from lisa.ports.clock import Clock

T = TypeVar("T")


class Stored(NamedTuple):
    """A blob and its type."""

    content: bytes
    content_type: str


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
        stored = await self.get_stored(key)
        return stored and stored.content

    async def get_stored(self, key: str) -> Stored | None:
        """Return the content and its type, or nothing."""
        file = file_of(self._root, key)
        whole = await _in_thread(lambda: durable.read(file))
        if whole is None:
            return None
        content_type, _, content = whole.partition(b"\n")
        return Stored(content, content_type.decode())

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

    def verify_read(self, key: str, query: Mapping[str, str]) -> None:
        """Return if a link with this query may read the content, else raise `Forbidden`."""
        self._links.verify_read(key, query)

    def verify_write(self, key: str, query: Mapping[str, str]) -> Upload:
        """Return what a link with this query may write, or raise `Forbidden`."""
        return self._links.verify_write(key, query)


async def _in_thread(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise Unavailable("the stored files can't be reached", next_step="try again") from error
