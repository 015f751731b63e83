"""Stores that we make go the same way on both readers of their workflows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from lisa.adapters.dbos.runs import DbosWorkflows
from lisa.adapters.dbos.worker import working
from lisa.adapters.stepfunctions.runs import StepFunctionsWorkflows
from lisa.domain.knowledge.repository import RepositoryStatus
from lisa.ports.workflows import RunStatus, Workflows
from lisa.workflows.of_stores import STORE_WORKFLOWS
from lisa.workflows.running import Attempts
from tests.workflows.machine import machines
from tests.workflows.stored import Archive, Maker

pytestmark = pytest.mark.slow


@asynccontextmanager
async def on_dbos(archive: Archive, url: str) -> AsyncIterator[Workflows]:
    """Let our worker do the runs."""
    attempt = Attempts(archive.steps).attempt
    async with working(url, attempt, archive.clock.sleep, look_every_seconds=0.02):
        runs = DbosWorkflows(url, STORE_WORKFLOWS)
        yield runs
        await runs.close()


@asynccontextmanager
async def on_machines(archive: Archive, url: str) -> AsyncIterator[Workflows]:
    """Let Step Functions do the runs."""
    del url
    with machines(archive.steps, *STORE_WORKFLOWS.values()) as (client, arns, _):
        yield StepFunctionsWorkflows(client, arns)


async def ended(workflows: Workflows, workflow: str, run: str) -> RunStatus:
    """Wait until a run is over."""
    state = await workflows.state(workflow, run)
    while state.status is RunStatus.RUNNING:
        await asyncio.sleep(0.01)
        state = await workflows.state(workflow, run)
    return state.status


READERS = pytest.mark.parametrize("reader", [on_dbos, on_machines], ids=["dbos", "machines"])


def served(reader: object, archive: Archive, url: str) -> AbstractAsyncContextManager[Workflows]:
    """Let that reader do the runs."""
    assert callable(reader)
    opened: AbstractAsyncContextManager[Workflows] = reader(archive, url)
    return opened


@READERS
async def test_a_store_is_made_and_removed(reader: object, runs_url: str) -> None:
    archive = Archive()
    async with served(reader, archive, runs_url) as workflows:
        archive.uses(workflows)
        creating = await archive.order("create")
        assert await ended(workflows, "create_store", creating.run) is RunStatus.DONE
        assert (await archive.repository()).status is RepositoryStatus.READY
        deleting = await archive.order("delete")
        assert await ended(workflows, "delete_store", deleting.run) is RunStatus.DONE
    assert await archive.repositories.by_id("papers") is None
    assert archive.maker.made == {}


@READERS
async def test_one_that_fails_is_undone_told_and_deleted(reader: object, runs_url: str) -> None:
    archive = Archive(Maker(cause="no machine is free"))
    async with served(reader, archive, runs_url) as workflows:
        archive.uses(workflows)
        creating = await archive.order("create")
        assert await ended(workflows, "create_store", creating.run) is RunStatus.FAILED
        failed = await archive.repository()
        assert failed.status is RepositoryStatus.CREATE_FAILED
        assert failed.reason == "wait until it stands: no machine is free"
        assert archive.maker.made == {}
        deleting = await archive.order("delete")
        assert await ended(workflows, "delete_store", deleting.run) is RunStatus.DONE
    assert await archive.repositories.by_id("papers") is None
