"""What is being done with models that we run, and how their replicas are; for administrators."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import Field

from lisa.domain.lifecycle import ModelEvent, Phase
from lisa.domain.model import ModelStatus
from lisa.http.models.door import ModelPath, Uses, model_router
from lisa.http.models.wire import Wire
from lisa.http.services import Caller
from lisa.ports.hosts import HostState
from lisa.usecases.lifecycle.looking import Running

router = model_router()


class EventOut(Wire):
    """One line of a model's timeline."""

    sequence: int
    at: datetime
    run: str
    workflow: str
    step: str
    phase: Phase
    status: ModelStatus
    words: str
    cause: str
    next_step: str


class Timeline(Wire):
    """What was done, in order."""

    events: list[EventOut]
    next: int = Field(description="Send it back as `after` for what follows.")

    @classmethod
    def of(cls, events: Sequence[ModelEvent], after: int) -> "Timeline":
        """Show events."""
        shown = [EventOut.model_validate(each, from_attributes=True) for each in events]
        return cls(events=shown, next=shown[-1].sequence if shown else after)


class ReplicaOut(Wire):
    """One running engine."""

    id: str
    address: str
    healthy: bool
    since: datetime | None
    error: str


class Replicas(Wire):
    """What there was of a model when its host was looked at last, and how it is used."""

    state: HostState | Literal["unknown"]
    words: str
    cause: str
    next_step: str
    told: datetime | None
    minimum: int
    maximum: int
    desired: int
    replicas: list[ReplicaOut]
    last_used: datetime | None
    under_way: int
    idle_seconds: int | None

    @classmethod
    def of(cls, running: Running) -> "Replicas":
        """Show it."""
        scaling, report = running.hosting.scaling, running.report
        seen = report.seen if report else None
        replicas = seen.replicas if seen else ()
        return cls(
            state=seen.state if seen else "unknown",
            words=seen.words if seen else "nobody has looked at it yet",
            cause=seen.cause if seen else "",
            next_step=seen.next_step if seen else "",
            told=report.told if report else None,
            minimum=scaling.minimum,
            maximum=scaling.maximum,
            desired=scaling.desired,
            replicas=[ReplicaOut.model_validate(each, from_attributes=True) for each in replicas],
            last_used=running.last_used,
            under_way=running.under_way,
            idle_seconds=running.hosting.idle_seconds,
        )


class LogLines(Wire):
    """Lines of an engine's log, oldest first."""

    lines: list[str]
    next_cursor: str = Field(description="Send it back as `cursor` for what follows.")
    earlier_cursor: str = Field(
        description="Send it back as `cursor`, with `backward`, for what came before."
    )


class Removal(Wire):
    """What deleting a model would remove at its host."""

    things: list[str]


@router.get("/{model_id:path}/events")
async def events(
    uses: Uses,
    caller: Caller,
    model_id: ModelPath,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    wait: Annotated[float, Query(ge=0, le=25, description="Seconds to wait for an event.")] = 0,
) -> Timeline:
    """Return what was done with a model after that event; of one that is gone as well."""
    hosted = uses.all_models.hosted
    found = await hosted.timeline(caller, model_id, after, limit=limit, wait=wait)
    return Timeline.of(found, after)


@router.get("/{model_id:path}/replicas")
async def replicas(uses: Uses, caller: Caller, model_id: ModelPath) -> Replicas:
    """Return a model's replicas as they were seen last."""
    return Replicas.of(await uses.looking.replicas(caller, model_id))


@router.get("/{model_id:path}/replicas/{replica}/logs")
async def logs(
    uses: Uses,
    caller: Caller,
    model_id: ModelPath,
    replica: Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")],
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    cursor: Annotated[str, Query(max_length=512)] = "",
    *,
    backward: Annotated[bool, Query(description="The last lines before the cursor.")] = False,
) -> LogLines:
    """Return lines of a replica's log; those of replicas that are gone are kept for a while."""
    page = await uses.looking.logs(
        caller, model_id, replica, limit=limit, cursor=cursor, backward=backward
    )
    lines = list(page.lines)
    return LogLines(lines=lines, next_cursor=page.cursor, earlier_cursor=page.earlier)


@router.get("/{model_id:path}/removal")
async def removal(uses: Uses, caller: Caller, model_id: ModelPath) -> Removal:
    """Name what deleting a model would remove at its host; nothing is removed."""
    return Removal(things=[*await uses.looking.removal(caller, model_id)])
