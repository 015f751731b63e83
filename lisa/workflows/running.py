"""Running a workflow's functions: one attempt, and what is told of it when it fails."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from lisa.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    LimitReached,
    LisaError,
    NotFound,
    Unavailable,
)
from lisa.workflows.definition import State, Task

Steps: TypeAlias = Mapping[str, Callable[[State], Awaitable[State]]]

MAX_STATE_BYTES: Final = 100_000  # Step Functions carries 256 KiB from state to state
LAST_WORDS_SECONDS: Final = 5
KINDS: Final = (Invalid, Forbidden, NotFound, Conflict, LimitReached, Unavailable)
BUG: Final = "Bug"
log = logging.getLogger("lisa.workflows")


@dataclass(frozen=True)
class Failure:
    """Why a step failed, for people; `kind` is the error's class, or `BUG` for one of our own.

    `also_failed` names what failed while the run was being undone.
    """

    step: str
    kind: str
    cause: str
    next_step: str = ""
    also_failed: tuple[str, ...] = ()

    def told(self) -> State:
        """Return it as a state holds it."""
        return {**vars(self), "also_failed": list(self.also_failed)}


def first_state(workflow: str, run_id: str, state: Mapping[str, object]) -> State:
    """Return what a run begins with."""
    return {**state, "workflow": workflow, "run": run_id}


class Attempts:
    """Calls the functions of a workflow by their names."""

    def __init__(self, steps: Steps) -> None:
        """Know the functions."""
        self._steps = steps

    async def attempt(self, task: Task, state: State) -> State | Failure:
        """Call a task's function once, and return the state after it."""
        calling = asyncio.ensure_future(self._state_after(task, state))
        try:
            # Not an `except`: what a step breaks of is told like all else, as at a door's edge.
            await asyncio.wait({calling}, timeout=task.timeout_seconds)
            in_time = calling.done()
        finally:
            calling.cancel()
        if not in_time:
            await asyncio.wait({calling}, timeout=LAST_WORDS_SECONDS)
            return too_slow(task.name)
        error = asyncio.CancelledError() if calling.cancelled() else calling.exception()
        return calling.result() if error is None else failure_of(task.name, error)

    async def _state_after(self, task: Task, state: State) -> State:
        values = await self._steps[task.run](json.loads(json.dumps(state)))
        text = json.dumps({**state, **values}, allow_nan=False)
        if len(text) > MAX_STATE_BYTES:
            raise Invalid(f"a run remembers at most {MAX_STATE_BYTES} bytes, not {len(text)}")
        after: State = json.loads(text)
        return after


def failure_of(step: str, error: BaseException) -> Failure:
    """Tell of an error."""
    if isinstance(error, LisaError):
        kind = next((kind for kind in KINDS if isinstance(error, kind)), Invalid)
        return Failure(step, kind.__name__, error.message, error.next_step)
    log.error("the step %s broke", step, exc_info=error)
    return Failure(step, BUG, f"the step broke: {error!r}", "report it with the worker's log")


def too_slow(step: str) -> Failure:
    """Tell of a step that did not end."""
    cause = "the step did not end in time"
    return Failure(step, Unavailable.__name__, cause, "try again later")
