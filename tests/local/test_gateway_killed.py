"""The gateway is killed under load, and every call the engine saw has its record, once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from lisa.declared.home import CLI_TOKEN
from tests.local.supervised import Local, known_to_gateway
from tests.standins.engine.server import Engine

CLIENTS = 8
KILLS = 2
BETWEEN_KILLS = 1.5


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine()
    await engine.come()
    yield engine
    await engine.go()


def lasting_token(lisa: Local) -> str:
    """Make a token that, unlike the command line's, stays the same when the app starts anew."""
    owner = {"authorization": f"Bearer {(lisa.home / CLI_TOKEN).read_text().strip()}"}
    wanted = {"name": "reader", "admin": True}
    made = httpx.post(f"{lisa.url}/api/tokens", json=wanted, headers=owner, timeout=60)
    return str(made.json()["token"])


async def call_until(stop: asyncio.Event, http: httpx.AsyncClient, number: int) -> None:
    """Ask again and again, through every failure."""
    streams = number % 2 == 0
    asked = {
        "model": "killed",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": streams,
        "engine": {"delay": 0.01},
    }
    while not stop.is_set():
        try:
            await http.post("/v1/chat/completions", json=asked)
        except httpx.TransportError:
            await asyncio.sleep(0.05)


async def every_record(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Read all there is, page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        query = {"limit": "1000", "cursor": cursor}
        answer = await http.get("/api/usage/calls", params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return found


async def records_of(http: httpx.AsyncClient, ids: set[str]) -> list[dict[str, Any]]:
    """Return all records as soon as these are among them; what was left behind comes in a while."""
    found: list[dict[str, Any]] = []
    for _ in range(120):
        found = await every_record(http)
        if ids <= {record["id"] for record in found}:
            break
        await asyncio.sleep(0.5)
    return found


@pytest.mark.timeout(240)
async def test_every_call_that_an_engine_saw_is_recorded_once(
    home: Any, command_environ: dict[str, str], engine: Engine
) -> None:
    lisa = Local(home, command_environ | {"LISA_BUILT_IN": "off"})
    try:
        await asyncio.to_thread(lisa.up)
        headers = {"authorization": f"Bearer {lasting_token(lisa)}"}
        async with httpx.AsyncClient(base_url=lisa.url, headers=headers, timeout=60) as http:
            model = {"modelId": "killed", "modelName": "tiny", "modelUrl": engine.url}
            assert (await http.post("/api/models", json=model)).status_code == 200
            await known_to_gateway(http, "killed")
            stop = asyncio.Event()
            clients = [asyncio.create_task(call_until(stop, http, n)) for n in range(CLIENTS)]
            for _ in range(KILLS):
                await asyncio.sleep(BETWEEN_KILLS)
                app = lisa.child("local.app")
                assert app is not None
                app.kill()
            await asyncio.sleep(BETWEEN_KILLS)
            stop.set()
            await asyncio.gather(*clients)
            seen = [each.headers["x-request-id"] for each in engine.seen]
            records = await records_of(http, set(seen))
    finally:
        await asyncio.to_thread(lisa.end)
    assert len(seen) > 10 * CLIENTS
    recorded = Counter(record["id"] for record in records)
    assert set(seen) <= recorded.keys()
    assert max(recorded.values()) == 1
    done = [record for record in records if record["ended"] == "done"]
    assert all(record["completion_tokens"] > 0 for record in done)
    assert not any(record["unsettled"] or record["estimated"] for record in done)
    under_way = [record for record in records if record["unsettled"]]
    assert len(under_way) <= KILLS * CLIENTS
