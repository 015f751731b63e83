"""The gateway under load for a long time: nothing fails, every call is counted, nothing grows.

Flat means: the median of the last fifth of the time lies at most a tenth above that of the second.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.local.appenders import LocalLisa
from tests.local.conftest import command_environ, home
from tests.prove.measured import Measured
from tests.standins.engine.answers import PROMPT_TOKENS, WORDS
from tests.standins.engine.server import Engine, Seen

__all__ = ["command_environ", "home"]

MINUTES: Final = float(os.environ.get("LISA_TEST_SOAK_MINUTES", "10"))
LOOKS: Final = 300
LARGEST_GROWTH_OF_MEMORY: Final = 1.1
CLIENTS_OF_A_KIND: Final = 3
LARGEST_GROWTH_OF_A_NUMBER: Final = 3 * CLIENTS_OF_A_KIND  # a client's call has a socket, or hasn't
PATIENCE_SECONDS: Final = 30
MEASURED: Final = Path(__file__).parents[2] / "test-results" / "gateway-soak.csv"
HEARD, LEFT = "heard", "left"  # models: one whose answers are read, one whose callers hang up


class Ids(list[Seen]):
    """Of the calls that an engine saw keeps their ids alone."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = Counter[str]()

    def append(self, seen: Seen) -> None:
        if seen.path.endswith("/chat/completions"):
            self.seen[seen.headers["x-request-id"]] += 1


@dataclass
class Callers:
    """Clients of three kinds, and how often each of the two models was called."""

    url: str
    token: str
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    calls: Counter[str] = field(default_factory=Counter)

    async def run(self) -> None:
        """Call until told to stop."""
        async with asyncio.TaskGroup() as running:
            for kind in (self._ask, self._listen, self._hang_up) * CLIENTS_OF_A_KIND:
                running.create_task(self._again_and_again(kind))

    async def _again_and_again(self, kind: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
        async with self.client() as http:
            while not self.stop.is_set():
                await kind(http)

    def client(self) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=PATIENCE_SECONDS)

    async def _ask(self, http: httpx.AsyncClient) -> None:
        self.calls[HEARD] += 1
        answer = await http.post("/v1/chat/completions", json=_says(HEARD))
        assert answer.status_code == 200, answer.text
        assert answer.json()["usage"]["prompt_tokens"] == PROMPT_TOKENS

    async def _listen(self, http: httpx.AsyncClient) -> None:
        self.calls[HEARD] += 1
        says = _says(HEARD, stream=True, engine={"pause": 0.01})
        async with http.stream("POST", "/v1/chat/completions", json=says) as answer:
            assert answer.status_code == 200, await answer.aread()
            lines = [line async for line in answer.aiter_lines() if line]
        assert lines[-1] == "data: [DONE]"

    async def _hang_up(self, http: httpx.AsyncClient) -> None:
        self.calls[LEFT] += 1
        says = _says(LEFT, stream=True, engine={"tokens": 1000, "pause": 0.05})
        async with http.stream("POST", "/v1/chat/completions", json=says) as answer:
            assert answer.status_code == 200, await answer.aread()
            await anext(answer.aiter_lines())


@pytest.mark.timeout(MINUTES * 60 + 600)
async def test_a_gateway_under_a_long_load_counts_every_call_and_nothing_grows(
    home: Path, command_environ: dict[str, str]
) -> None:
    lisa, engine, seen = LocalLisa(home, command_environ), Engine(), Ids()
    engine.seen = seen
    await engine.come()
    try:
        await asyncio.to_thread(lisa.up, 0)
        callers = await asyncio.to_thread(callers_of, lisa, engine)
        await known(callers)
        measured = await soaked(lisa, callers)
        assert await engine.quiet()
        await reconciled(callers, seen)
    finally:
        await asyncio.to_thread(lisa.down)
        await engine.go()
    measured.write(MEASURED)
    assert grown(measured) == []


def callers_of(lisa: LocalLisa, engine: Engine) -> Callers:
    """Let LISA know the engine under two names; return clients who may call it."""
    for model in (HEARD, LEFT):
        added = lisa.run("models", "add", model, "--url", engine.url, "--no-test")
        assert added.returncode == 0, added.stdout + added.stderr
    made = lisa.run("token", "create", "--name", "soak", "--json")
    return Callers(str(lisa.state["url"]), json.loads(made.stdout)["token"])


async def known(callers: Callers) -> None:
    """Wait until the gateway has learned of both models: it looks every second."""
    async with callers.client() as http:
        for model in (HEARD, LEFT):
            while (await http.get(f"/v1/models/{model}")).status_code != HTTPStatus.OK:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)


async def soaked(lisa: LocalLisa, callers: Callers) -> Measured:
    """Let them call for the whole time."""
    measured = Measured(lisa)
    async with asyncio.TaskGroup() as running:
        running.create_task(callers.run())
        running.create_task(measured.until(callers.stop, MINUTES * 60 / LOOKS))
        await asyncio.sleep(MINUTES * 60)
        callers.stop.set()
    return measured


async def reconciled(callers: Callers, seen: Ids) -> None:
    """Compare what clients did, what the engine saw and what LISA counted."""
    assert callers.calls[HEARD], "nobody got anything through"
    assert callers.calls[LEFT], "nobody hung up"
    assert set(seen.seen.values()) == {1}, "a call came twice"
    assert len(seen.seen) == callers.calls.total()
    used = await counted(callers)
    assert {name: each["requests"] for name, each in used.items()} == callers.calls
    assert [(each["errors"], each["unsettled"]) for each in used.values()] == [(0, 0)] * 2
    heard = used[HEARD]
    tokens = (heard["prompt_tokens"], heard["completion_tokens"])
    assert tokens == (PROMPT_TOKENS * heard["requests"], len(WORDS) * heard["requests"])


async def counted(callers: Callers) -> dict[str, dict[str, Any]]:
    """Ask for the sums until no call is missing any more, or for as long as one may wait."""
    used: dict[str, dict[str, Any]] = {}
    async with callers.client() as http:
        for _ in range(PATIENCE_SECONDS):
            answer = await http.get("/api/usage", params={"by": "model", "whole": "true"})
            used = {each["name"]: each for each in answer.json()["items"]}
            if sum(each["requests"] for each in used.values()) >= callers.calls.total():
                break
            await asyncio.sleep(1)
    return used


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


def _says(model: str, **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "Say hello."}], **more}
