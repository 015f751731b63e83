"""The blob port: content too large for a row, under keys that the server chooses.

A key is a path of segments joined by `/`, its first segment the owner; every adapter passes
`tests/contract/test_blobs.py`.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Form:
    """What is sent by POST as `multipart/form-data`: these fields, and after them a `file`."""

    url: str
    fields: Mapping[str, str]


class Blobs(Protocol):
    """Keeps content. Raises `Invalid` for a key that isn't a plain path, else `Unavailable`."""

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store the content, durably, before returning; a key written again holds the newest."""

    async def get(self, key: str) -> bytes | None:
        """Return the content, or nothing."""

    async def write(self, key: str, chunks: AsyncIterator[bytes], content_type: str) -> int:
        """Store content of any size as it comes, whole or not at all; return its size."""

    async def size(self, key: str) -> int | None:
        """Return how many bytes the content has, or nothing."""

    async def fetch(self, key: str, to: Path) -> int | None:
        """Write content of any size to a file of ours and return its size, or nothing."""

    async def delete(self, key: str) -> None:
        """Remove the content; what isn't there is removed already."""

    async def delete_under(self, prefix: str) -> None:
        """Remove everything whose key begins with this prefix, which ends in `/`."""

    async def read_link(self, key: str, seconds: int) -> str:
        """Return a URL that anyone holding it can read the content from, for that long."""

    async def write_link(self, key: str, content_type: str, size: int, seconds: int) -> str:
        """Return a URL that takes exactly that many bytes of that type by PUT, for that long."""

    async def form_link(self, key: str, most: int, seconds: int) -> Form:
        """Return a form that takes 1 to so many bytes of any type, for that long."""
