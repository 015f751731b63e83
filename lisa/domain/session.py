"""A chat session and its items. An item is a Responses item, so branches and tool calls fit."""

import hashlib
import json
from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:\-]{0,127}$")]
Name: TypeAlias = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Part: TypeAlias = dict[str, JsonValue]
Role: TypeAlias = Literal["user", "assistant", "system", "developer", "tool"]
Status: TypeAlias = Literal["completed", "in_progress", "incomplete", "failed"]

MAX_PARTS: Final = 1000
MAX_SETTINGS_BYTES: Final = 32 * 1024
FIRST_MESSAGE_LENGTH: Final = 300


def _small(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if len(json.dumps(value)) > MAX_SETTINGS_BYTES:
        raise ValueError(f"is over {MAX_SETTINGS_BYTES // 1024} KB as JSON")
    return value


Settings: TypeAlias = Annotated[dict[str, JsonValue], AfterValidator(_small)]


def plain(text: str) -> str:
    """Leave out what no store takes in a text of its own: NUL and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


class Message(BaseModel):
    """What an item says, without a name for it."""

    model_config = ConfigDict(frozen=True)

    parent_id: Id | None = None
    response_id: Id | None = None
    type: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,63}$")] = "message"
    role: Role | None = None
    parts: tuple[Part, ...] = Field(max_length=MAX_PARTS)
    status: Status = "completed"
    metadata: Settings = Field(default_factory=dict)

    def digest(self) -> str:
        """Tell content from content: the same role, type and parts have the same digest."""
        said = json.dumps([self.type, self.role, self.parts], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def text(self) -> str:
        """Return what a person would read of it."""
        texts = (part.get("text") for part in self.parts)
        return "\n\n".join(text for text in texts if isinstance(text, str))

    def opening(self) -> str:
        """Return how a session is named that begins with it: nothing, unless a person said it."""
        return plain(self.text())[:FIRST_MESSAGE_LENGTH] if self.role == "user" else ""


class Draft(Message):
    """An item as its writer sends it: sending the same id again changes nothing."""

    id: Id


class Item(Draft):
    """An item as it is kept: with its place in the session's own order."""

    sequence: int
    created: datetime
    removed: bool = False  # its owner took it out of sight, and may take that back


class Session(BaseModel):
    """A chat, without its items.

    `version` counts changes of name and configuration; `revision` counts every change, appends
    included. `uid` names this very session: an id used again by its owner gets another one. One
    that isn't `listed` was made for a single response and is forgotten after a month.
    """

    model_config = ConfigDict(frozen=True)

    id: Id
    uid: str
    owner: str
    name: str = ""
    configuration: Settings = Field(default_factory=dict)
    first_message: str = ""
    item_count: int = 0
    last_item_id: str | None = None
    created: datetime
    updated: datetime
    version: int = 1
    revision: int = 1
    project_id: str | None = None
    listed: bool = True
    has_removed: bool = False  # some item was taken out of sight, and maybe back
