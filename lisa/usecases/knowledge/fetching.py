"""Brings a document's content to this machine for as long as it is read."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lisa.domain.errors import NotFound
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.domain.knowledge.rag_file import LARGEST_FILE
from lisa.ports.blobs import Blobs
from lisa.ports.ids import Ids
from lisa.ports.sources import Sources


@dataclass(frozen=True)
class Fetched:
    """A copy of the content."""

    file: Path
    size: int
    digest: str


@dataclass(frozen=True)
class Fetching:
    """Fetches content into a folder that nobody else uses."""

    blobs: Blobs
    sources: Sources
    ids: Ids
    folder: Path

    @asynccontextmanager
    async def fetched(self, document: RagDocument) -> AsyncIterator[Fetched]:
        """Return the content; its copy is gone after the block."""
        file = self.folder / self.ids.new("content")
        try:
            size = await self._fetch(document, file)
            if size is None:
                raise NotFound(
                    f"the content of {document.name} is gone",
                    next_step="bring it there again, or remove the document",
                    code="content_missing",
                )
            yield Fetched(file, size, await asyncio.to_thread(_digest, file))
        finally:
            await asyncio.to_thread(file.unlink, missing_ok=True)

    async def _fetch(self, document: RagDocument, to: Path) -> int | None:
        if document.key:
            return await self.blobs.fetch(document.key, to)
        return await self.sources.fetch(document.source, to, LARGEST_FILE)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
