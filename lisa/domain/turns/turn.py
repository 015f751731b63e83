"""A turn as it is kept: what was asked, who works on it, and how it ended."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class TurnStatus(StrEnum):
    """Where a turn is, in OpenAI's words."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN: Final = frozenset({TurnStatus.QUEUED, TurnStatus.IN_PROGRESS})


class Measures(BaseModel):
    """What a turn took; nothing where nobody knows."""

    model_config = ConfigDict(frozen=True)

    first_token_ms: float | None = None
    total_ms: float | None = None
    cost: float | None = None
    price_source: str = ""
    served_by: str = ""  # the model that answered, if it wasn't the one asked


class Turn(BaseModel):
    """One turn.

    `request` is what a response repeats of it. Whoever works on it holds `lease` and renews it
    before `lease_until`; whoever finds it expired closes the turn. Events behind `last_sequence`
    don't count. A turn that isn't `stored` is forgotten after a day and in no session.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    owner: str
    session_id: str
    session_uid: str
    stored: bool = True
    previous_id: str | None = None
    model: str
    status: TurnStatus = TurnStatus.IN_PROGRESS
    background: bool = False
    request: dict[str, JsonValue] = Field(default_factory=dict)
    input_ids: tuple[str, ...] = ()
    output_ids: tuple[str, ...] = ()
    lease: str = ""
    lease_until: datetime | None = None
    last_sequence: int | None = None
    cancel_requested: bool = False
    usage: dict[str, JsonValue] | None = None
    error: dict[str, JsonValue] | None = None
    incomplete_reason: str = ""
    measures: Measures = Measures()
    created: datetime
    completed: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Tell whether it is still going on."""
        return self.status in OPEN
