"""A session with files in it, over memory."""

from dataclasses import dataclass

from lisa.domain.document import Document, Passage, image_type
from lisa.domain.session import Session
from lisa.usecases.documents import Documents
from lisa.usecases.files import Files
from tests.unit.conftest import ALICE, House


@dataclass
class PlainReader:
    """Takes every file for text, or for the image that it is."""

    reads: int = 0

    async def read(self, content: bytes) -> Document:
        """Return the text."""
        self.reads += 1
        if image := image_type(content):
            return Document("image", image_type=image)
        return Document("text", (Passage(content.decode()),))


@dataclass
class Desk:
    """A session of alice's, and what reads its files."""

    session: Session
    files: Files
    documents: Documents
    reader: PlainReader

    async def put(self, content: bytes) -> str:
        """Upload a file; returns its id."""
        link = await self.files.store(
            ALICE, self.session.id, content_type="text/plain", content=content
        )
        return link.file_id


async def desk(house: House) -> Desk:
    """Set one up."""
    files = Files(house.sessions, house.blobs, house.clock, house.ids)
    reader = PlainReader()
    session = await house.sessions.create(ALICE, session_id="s1")
    return Desk(session, files, Documents(files, reader), reader)
