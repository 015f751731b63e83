"""LISA under load for a long time: nothing fails, nothing is lost, nothing grows."""

import asyncio
import json
import os
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.local.appenders import LocalLisa
from tests.local.conftest import command_environ, home
from tests.prove.measured import Measured
from tests.prove.mixed_load import CLIENTS, Client, client_of

__all__ = ["command_environ", "home"]

MINUTES: Final = float(os.environ.get("LISA_TEST_SOAK_MINUTES", "10"))
LOOKS: Final = 300
LARGEST_GROWTH_OF_MEMORY: Final = 1.25
LARGEST_GROWTH_OF_A_NUMBER: Final = 2
MEASURED: Final = Path(__file__).parents[2] / "test-results" / "soak.csv"


@pytest.mark.timeout(MINUTES * 60 + 600)
async def test_a_long_load_loses_nothing_and_nothing_grows(
    home: Path, command_environ: dict[str, str]
) -> None:
    lisa = LocalLisa(home, command_environ)
    try:
        await asyncio.to_thread(lisa.up, 0)
        measured = await soaked(lisa)
    finally:
        lisa.down()
    measured.write(MEASURED)
    assert grown(measured) == []


async def soaked(lisa: LocalLisa) -> Measured:
    """Put LISA under load for the whole time, then look for all that was acknowledged."""
    made = lisa.run("token", "create", "--name", "soak", "--json")
    token = json.loads(made.stdout)["token"]
    stop = asyncio.Event()
    clients = [client_of(str(lisa.state["url"]), token, each, stop) for each in range(CLIENTS)]
    measured = Measured(lisa)
    async with AsyncExitStack() as closed:
        for client in clients:
            await closed.enter_async_context(client.http)
        async with asyncio.TaskGroup() as running:
            for client in clients:
                running.create_task(client.run())
            running.create_task(measured.until(stop, MINUTES * 60 / LOOKS))
            running.create_task(_stop_at_the_end(stop))
        await _find_everything(clients)
    return measured


async def _stop_at_the_end(stop: asyncio.Event) -> None:
    await asyncio.sleep(MINUTES * 60)
    stop.set()


async def _find_everything(clients: list[Client]) -> None:
    for client in clients:
        assert any(client.kept.values()), "a client got nothing through"
        await client.find_everything()


def grown(measured: Measured) -> list[str]:
    """Name what is larger at the end than it was once the load had settled."""
    found = []
    for name in measured.series:
        before, after = measured.growth(name)
        memory = name.endswith("memory")
        most = before * LARGEST_GROWTH_OF_MEMORY if memory else before + LARGEST_GROWTH_OF_A_NUMBER
        if after > most:
            found.append(f"{name}: {before:.0f}, at the end {after:.0f}")
    return found
