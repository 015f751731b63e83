"""A worker in a process of its own, which notes each call; its arguments: URL, file, what hangs."""

import asyncio
import signal
import sys
from functools import partial
from pathlib import Path

from lisa.adapters.dbos.worker import working
from lisa.workflows.definition import State
from lisa.workflows.running import Attempts
from tests.workflows.example import FUNCTIONS


async def call(calls: Path, hanging: str, name: str, _: State) -> State:
    """Note that a call begins, and that it ends if it does."""
    _write(calls, f"{name} begins\n")
    if name == hanging:
        await asyncio.Event().wait()
    _write(calls, f"{name} ends\n")
    return {"last": name}


def _write(calls: Path, line: str) -> None:
    with calls.open("a") as lines:
        lines.write(line)


async def work(url: str, calls: Path, hanging: str) -> None:
    """Work until the process ends."""
    steps = {name: partial(call, calls, hanging, name) for name in FUNCTIONS}
    async with working(url, Attempts(steps).attempt, look_every_seconds=0.05):
        await asyncio.Event().wait()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs behind a shell ignores it
    asyncio.run(work(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
