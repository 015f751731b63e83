"""Files of a session as text: read once, kept beside the file, told to models."""

from dataclasses import dataclass

from lisa.domain.document import Document
from lisa.domain.errors import NotFound
from lisa.domain.identity import Principal
from lisa.domain.policy import Verb
from lisa.domain.session import Session
from lisa.ports.documents import DocumentReader
from lisa.usecases.files import Files


@dataclass(frozen=True)
class Documents:
    """What a caller can read of an own session's files."""

    files: Files
    reader: DocumentReader

    async def read(self, caller: Principal, session_id: str, file_id: str) -> Document:
        """Read a file for its caller, who so learns at once whether a model can be told of it."""
        session = await self.files.sessions.get(caller, session_id, Verb.CHANGE)
        return await self.of(session, file_id)

    async def of(self, session: Session, file_id: str) -> Document:
        """Return what a file of this session says; reads it where nobody has yet."""
        key = self.files.text_key(session, file_id)
        if kept := await self.files.blobs.get(key):
            return Document.from_json(kept)
        document = await self.reader.read(await self.content(session, file_id))
        if document.kind != "image":  # a look at its first bytes is cheaper than a blob
            await self.files.blobs.put(key, document.to_json(), "application/json")
        return document

    async def content(self, session: Session, file_id: str) -> bytes:
        """Return the bytes of a file of this session."""
        content = await self.files.blobs.get(self.files.key(session, file_id))
        if content is None:
            raise NotFound(
                f"there is no file {file_id} in session {session.id}",
                next_step="upload it to this session first",
                code="unknown_file",
            )
        return content
