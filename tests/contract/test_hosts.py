"""All hosts keep to the port."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.scripted.host import ScriptedHost
from tests.contract.hosts import DEMANDS, Tried
from tests.local.processes.hosts import process_host


@pytest.fixture(params=["scripted", "processes"])
async def tried(
    request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock
) -> AsyncIterator[Tried]:
    if request.param == "scripted":

        async def moment() -> None:
            clock.advance(1)

        yield Tried(ScriptedHost(clock), moment)
        return
    host = process_host(tmp_path)
    async with host.running():
        yield Tried(host, lambda: asyncio.sleep(0.05))


@pytest.mark.parametrize("demand", DEMANDS, ids=lambda demand: demand.__name__)
async def test_a_host(tried: Tried, demand: Callable[[Tried], Awaitable[None]]) -> None:
    await demand(tried)
