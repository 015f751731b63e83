"""Where a model may go from where it is, and what is told of each step on its way."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from lisa.domain.errors import Conflict
from lisa.domain.frozen import Frozen
from lisa.domain.model import ModelStatus, Words

# Where a model is not in here under its status, it can't go there.
LEGAL: Final[Mapping[ModelStatus, frozenset[ModelStatus]]] = {
    ModelStatus.CREATING: frozenset(
        {ModelStatus.IN_SERVICE, ModelStatus.STOPPED, ModelStatus.FAILED, ModelStatus.DELETING}
    ),
    ModelStatus.IN_SERVICE: frozenset(
        {ModelStatus.UPDATING, ModelStatus.STOPPING, ModelStatus.DELETING}
    ),
    ModelStatus.UPDATING: frozenset(
        {ModelStatus.IN_SERVICE, ModelStatus.STOPPED, ModelStatus.FAILED, ModelStatus.DELETING}
    ),
    ModelStatus.STOPPING: frozenset(
        {ModelStatus.STOPPED, ModelStatus.FAILED, ModelStatus.DELETING}
    ),
    ModelStatus.STOPPED: frozenset(
        {ModelStatus.STARTING, ModelStatus.UPDATING, ModelStatus.DELETING}
    ),
    ModelStatus.STARTING: frozenset(
        {ModelStatus.IN_SERVICE, ModelStatus.STOPPED, ModelStatus.FAILED, ModelStatus.DELETING}
    ),
    ModelStatus.FAILED: frozenset({ModelStatus.STARTING, ModelStatus.DELETING}),
    ModelStatus.DELETING: frozenset({ModelStatus.FAILED}),
}
ON_ITS_WAY: Final = frozenset(
    {
        ModelStatus.CREATING,
        ModelStatus.UPDATING,
        ModelStatus.STARTING,
        ModelStatus.STOPPING,
        ModelStatus.DELETING,
    }
)


class Phase(StrEnum):
    """How a step went."""

    BEGUN = "begun"
    GOING_ON = "going on"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class ModelEvent(Frozen):
    """One line of a model's timeline. `run` is the workflow's run it belongs to."""

    model_id: str
    sequence: Annotated[int, Field(ge=0)]
    at: datetime
    run: str = ""
    workflow: str = ""
    step: str = ""
    phase: Phase
    status: ModelStatus
    words: Words = ""
    cause: Words = ""
    next_step: Words = ""


def refuse_illegal(model_id: str, now: ModelStatus, wanted: ModelStatus) -> None:
    """Refuse a way that isn't in the table."""
    if wanted in LEGAL[now]:
        return
    raise Conflict(
        f"the model {model_id} is {now.value} and can't become {wanted.value}",
        next_step="wait until it is done" if now in ON_ITS_WAY else "look at its status",
        code="illegal_transition",
    )
