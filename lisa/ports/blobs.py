"""The blob port: content too large for a row, under keys that the server chooses.

A key is a path of segments joined by `/`, its first segment the owner; every adapter passes
`tests/contract/test_blobs.py`.
"""

from typing import Protocol


class Blobs(Protocol):
    """Keeps content. Raises `Invalid` for a key that isn't a plain path, else `Unavailable`."""

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store the content, durably, before returning; a key written again holds the newest."""

    async def get(self, key: str) -> bytes | None:
        """Return the content, or nothing."""

    async def delete_under(self, prefix: str) -> None:
        """Remove everything whose key begins with this prefix, which ends in `/`."""

    async def read_link(self, key: str, seconds: int) -> str:
        """Return a URL that anyone holding it can read the content from, for that long."""

    async def write_link(self, key: str, content_type: str, size: int, seconds: int) -> str:
        """Return a URL that takes exactly that many bytes of that type by PUT, for that long."""
