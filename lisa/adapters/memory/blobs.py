"""Content in this process's memory: gone when it ends, its links lead nowhere. For tests."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from lisa.ports.blob_keys import accepted_blob_key, accepted_blob_prefix, accepted_content_type
from lisa.ports.blobs import Form


class MemoryBlobs:
    """Keeps content."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._content: dict[str, bytes] = {}

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store the content; nobody reads its type here."""
        accepted_content_type(content_type)
        self._content[accepted_blob_key(key)] = content

    async def get(self, key: str) -> bytes | None:
        """Return the content, or nothing."""
        return self._content.get(accepted_blob_key(key))

    async def write(self, key: str, chunks: AsyncIterator[bytes], content_type: str) -> int:
        """Store content as it comes, whole or not at all; return its size."""
        accepted_blob_key(key)
        content = b"".join([chunk async for chunk in chunks])
        await self.put(key, content, content_type)
        return len(content)

    async def size(self, key: str) -> int | None:
        """Return how many bytes the content has, or nothing."""
        content = await self.get(key)
        return None if content is None else len(content)

    async def fetch(self, key: str, to: Path) -> int | None:
        """Write the content to a file and return its size, or nothing."""
        content = await self.get(key)
        return None if content is None else await asyncio.to_thread(to.write_bytes, content)

    async def delete(self, key: str) -> None:
        """Remove the content; what isn't there is removed already."""
        self._content.pop(accepted_blob_key(key), None)

    async def delete_under(self, prefix: str) -> None:
        """Remove everything whose key begins with this prefix, which ends in `/`."""
        accepted_blob_prefix(prefix)
        for key in [key for key in self._content if key.startswith(prefix)]:
            del self._content[key]

    async def read_link(self, key: str, seconds: int) -> str:
        """Return a URL that names the content, and for how long."""
        return f"memory:{accepted_blob_key(key)}?seconds={seconds}"

    async def write_link(self, key: str, content_type: str, size: int, seconds: int) -> str:
        """Return a URL that names what may be written."""
        content_type = accepted_content_type(content_type)
        return f"memory:{accepted_blob_key(key)}?type={content_type}&size={size}&seconds={seconds}"

    async def form_link(self, key: str, most: int, seconds: int) -> Form:
        """Return a form that names what may be written."""
        fields = {"key": accepted_blob_key(key), "most": str(most), "seconds": str(seconds)}
        return Form(f"memory:{key}", fields)
