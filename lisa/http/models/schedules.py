"""When models run by themselves: LISA's routes of a model's schedule, and a list of all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from lisa.domain.model import ModelStatus
from lisa.domain.schedules import Act, Planned
from lisa.http.models.door import ModelPath, Once, Uses, model_router
from lisa.http.models.lisa_schedules import SchedulingConfig
from lisa.http.models.wire import Wire
from lisa.http.services import Caller
from lisa.usecases.lifecycle.timetable import Scheduled
from lisa.usecases.schedules import Status, status

router = model_router()


class NextAction(Wire):
    """What a schedule does next."""

    action: Act
    scheduled_time: datetime

    @classmethod
    def of(cls, planned: Planned | None) -> "NextAction | None":
        """Show what is planned."""
        return cls(action=planned.act, scheduled_time=planned.at) if planned else None


class ScheduleChanged(Wire):
    """What became of a change."""

    message: str
    model_id: str
    schedule_enabled: bool


class ScheduleShown(Wire):
    """A model's schedule, if it has one."""

    model_id: str
    scheduling: SchedulingConfig | None
    next_scheduled_action: NextAction | None


class Failure(Wire):
    """Why a schedule wasn't followed."""

    timestamp: datetime
    error: str
    retry_count: int = Field(description="How often it was tried again.")


class ScheduleStatus(Wire):
    """How it stands with a model's schedule; set or followed last at `lastScheduleUpdate`."""

    model_id: str
    schedule_enabled: bool
    schedule_configured: bool
    last_schedule_failed: bool
    schedule_status: Status
    schedule_type: Literal["DAILY", "RECURRING"] | None
    timezone: str | None
    next_scheduled_action: NextAction | None
    last_schedule_update: datetime | None
    last_schedule_failure: Failure | None

    @classmethod
    def of(cls, scheduled: Scheduled) -> "ScheduleStatus":
        """Show it."""
        model = scheduled.model
        schedule, error = model.schedule, model.schedule_error
        since = model.schedule_done or model.changed
        return cls(
            model_id=model.id,
            schedule_enabled=schedule is not None,
            schedule_configured=schedule is not None,
            last_schedule_failed=bool(error),
            schedule_status=status(model),
            schedule_type=schedule.kind if schedule else None,
            timezone=schedule.timezone if schedule else None,
            next_scheduled_action=NextAction.of(scheduled.next),
            last_schedule_update=since if schedule else None,
            last_schedule_failure=(
                Failure(timestamp=since, error=error, retry_count=max(0, model.schedule_tries - 1))
                if error
                else None
            ),
        )


class ScheduledModel(Wire):
    """A model that has a schedule; `lastDone` is until when it has been followed."""

    model_id: str
    status: ModelStatus
    scheduling: SchedulingConfig
    next_scheduled_action: NextAction | None
    last_done: datetime | None
    error: str


class Schedules(Wire):
    """Models with a schedule, in order of their ids."""

    schedules: list[ScheduledModel]

    @classmethod
    def of(cls, scheduled: Sequence[Scheduled]) -> "Schedules":
        """Show them."""
        return cls(
            schedules=[
                ScheduledModel(
                    model_id=each.model.id,
                    status=each.model.status,
                    scheduling=SchedulingConfig.of(each.model.schedule),
                    next_scheduled_action=NextAction.of(each.next),
                    last_done=each.model.schedule_done,
                    error=each.model.schedule_error,
                )
                for each in scheduled
                if each.model.schedule
            ]
        )


@router.get("/metadata/schedules")
async def all_of_them(uses: Uses, caller: Caller) -> Schedules:
    """List the schedules of the models you may use; administrators see all."""
    return Schedules.of(await uses.timetable.all(caller))


@router.post("/{model_id:path}/schedule")
@router.put("/{model_id:path}/schedule")
async def change(
    uses: Uses, asked: Once, model_id: ModelPath, wanted: SchedulingConfig
) -> ScheduleChanged:
    """Let a model start and stop by itself; it is brought at once to what the schedule says now.

    Who starts or stops it after that is left alone until the schedule's next start or stop.
    """
    await uses.all_models.schedule(asked, model_id, wanted.schedule())
    return ScheduleChanged(
        message="the schedule is followed from now on", model_id=model_id, schedule_enabled=True
    )


@router.get("/{model_id:path}/schedule")
async def get(uses: Uses, caller: Caller, model_id: ModelPath) -> ScheduleShown:
    """Return a model's schedule, and what it does next."""
    scheduled = await uses.timetable.one(caller, model_id)
    schedule = scheduled.model.schedule
    return ScheduleShown(
        model_id=scheduled.model.id,
        scheduling=SchedulingConfig.of(schedule) if schedule else None,
        next_scheduled_action=NextAction.of(scheduled.next),
    )


@router.delete("/{model_id:path}/schedule")
async def remove(uses: Uses, asked: Once, model_id: ModelPath) -> ScheduleChanged:
    """End a schedule; the model stays as it is then."""
    await uses.all_models.schedule(asked, model_id, None)
    return ScheduleChanged(
        message="the schedule is not followed any more", model_id=model_id, schedule_enabled=False
    )


@router.get("/{model_id:path}/schedule/status")
async def status_of(uses: Uses, caller: Caller, model_id: ModelPath) -> ScheduleStatus:
    """Tell whether a model's schedule is followed, and what went wrong with it last."""
    return ScheduleStatus.of(await uses.timetable.one(caller, model_id))
