"""The shapes of sessions on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from lisa.domain.project import ProjectId
from lisa.domain.session import Draft, Id, Item, Message, Name, Session, Settings
from lisa.usecases.imports import Imported
from lisa.usecases.search import Hit

EXPORT_FORMAT: Final = "lisa.session/1"


class Body(BaseModel):
    """A request body: a field we don't know is a mistake worth naming."""

    model_config = ConfigDict(extra="forbid")


class SessionCreate(Body):
    """A new session; all of it may be left out."""

    id: Id | None = None
    name: Name = ""
    configuration: Settings = Field(default_factory=dict)
    project_id: ProjectId | None = None


class SessionChange(Body):
    """What to change; with `version`, only if the session is still at that version."""

    name: Name | None = None
    configuration: Settings | None = None
    version: int | None = None


class SessionOut(BaseModel):
    """A session without its items."""

    id: str
    name: str
    configuration: dict[str, JsonValue]
    first_message: str
    item_count: int
    created: datetime
    updated: datetime
    version: int = Field(description="Counts changes of name and configuration.")
    revision: int = Field(description="Counts every change: another tab looks whether it grew.")
    project_id: str | None

    @classmethod
    def of(cls, session: Session) -> "SessionOut":
        """Show a session."""
        return cls.model_validate(session, from_attributes=True)


class HitOut(BaseModel):
    """Where a search found something: in a message, or without `item_id` in a session's name."""

    session_id: str
    item_id: str | None
    snippet: str


class SessionPage(BaseModel):
    """Sessions, last changed first. A search names in `hits` what it found in them."""

    items: list[SessionOut]
    next_cursor: str = Field(
        description="Send it back as `cursor` for the next page; empty at the end."
    )
    hits: list[HitOut] = []

    @classmethod
    def found(cls, hits: Sequence[Hit], next_cursor: str) -> "SessionPage":
        """Show what a search found, each session once."""
        sessions = {hit.session.id: SessionOut.of(hit.session) for hit in hits}
        shown = [
            HitOut(session_id=hit.session.id, item_id=hit.item_id, snippet=hit.snippet)
            for hit in hits
        ]
        return cls(items=list(sessions.values()), next_cursor=next_cursor, hits=shown)


class ItemCreate(Message, Body):
    """An item to append. Give it an id of your own and a retry can't double it."""

    id: Id | None = None

    def named(self, new_id: str) -> Draft:
        """Return the draft under its own id, or under a new one."""
        return Draft(**self.model_dump(exclude={"id"}), id=self.id or new_id)


class ItemsCreate(Body):
    """Items to append, in this order."""

    items: Annotated[list[ItemCreate], Field(min_length=1, max_length=1000)]


class ItemOut(Message):
    """An item as it is kept."""

    id: str
    sequence: int
    created: datetime
    removed: bool

    @classmethod
    def of(cls, item: Item) -> "ItemOut":
        """Show an item."""
        return cls.model_validate(item.model_dump())


class ItemList(BaseModel):
    """The items just appended, as they are kept."""

    items: list[ItemOut]


class ItemPage(BaseModel):
    """Items of a session."""

    items: list[ItemOut]
    next_cursor: str


class Deleted(BaseModel):
    """How many sessions are gone; their content is being removed."""

    deleted: int


class SessionInExport(BaseModel):
    """What an export says of the session; the rest of it is another session's."""

    name: Name = ""
    configuration: Settings = Field(default_factory=dict)


class SessionImport(BaseModel):
    """A page of an export as it was got."""

    format: Literal["lisa.session/1"]
    session: SessionInExport
    items: Annotated[list[Draft], Field(max_length=1000)]

    def about(self) -> Imported:
        """Return what it says of the session itself."""
        return Imported(self.session.name, self.session.configuration)


class ArchiveCreate(Body):
    """A zip of an export that will be uploaded."""

    size: Annotated[int, Field(ge=1)]


class UploadOut(BaseModel):
    """A link to upload a zip by: PUT the announced bytes as `application/zip`."""

    upload_id: str
    method: Literal["PUT"] = "PUT"
    url: str
    expires: datetime


class ArchiveOut(BaseModel):
    """A link to a zip. What didn't fit goes on with `next_cursor`, in another one."""

    url: str
    expires: datetime
    next_cursor: str
