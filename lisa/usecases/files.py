"""Files of a session: uploaded and read by links, so that no large body passes through the API."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.document import LARGEST_DOCUMENT
from lisa.domain.errors import Invalid, TooLarge
from lisa.domain.identity import Principal
from lisa.domain.policy import Verb
from lisa.domain.session import Session
from lisa.ports.blobs import Blobs
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.stores.sessions.contents import session_prefix
from lisa.usecases.sessions import Sessions

LINK_LIFE: Final = timedelta(minutes=10)
FILE_ID: Final = re.compile(r"file_[0-9A-Za-z]{1,64}")


@dataclass(frozen=True)
class Link:
    """A URL that works for a while for whoever holds it."""

    file_id: str
    url: str
    expires: datetime


@dataclass(frozen=True)
class Files:
    """What a caller can do with the files of an own session."""

    sessions: Sessions
    blobs: Blobs
    clock: Clock
    ids: Ids

    async def upload(
        self, caller: Principal, session_id: str, *, content_type: str, size: int
    ) -> Link:
        """Give out a link that takes exactly this many bytes of this type."""
        if size > LARGEST_DOCUMENT:
            raise TooLarge(
                f"a file may have {LARGEST_DOCUMENT // 1024 // 1024} MB",
                next_step="send a smaller one, or in parts",
            )
        session = await self.sessions.get(caller, session_id, Verb.CHANGE)
        file_id = self.ids.new("file")
        key = self.key(session, file_id)
        seconds = int(LINK_LIFE.total_seconds())
        url = await self.blobs.write_link(key, content_type, size, seconds)
        return Link(file_id, url, self.clock.now() + LINK_LIFE)

    async def store(
        self, caller: Principal, session_id: str, *, content_type: str, content: bytes
    ) -> Link:
        """Keep a small file that came with the request."""
        session = await self.sessions.get(caller, session_id, Verb.CHANGE)
        file_id = self.ids.new("file")
        await self.blobs.put(self.key(session, file_id), content, content_type)
        return await self.link(session, file_id)

    async def read(self, caller: Principal, session_id: str, file_id: str) -> Link:
        """Give out a link to read the file."""
        return await self.link(await self.sessions.get(caller, session_id), file_id)

    async def link(self, session: Session, file_id: str) -> Link:
        """Give out a link to read a file of a session that the caller was shown to own."""
        seconds = int(LINK_LIFE.total_seconds())
        url = await self.blobs.read_link(self.key(session, file_id), seconds)
        return Link(file_id, url, self.clock.now() + LINK_LIFE)

    def key(self, session: Session, file_id: str) -> str:
        """Return where a file of this session lies; no id leads out of it."""
        return f"{self.folder(session)}files/{_plain(file_id)}"

    def text_key(self, session: Session, file_id: str) -> str:
        """Return where the text of a file lies, once it was read."""
        return f"{self.folder(session)}texts/{_plain(file_id)}"

    def folder(self, session: Session) -> str:
        """Return what the keys of everything in this session begin with."""
        return session_prefix(session.owner, session.uid)


def _plain(file_id: str) -> str:
    if not FILE_ID.fullmatch(file_id):
        raise Invalid(f"{file_id[:80]!r} is no file id", code="unknown_file")
    return file_id
