"""Runs of workflows in this very process; they end with it."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeAlias

from lisa.domain.errors import NotFound
from lisa.ports.workflows import RunState, RunStatus
from lisa.workflows.definition import State, Task, Workflow
from lisa.workflows.interpreting import Attempt, Pause, Run
from lisa.workflows.running import Failure, first_state

Place: TypeAlias = tuple[str, str]


class MemoryWorkflows:
    """Carries out runs as soon as they are begun."""

    def __init__(self, workflows: Mapping[str, Workflow], attempt: Attempt, pause: Pause) -> None:
        """Know the workflows and who does their steps."""
        self._workflows = workflows
        self._attempt = attempt
        self._pause = pause
        self._runs: dict[Place, asyncio.Task[RunState]] = {}
        self._stopped: set[Place] = set()

    async def start(self, workflow: str, run_id: str, state: Mapping[str, Any]) -> None:
        """Begin a run; where one of this id was begun before, do nothing."""
        place = (workflow, run_id)
        if place not in self._runs:
            first = first_state(workflow, run_id, state)
            self._runs[place] = asyncio.create_task(self._carry_out(place, first))

    async def state(self, workflow: str, run_id: str) -> RunState:
        """Tell how a run goes."""
        run = self._run((workflow, run_id))
        return run.result() if run.done() else RunState(RunStatus.RUNNING)

    async def stop(self, workflow: str, run_id: str) -> None:
        """Let no further step begin."""
        self._run((workflow, run_id))
        self._stopped.add((workflow, run_id))

    async def settled(self) -> None:
        """Wait until all runs have ended."""
        while under_way := [each for each in self._runs.values() if not each.done()]:
            await asyncio.wait(under_way)

    async def _carry_out(self, place: Place, state: State) -> RunState:
        async def attempt(task: Task, state: State) -> State | Failure:
            if place in self._stopped:
                raise _StoppedError
            return await self._attempt(task, state)

        try:
            outcome = await Run(attempt, self._pause, state).go(self._workflows[place[0]])
        except _StoppedError:
            return RunState(RunStatus.STOPPED)
        if isinstance(outcome, Failure):
            return RunState(RunStatus.FAILED, outcome.step, outcome.cause, outcome.next_step)
        return RunState(RunStatus.DONE)

    def _run(self, place: Place) -> asyncio.Task[RunState]:
        if place not in self._runs:
            raise NotFound("there is no such run", code="run_not_found")
        return self._runs[place]


class _StoppedError(Exception):
    """A run's next step must not begin."""
