"""What the port of runs promises, on each of its adapters."""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from lisa.adapters.dbos.runs import DbosWorkflows
from lisa.adapters.dbos.worker import working
from lisa.adapters.memory.workflows import MemoryWorkflows
from lisa.adapters.stepfunctions.runs import StepFunctionsWorkflows
from lisa.domain.errors import NotFound, Unavailable
from lisa.ports.workflows import RunStatus, Workflows
from lisa.workflows.definition import State, Step, Workflow
from lisa.workflows.running import Attempts
from tests.workflows.example import World, Worlds
from tests.workflows.machine import ended, machines

pytestmark = pytest.mark.slow
SHORT = Workflow(
    "example",
    (
        Step("note it", run="note", undo=Step("remove it", run="remove")),
        Step("announce it", run="announce"),
    ),
)


@dataclass
class GatedWorld(World):
    """A world that stands still until it is let go."""

    reached: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event = field(default_factory=threading.Event)

    async def call(self, function: str, state: State) -> State:
        self.reached.set()
        await asyncio.to_thread(self.gate.wait, 30)
        return await super().call(function, state)


@pytest.fixture
def worlds() -> Worlds:
    return Worlds()


@pytest.fixture
def run_id() -> str:
    """Choose an id that no other test did."""
    return uuid.uuid4().hex


@pytest.fixture(params=["memory", "dbos", "stepfunctions"])
async def workflows(
    request: pytest.FixtureRequest, runs_url: str, worlds: Worlds
) -> AsyncIterator[Workflows]:
    if request.param == "memory":
        yield MemoryWorkflows({"example": SHORT}, Attempts(worlds.steps()).attempt, asyncio.sleep)
    elif request.param == "dbos":
        async with working(runs_url, Attempts(worlds.steps()).attempt, look_every_seconds=0.02):
            runs = DbosWorkflows(runs_url, {"example": SHORT})
            yield runs
            await runs.close()
    else:
        with machines(worlds.steps(), SHORT) as (client, arns, _):
            yield StepFunctionsWorkflows(client, arns)


async def test_a_run_that_was_begun_is_not_begun_again(
    workflows: Workflows, worlds: Worlds, run_id: str
) -> None:
    worlds.of[run_id] = world = GatedWorld()
    for host in ("this", "this", "other"):
        await workflows.start("example", run_id, {"host": host})
    world.gate.set()
    assert (await ended(workflows, run_id)).status is RunStatus.DONE
    await workflows.start("example", run_id, {"host": "other"})
    assert (await workflows.state("example", run_id)).status is RunStatus.DONE
    assert [(function, state["host"]) for function, _, state in world.trace] == [
        ("note", "this"),
        ("announce", "this"),
    ]


async def test_a_failed_run_tells_where_and_why(
    workflows: Workflows, worlds: Worlds, run_id: str
) -> None:
    worlds.of[run_id] = World({"announce": ("wrong",)})
    await workflows.start("example", run_id, {})
    run = await ended(workflows, run_id)
    assert run.status is RunStatus.FAILED
    assert (run.step, run.cause, run.next_step) == (
        "announce it",
        "announce is wrong",
        "change it",
    )


async def test_a_run_that_never_was_is_not_found(workflows: Workflows, run_id: str) -> None:
    with pytest.raises(NotFound):
        await workflows.state("example", run_id)
    with pytest.raises(NotFound):
        await workflows.stop("example", run_id)


async def test_no_step_begins_after_a_run_was_stopped_and_nothing_is_undone(
    workflows: Workflows, worlds: Worlds, run_id: str
) -> None:
    worlds.of[run_id] = world = GatedWorld()
    await workflows.start("example", run_id, {})
    await asyncio.to_thread(world.reached.wait, 30)
    await workflows.stop("example", run_id)
    world.gate.set()
    assert (await ended(workflows, run_id)).status is RunStatus.STOPPED
    await workflows.stop("example", run_id)
    assert (await workflows.state("example", run_id)).status is RunStatus.STOPPED
    assert world.calls() in ([], ["note"])


async def test_a_run_that_is_done_can_be_stopped_without_harm(
    workflows: Workflows, run_id: str
) -> None:
    await workflows.start("example", run_id, {})
    await ended(workflows, run_id)
    await workflows.stop("example", run_id)
    assert (await workflows.state("example", run_id)).status is RunStatus.DONE


async def test_a_database_that_is_not_there_is_unavailable() -> None:
    runs = DbosWorkflows("postgresql://nobody@127.0.0.1:1/dbos_sys", {"example": SHORT})
    with pytest.raises(Unavailable):
        await runs.start("example", "one", {})
    with pytest.raises(Unavailable):
        await runs.state("example", "one")
    await runs.close()


async def test_runs_that_ended_long_ago_are_forgotten(
    runs_url: str, worlds: Worlds, run_id: str
) -> None:
    worlds.of[f"{run_id}-2"] = still_going = GatedWorld()
    async with working(runs_url, Attempts(worlds.steps()).attempt, look_every_seconds=0.02):
        runs = DbosWorkflows(runs_url, {"example": SHORT})
        for each in (run_id, f"{run_id}-2"):
            await runs.start("example", each, {})
        await ended(runs, run_id)
        await runs.forget_ended(datetime.now(UTC) - timedelta(minutes=1))
        assert (await runs.state("example", run_id)).status is RunStatus.DONE
        while await present(runs, run_id):
            await runs.forget_ended(datetime.now(UTC))
        assert (await runs.state("example", f"{run_id}-2")).status is RunStatus.RUNNING
        still_going.gate.set()
        await ended(runs, f"{run_id}-2")
        await runs.close()


async def present(runs: DbosWorkflows, run_id: str) -> bool:
    """Tell whether a run is remembered."""
    try:
        await runs.state("example", run_id)
    except NotFound:
        return False
    return True
