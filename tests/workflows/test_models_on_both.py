"""Models that we run go the same way on both readers of their workflows."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from lisa.adapters.dbos.runs import DbosWorkflows
from lisa.adapters.dbos.worker import working
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.scripted.host import Script
from lisa.adapters.stepfunctions.runs import StepFunctionsWorkflows
from lisa.domain.lifecycle import Phase
from lisa.domain.model import ModelStatus
from lisa.ports.workflows import RunStatus, Workflows
from lisa.workflows.of_models import MODEL_WORKFLOWS
from lisa.workflows.running import Attempts
from tests.workflows.hosted import ROOT, House
from tests.workflows.machine import machines

pytestmark = pytest.mark.slow
LIFE = ("create", "update", "stop", "start", "delete")


class RunningClock(ManualClock):
    """A second passes whenever somebody looks."""

    def now(self) -> datetime:
        self.advance(1)
        return super().now()


@asynccontextmanager
async def on_dbos(house: House, url: str) -> AsyncIterator[Workflows]:
    """Let our worker do the runs."""
    attempt = Attempts(house.steps).attempt
    async with working(url, attempt, house.clock.sleep, look_every_seconds=0.02):
        runs = DbosWorkflows(url, MODEL_WORKFLOWS)
        yield runs
        await runs.close()


@asynccontextmanager
async def on_machines(house: House) -> AsyncIterator[Workflows]:
    """Let Step Functions do the runs."""
    with machines(house.steps, *MODEL_WORKFLOWS.values()) as (client, arns, _):
        yield StepFunctionsWorkflows(client, arns)


async def told(house: House, workflows: Workflows, *verbs: str) -> list[tuple[str, ...]]:
    """Do these things one after another, and return what was told of them in the end."""
    house.uses = house.served_by(workflows)
    for verb in verbs:
        # A key of its own, as a worker's database outlives the models of a test.
        await ended(workflows, f"{verb}_model", (await house.order(verb, uuid.uuid4().hex)).run)
    events = await house.uses.timeline(ROOT, "m", -1, limit=1000)
    return [
        (each.step, each.phase, each.status, each.words, each.cause)
        for each in events
        if each.phase is not Phase.GOING_ON
    ]


async def ended(workflows: Workflows, workflow: str, run: str) -> None:
    """Wait until a run is over."""
    state = await workflows.state(workflow, run)
    while state.status is RunStatus.RUNNING:
        await asyncio.sleep(0.01)
        state = await workflows.state(workflow, run)


@pytest.mark.parametrize(
    ("script", "verbs"),
    [
        (Script(), LIFE),
        (Script(cause="no machine is free"), ("create", "start", "delete")),
    ],
    ids=["a whole life", "a life without luck"],
)
async def test_both_tell_the_same(script: Script, verbs: tuple[str, ...], runs_url: str) -> None:
    ours, theirs = House(script), House(script, RunningClock())
    async with on_dbos(ours, runs_url) as workflows:
        our_story = await told(ours, workflows, *verbs)
    async with on_machines(theirs) as workflows:
        their_story = await told(theirs, workflows, *verbs)
    assert our_story == their_story
    assert our_story[-1][:3] == ("forget it", Phase.DONE, ModelStatus.DELETING)
    assert await ours.models.by_id("m") is None
    assert await ours.left() == await theirs.left() == []
