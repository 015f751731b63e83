"""Every provider behind one address: models added by the API, called by `model` alone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openai
import pytest

from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from tests.gateway.whole import Whole, whole_lisa
from tests.litellm.routes import HELLO, Route, each_way
from tests.litellm.service import SECRET, Service


@pytest.fixture
async def lisa(service: Service, tmp_path: Path) -> AsyncIterator[Whole]:
    tables = MemoryTables(SystemClock())
    async with whole_lisa(tables, tmp_path, gateways=1, litellm=(service.url, SECRET)) as lisa:
        yield lisa


@each_way
async def test_a_provider_is_added_as_data_and_called_like_any_other(
    lisa: Whole, route: Route
) -> None:
    upstream = {"kind": "litellm", "target": route.target, "url": route.url, "key": route.key}
    prices = {"prompt": 1000, "completion": 1000, "source": "us"}
    await lisa.add("ours", upstreams=[upstream], prices=prices)
    token = await lisa.token("reader")
    async with openai.AsyncOpenAI(base_url=f"{lisa.urls[0]}/v1", api_key=token) as client:
        whole = await client.chat.completions.create(model="ours", messages=HELLO)
        stream = await client.chat.completions.create(model="ours", messages=HELLO, stream=True)
        pieces = [chunk.choices[0].delta.content async for chunk in stream if chunk.choices]
    assert whole.choices[0].message.content == "".join(filter(None, pieces)) == "Grüße 👋"
    assert [_told(record) for record in await lisa.records(2)] == [
        ("ours", 200, "done", 11, 7, pytest.approx(0.018))
    ] * 2


def _told(record: dict[str, Any]) -> tuple[object, ...]:
    names = ("model", "status", "ended", "prompt_tokens", "completion_tokens", "cost")
    return tuple(record[name] for name in names)
