"""LiteLLM runs when the first call for it waits, and again when it was killed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from lisa.declared.home import CLI_TOKEN
from tests.local.supervised import Local, known_to_gateway
from tests.standins.engine.server import Engine


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine()
    await engine.come()
    yield engine
    await engine.go()


async def ask(http: httpx.AsyncClient) -> httpx.Response:
    said = {"model": "through-litellm", "messages": [{"role": "user", "content": "hi"}]}
    return await http.post("/v1/chat/completions", json=said)


async def test_it_starts_when_a_call_waits_and_again_after_a_kill(
    home: Path, command_environ: dict[str, str], engine: Engine
) -> None:
    lisa = Local(home, command_environ | {"LISA_BUILT_IN": "off"})
    try:
        await asyncio.to_thread(lisa.up)
        headers = {"authorization": f"Bearer {(home / CLI_TOKEN).read_text().strip()}"}
        async with httpx.AsyncClient(base_url=lisa.url, headers=headers, timeout=60) as http:
            model = {
                "modelId": "through-litellm",
                "upstreams": [{"kind": "litellm", "target": "openai/tiny", "url": engine.url}],
            }
            made = await http.post("/api/models", json=model)
            assert made.status_code == 200, made.text
            await known_to_gateway(http, "through-litellm")
            assert lisa.child("containers.litellm") is None
            first = await ask(http)
            running = lisa.child("containers.litellm")
            assert running is not None
            running.kill()
            await asyncio.to_thread(running.wait, 10)
            again = await ask(http)
    finally:
        await asyncio.to_thread(lisa.end)
    assert [first.status_code, again.status_code] == [200, 200], (first.text, again.text)
    assert len(engine.seen) == 2
