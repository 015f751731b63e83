"""Taking in a zip of an export: uploaded by a link, as it is too large for a request's body."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from lisa.domain.document import image_type
from lisa.domain.errors import Invalid, NotFound, TooLarge
from lisa.domain.identity import Principal
from lisa.domain.policy import Verb
from lisa.domain.session import Draft, Session
from lisa.usecases.archives import attached
from lisa.usecases.files import LINK_LIFE, Files, Link
from lisa.usecases.imports import Imported, Imports
from lisa.usecases.unpacking import MB, Unpacked, unpacked

LARGEST_ARCHIVE: Final = 96 * 1024 * 1024
STORED_AT_ONCE: Final = 4
ARCHIVE: Final = "application/zip"
Read: TypeAlias = Callable[[bytes], tuple[Imported, list[Draft]]]


@dataclass(frozen=True)
class ArchiveImports:
    """Takes in zips. Each waits in a session of its own that no list shows and that is forgotten.

    Ids of files hold within a session, so they stay as they are in another one.
    """

    files: Files
    imports: Imports

    async def announce(self, caller: Principal, size: int) -> Link:
        """Give out a link to upload a zip by; its id is the upload's."""
        if size > LARGEST_ARCHIVE:
            raise TooLarge(
                f"a zip may have {LARGEST_ARCHIVE // MB} MB",
                next_step="export the session anew; LISA makes several zips of a large one",
                code="archive_too_large",
            )
        waiting = await self.files.sessions.create(caller, listed=False)
        seconds = int(LINK_LIFE.total_seconds())
        url = await self.files.blobs.write_link(self._key(waiting), ARCHIVE, size, seconds)
        return Link(waiting.id, url, self.files.clock.now() + LINK_LIFE)

    async def take(
        self, caller: Principal, upload_id: str, read: Read, into: str | None
    ) -> Session:
        """Make a session of an uploaded zip, or import it `into` one, as `Imports.take` does."""
        waiting = await self.files.sessions.get(caller, upload_id, Verb.CHANGE)
        content = await self.files.blobs.get(self._key(waiting))
        if content is None or into == waiting.id:
            raise NotFound(
                f"there is no uploaded zip {upload_id}",
                next_step="announce one and put it where the link leads",
                code="unknown_upload",
            )
        try:
            archive = await asyncio.to_thread(unpacked, content)
            about, drafts = await asyncio.to_thread(read, archive.text)
        except Invalid:
            await self.files.sessions.delete(caller, waiting.id)  # it gets no better
            raise
        session = await self.imports.take(caller, about, drafts, into)
        await self._store(session, archive, drafts)
        await self.files.sessions.delete(caller, waiting.id)
        return session

    async def _store(self, session: Session, archive: Unpacked, drafts: Sequence[Draft]) -> None:
        """Keep the files that items name, unless the session has them; others nobody would see."""
        named = {each.file_id for draft in drafts for each in attached(draft)}
        wanted = sorted(named & archive.files.keys())
        for start in range(0, len(wanted), STORED_AT_ONCE):
            some = wanted[start : start + STORED_AT_ONCE]
            await asyncio.gather(*(self._store_one(session, archive, each) for each in some))

    async def _store_one(self, session: Session, archive: Unpacked, file_id: str) -> None:
        key = self.files.key(session, file_id)
        if await self.files.blobs.get(key) is not None:
            return
        content = await asyncio.to_thread(archive.content, file_id)
        await self.files.blobs.put(key, content, image_type(content) or "application/octet-stream")

    def _key(self, waiting: Session) -> str:
        return f"{self.files.folder(waiting)}imports/archive.zip"
