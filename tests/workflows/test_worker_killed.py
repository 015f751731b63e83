"""A worker ends in the middle of a step; its successor goes on there."""

import asyncio
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lisa.adapters.dbos.runs import DbosWorkflows
from lisa.domain.errors import Unavailable
from lisa.ports.workflows import RunStatus
from lisa.workflows.definition import Step, Workflow
from tests.workflows.machine import ended

pytestmark = pytest.mark.slow
THREE = Workflow("example", (Step("one", "note"), Step("two", "make"), Step("three", "tell")))
ROOT = Path(__file__).parents[2]


@contextmanager
def worker(url: str, calls: Path, hanging: str, end: signal.Signals) -> Iterator[None]:
    """Let a worker run, and end it by that signal."""
    command = [sys.executable, "-m", "tests.workflows.worker_process", url, str(calls), hanging]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(end)
        process.wait(60)


async def start(runs: DbosWorkflows, run_id: str) -> None:
    """Begin a run as soon as the first worker has made the database of runs."""
    while True:
        try:
            return await runs.start("example", run_id, {})
        except Unavailable:
            await asyncio.sleep(0.1)


async def noted(calls: Path, line: str) -> None:
    """Wait until a worker has noted this."""

    def wait() -> None:
        while not calls.exists() or line not in calls.read_text():
            time.sleep(0.02)

    await asyncio.to_thread(wait)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
async def test_a_run_goes_on_where_it_was(
    runs_url: str, tmp_path: Path, end: signal.Signals
) -> None:
    calls, run_id = tmp_path / "calls", uuid.uuid4().hex
    runs = DbosWorkflows(runs_url, {"example": THREE})
    with worker(runs_url, calls, "make", end):
        await start(runs, run_id)
        await noted(calls, "make begins")
    with worker(runs_url, calls, "", signal.SIGKILL):
        assert (await ended(runs, run_id)).status is RunStatus.DONE
    await runs.close()
    assert calls.read_text().splitlines() == [
        "note begins",
        "note ends",
        "make begins",
        "make begins",
        "make ends",
        "tell begins",
        "tell ends",
    ]
