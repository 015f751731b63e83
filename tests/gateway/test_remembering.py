"""Answers remembered for whoever asks exactly the same again; everybody else asks the upstream."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from lisa.domain.model import Prices
from tests.gateway.running import Running, to
from tests.standins.engine.server import Engine

ASKED = {"model": "remembering", "messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture
async def http(gateway: Running, engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    prices = Prices(prompt=1, completion=1, source="test")
    await gateway.add("remembering", to(engine), cache_seconds=60, prices=prices)
    async with httpx.AsyncClient(base_url=gateway.openai, timeout=30) as client:
        client.headers["authorization"] = f"Bearer {await gateway.token()}"
        yield client


async def ask(http: httpx.AsyncClient, path: str = "/chat/completions", **more: Any) -> Any:
    headers = more.pop("headers", {})
    return await http.post(path, json=ASKED | more, headers=headers)


async def test_the_same_question_is_answered_again_from_memory_and_costs_nothing(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    first, again = await ask(http), await ask(http)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert (first.headers.get("x-lisa-cache"), again.headers["x-lisa-cache"]) == (None, "hit")
    assert len(engine.seen) == 1
    assert await gateway.quiet()
    asked, told = gateway.books.calls
    assert (asked.cache_hit, told.cache_hit) == (False, True)
    assert asked.cost > 0
    assert (told.cost, told.counts.total, told.status, told.ended) == (0, 0, 200, "done")


@pytest.mark.parametrize(
    "more",
    [
        {"temperature": 1},
        {"stream": True},
        {"headers": {"cache-control": "no-store"}},
        {"path": "/completions", "prompt": "hi"},
    ],
)
async def test_another_question_or_wish_goes_to_the_upstream(
    http: httpx.AsyncClient, engine: Engine, more: dict[str, Any]
) -> None:
    await ask(http)
    answer = await ask(http, **more)
    assert answer.status_code == 200
    assert "x-lisa-cache" not in answer.headers
    assert len(engine.seen) == 2


async def test_another_caller_and_a_changed_model_ask_anew(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await ask(http)
    bob = {"authorization": f"Bearer {await gateway.token('bob')}"}
    await ask(http, headers=bob)
    model = await gateway.models.by_id("remembering")
    assert model is not None
    await gateway.models.change(model, model.model_copy(update={"description": "changed"}))
    await gateway.service.gateway.calls.registry.refresh()
    await ask(http)
    assert len(engine.seen) == 3


async def test_a_failure_is_not_remembered(http: httpx.AsyncClient, engine: Engine) -> None:
    failing: dict[str, Any] = {"engine": {"status": 400}}
    assert (await ask(http, **failing)).status_code == 400
    assert (await ask(http, **failing)).status_code == 400
    assert len(engine.seen) == 2


async def test_a_model_that_does_not_ask_for_it_is_asked_each_time(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    del gateway
    for _ in range(2):
        await ask(http, model="tiny")
    assert len(engine.seen) == 2
