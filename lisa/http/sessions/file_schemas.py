"""The shapes of files on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from lisa.domain.document import Document, Kind
from lisa.http.sessions.schemas import Body


class FileCreate(Body):
    """A file that will be uploaded."""

    content_type: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,60}/[A-Za-z0-9_.+-]{1,60}$")]
    size: Annotated[int, Field(ge=1)]


class LinkOut(BaseModel):
    """A link to a file: PUT the announced bytes to an upload's URL, GET a read one's."""

    file_id: str
    method: Literal["PUT", "GET"]
    url: str
    expires: datetime


class FileText(BaseModel):
    """What was read of a file."""

    kind: Kind
    characters: int
    tokens: int = Field(description="An estimate: a token for 4 bytes of text, 1,000 for an image.")
    pages: int | None
    truncated: bool = Field(description="Whether it is longer than what was read.")

    @classmethod
    def of(cls, document: Document) -> "FileText":
        """Show a document without its text."""
        return cls(
            kind=document.kind,
            characters=len(document.text),
            tokens=document.tokens,
            pages=document.pages,
            truncated=document.truncated,
        )
