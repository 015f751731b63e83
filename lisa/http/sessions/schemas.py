"""The shapes of sessions on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from lisa.domain.session import Draft, Id, Item, Message, Name, Session, Settings


class Body(BaseModel):
    """A request body: a field we don't know is a mistake worth naming."""

    model_config = ConfigDict(extra="forbid")


class SessionCreate(Body):
    """A new session; all of it may be left out."""

    id: Id | None = None
    name: Name = ""
    configuration: Settings = Field(default_factory=dict)


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
    version: int

    @classmethod
    def of(cls, session: Session) -> "SessionOut":
        """Show a session."""
        return cls.model_validate(session, from_attributes=True)


class SessionPage(BaseModel):
    """Sessions, last changed first."""

    items: list[SessionOut]
    next_cursor: str = Field(
        description="Send it back as `cursor` for the next page; empty at the end."
    )


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


class FileCreate(Body):
    """A file that will be uploaded."""

    content_type: Annotated[str, Field(pattern=r"^[\w.+-]{1,60}/[\w.+-]{1,60}$")]
    size: Annotated[int, Field(ge=1)]


class LinkOut(BaseModel):
    """A link to a file: PUT the announced bytes to an upload's URL, GET a read one's."""

    file_id: str
    method: Literal["PUT", "GET"]
    url: str
    expires: datetime
