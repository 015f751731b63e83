"""Both readers make the same of a workflow, whatever fails in it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from lisa.adapters.dbos.runs import DbosWorkflows
from lisa.adapters.dbos.worker import working
from lisa.adapters.stepfunctions.runs import StepFunctionsWorkflows
from lisa.ports.workflows import RunState, RunStatus, Workflows
from lisa.workflows.running import Attempts
from tests.workflows.example import EXAMPLE, Script, World, Worlds
from tests.workflows.machine import ended, machines

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]
FORWARD = ("note", "make", "answering", "route", "announce")
BACKWARD = ("unroute", "remove", "tell")
FATES: dict[str, tuple[str, ...]] = {
    "fails once": ("busy", "ok"),
    "is always busy": ("busy",),
    "is wrong": ("wrong",),
    "breaks": ("broken",),
    "hangs once": ("hangs", "ok"),
    "hangs": ("hangs",),
}
SCRIPTS: dict[str, Script] = {
    "all goes well": {},
    "two steps fail once": {"note": ("busy", "ok"), "route": ("busy", "hangs", "ok")},
    "every undo fails": {"announce": ("wrong",), "unroute": ("broken",), "remove": ("busy",)},
    **{f"{name} {fate}": {name: turns} for name in FORWARD for fate, turns in FATES.items()},
    **{
        f"announce is wrong, then {name} {fate}": {"announce": ("wrong",), name: turns}
        for name in BACKWARD
        for fate, turns in FATES.items()
    },
}


@dataclass
class Reader:
    """One of the two, its worlds and how long it waited."""

    workflows: Workflows
    worlds: Worlds
    waited: list[float]

    async def run(self, run_id: str, script: Script, host: str) -> tuple[RunState, World]:
        self.waited.clear()
        self.worlds.of[run_id] = world = World(script)
        await self.workflows.start("example", run_id, {"host": host})
        return await ended(self.workflows, run_id), world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on_dbos(runs_url: str) -> AsyncIterator[Reader]:
    worlds, waited = Worlds(), list[float]()

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    async with working(runs_url, Attempts(worlds.steps()).attempt, pause, look_every_seconds=0.02):
        runs = DbosWorkflows(runs_url, {"example": EXAMPLE})
        yield Reader(runs, worlds, waited)
        await runs.close()


@pytest.fixture(scope="module")
def on_machines() -> Iterator[Reader]:
    worlds = Worlds()
    with machines(worlds.steps(), EXAMPLE) as (client, arns, sleeps):
        yield Reader(StepFunctionsWorkflows(client, arns), worlds, sleeps.seconds)


@pytest.mark.parametrize("host", ["elsewhere", "nowhere"])
async def test_both_choose_alike(host: str, on_dbos: Reader, on_machines: Reader) -> None:
    assert await on_dbos.run(host, {}, host) == await on_machines.run(host, {}, host)


@pytest.mark.parametrize("name", SCRIPTS)
async def test_both_do_the_same(name: str, on_dbos: Reader, on_machines: Reader) -> None:
    run_id = name.replace(" ", "-").replace(",", "")
    ours, our_world = await on_dbos.run(run_id, SCRIPTS[name], "machines")
    theirs, their_world = await on_machines.run(run_id, SCRIPTS[name], "machines")
    assert our_world.trace == their_world.trace
    assert ours == theirs
    assert (ours.status is RunStatus.FAILED) == ("tell" in our_world.calls())
    assert bool(ours.cause) == (ours.status is RunStatus.FAILED)
    assert len(on_dbos.waited) == len(on_machines.waited)
    assert [each for each in on_dbos.waited if each >= 10] == [
        each for each in on_machines.waited if each >= 10
    ]


async def test_what_was_begun_is_always_undone(on_dbos: Reader) -> None:
    """Whatever fails on the way: where machines were begun, their removal is asked for."""
    for name in FORWARD[1:]:
        _, world = await on_dbos.run(f"{name}-undone", {name: ("wrong",)}, "machines")
        assert "remove" in world.calls()
