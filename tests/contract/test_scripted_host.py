"""A scripted host answers calls, always as a demo, and a new worker finds what was wanted."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.secrets import MemorySecrets
from lisa.adapters.probe.prober import HttpProber
from lisa.adapters.scripted.host import ScriptedHost
from lisa.domain.model import ModelType, Upstream
from lisa.ports.hosts import HostState
from tests.contract.hosts import HOSTING, MODEL

QUESTION: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": "hello"}]}


async def ready(host: ScriptedHost, clock: ManualClock) -> str:
    """Return where the one replica answers."""
    await host.ensure(MODEL, HOSTING, 1)
    clock.advance(10)
    (replica,) = (await host.observe(MODEL)).replicas
    return replica.address


@pytest.mark.parametrize("kind", ModelType)
async def test_models_of_every_type_pass_the_probe(clock: ManualClock, kind: ModelType) -> None:
    host = ScriptedHost(clock)
    async with host.running():
        upstream = Upstream(url=await ready(host, clock))
        assert (await HttpProber(MemorySecrets()).probe(MODEL, kind, upstream)).ok


async def test_every_answer_says_that_it_is_a_demo(clock: ManualClock) -> None:
    host = ScriptedHost(clock)
    async with host.running(), httpx.AsyncClient() as client:
        address = await ready(host, clock)
        chat = f"{address}/chat/completions"
        whole = (await client.post(chat, json=QUESTION)).json()
        embedded = (await client.post(f"{address}/embeddings", json={"input": ["a", "b"]})).json()
        options = {"stream": True, "stream_options": {"include_usage": True}}
        streamed = await client.post(chat, json={**QUESTION, **options})
    words = whole["choices"][0]["message"]["content"]
    assert "scripted demo" in words
    assert embedded["scripted"] == words
    assert [each["index"] for each in embedded["data"]] == [0, 1]
    assert streamed.headers["content-type"] == "text/event-stream"
    *events, last = streamed.text.removesuffix("\n\n").split("\n\n")
    assert last == "data: [DONE]"
    told = [json.loads(each.removeprefix("data: ")) for each in events]
    pieces = [choice["delta"].get("content", "") for each in told for choice in each["choices"]]
    assert "".join(pieces) == words
    assert told[-1]["usage"] == whole["usage"]


async def in_parts() -> AsyncIterator[bytes]:
    """Send a body of an untold length."""
    yield b"{}"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("chat/completions", b"[", 400),
        ("chat/completions", b"[]", 400),
        ("chat/completions", in_parts(), 411),
        ("images/generations", b"{}", 404),
    ],
)
async def test_what_it_cannot_answer_is_refused(
    clock: ManualClock, path: str, body: Any, status: int
) -> None:
    host = ScriptedHost(clock)
    async with host.running(), httpx.AsyncClient() as client:
        address = await ready(host, clock)
        refused = await client.post(f"{address}/{path}", content=body)
    assert refused.status_code == status
    assert refused.json()["error"]["message"].startswith("scripted: ")


async def test_nothing_answers_any_more_behind_the_block(clock: ManualClock) -> None:
    host = ScriptedHost(clock)
    async with host.running():
        address = await ready(host, clock)
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{address}/models")


async def test_a_new_worker_goes_on_with_what_was_wanted(
    clock: ManualClock, tmp_path: Path
) -> None:
    file = tmp_path / "models.json"
    await ready(ScriptedHost(clock, file=file), clock)
    new = ScriptedHost(clock, file=file)
    async with new.running(), httpx.AsyncClient() as client:
        seen = await new.observe(MODEL)
        assert seen.state is HostState.READY
        assert (await client.get(f"{seen.replicas[0].address}/models")).is_success
        beside = ScriptedHost(clock, file=file)  # as the app's process has one, that runs nothing
        assert await beside.leftovers(MODEL)
        await new.remove(MODEL)
        clock.advance(10)
        assert not await beside.leftovers(MODEL)
        assert (await new.observe(MODEL)).state is HostState.ABSENT


async def test_a_torn_file_keeps_no_worker_from_running(clock: ManualClock, tmp_path: Path) -> None:
    file = tmp_path / "models.json"
    file.write_text("{")
    host = ScriptedHost(clock, file=file)
    assert (await host.observe(MODEL)).state is HostState.ABSENT
    assert await ready(host, clock)
