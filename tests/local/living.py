"""A whole LISA that runs models, asked and called as its users do.

The engine is a stand-in for vLLM that takes its flags and loads nothing.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import psutil

from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.processes import marks
from lisa.adapters.system.clock import SystemClock
from lisa.declared.home import CLI_TOKEN, MODELS
from lisa.stores.model_reports import ModelReports, Use
from lisa.stores.models import ModelStore
from local.postgres import EmbeddedPostgres
from tests.local.supervised import Local
from tests.standins.vllm import installed
from tests.unit.engines.weights_files import folder_of, safetensors

CONFIG = {"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 2048}
FILES = {"config.json": CONFIG, "tokenizer.json": {}, "model.safetensors": safetensors()}


class Living:
    """A LISA whose models are asked after and called."""

    def __init__(self, lisa: Local, weights: Path) -> None:
        self.lisa, self.weights = lisa, weights
        token = (lisa.home / CLI_TOKEN).read_text().strip()
        headers = {"authorization": f"Bearer {token}"}
        self.http = httpx.Client(base_url=lisa.url, headers=headers, timeout=60)

    def create(self, model: str, engine: str = "vllm", **hosting: Any) -> None:
        asked = {"engine": engine, "weights": {"source": str(self.weights)}, **hosting}
        body = {"modelId": model, "hostingType": "lisa_hosted", "hosting": asked}
        created = self.http.post("/api/models", json=body)
        assert created.is_success, created.text
        assert created.json()["model"]["status"] == "Creating"

    def change(self, model: str, change: Mapping[str, Any]) -> None:
        assert self.http.put(f"/api/models/{model}", json=change).is_success

    def model(self, model: str) -> dict[str, Any]:
        return shown(self.http.get(f"/api/models/{model}"))

    def becomes(self, model: str, status: str) -> dict[str, Any]:
        until(lambda: self.model(model)["status"] in {status, "Failed"})
        found = self.model(model)
        assert found["status"] == status, found
        return found

    def says(self, model: str) -> str:
        """Call it until it answers."""
        answers: list[httpx.Response] = []

        def answers_now() -> bool:
            answers.append(self.call(model))
            return answers[-1].is_success

        until(answers_now)
        return str(answers[-1].json()["choices"][0]["message"]["content"])

    def call(self, model: str, timeout: float = 60) -> httpx.Response:
        """Call it, and return whatever comes of it."""
        return self.http.post("/v1/chat/completions", json=_asked(model), timeout=timeout)

    def held(self, model: str, timeout: float = 60) -> httpx.Response:
        """Call it as soon as the gateway, too, knows that it stands still; return what came."""
        while "is Stopping" in (answer := self.call(model, timeout)).text:
            time.sleep(0.1)
        return answer

    @contextmanager
    def called(self, model: str, callers: int = 8) -> Iterator[list[str]]:
        """Call it all the while, half of the callers by streams; one that fails fails the block.

        What is yielded grows by each answer.
        """
        stop, said = Event(), list[str]()

        def call(*, streams: bool) -> None:
            while not stop.is_set():
                said.append(self._streamed(model) if streams else self.answered(model))

        with ThreadPoolExecutor(callers) as pool:
            calls = [pool.submit(call, streams=bool(number % 2)) for number in range(callers)]
            try:
                yield said
            finally:
                stop.set()
        for each in calls:
            each.result()

    def answered(self, model: str) -> str:
        """Call it once, and return its answer."""
        answer = self.call(model)
        assert answer.is_success, answer.text
        return str(answer.json()["choices"][0]["message"]["content"])

    def _streamed(self, model: str) -> str:
        body = {**_asked(model), "stream": True}
        with self.http.stream("POST", "/v1/chat/completions", json=body) as answer:
            lines = [line for line in answer.iter_lines() if line.startswith("data:")]
        assert lines[-1:] == ["data: [DONE]"], lines
        choices = (json.loads(line.removeprefix("data:"))["choices"] for line in lines[:-1])
        return "".join(each[0]["delta"].get("content", "") for each in choices if each)

    def processes(self, model: str) -> list[int]:
        return marks.marked(marks.mark(self.lisa.home / MODELS, model))

    def kill_engine(self, model: str) -> None:
        """Kill the engine itself, not the keeper above it."""
        below = [psutil.Process(pid) for pid in self.processes(model)]
        engines = [each for each in below if str(self.weights) in each.cmdline()]
        newest = max(engines, key=lambda each: each.create_time())
        newest.kill()

    async def left(self, model: str) -> list[object]:
        """Return the rows that are left of a model, its timeline aside."""
        async with self._tables() as tables:
            reports = ModelReports(tables)
            found = [await ModelStore(tables).by_id(model), await reports.host(model)]
            return [*filter(None, found), *await reports.uses(model)]

    async def grows_older(self, model: str, seconds: float) -> None:
        """Let so much time have passed since it changed and since it was called last."""
        async with self._tables() as tables:
            models, reports = ModelStore(tables), ModelReports(tables)
            while not await _is_told_of(reports, model):  # noqa: ASYNC110 - a moment later
                await asyncio.sleep(0.1)
            await reports.forget(model)
            past = SystemClock().now() - timedelta(seconds=seconds)
            await reports.tell_use("aged", model, Use(last_used=past, under_way=0, told=past))
            found = await models.by_id(model)
            assert found
            await models.change(found, found.model_copy(update={"changed": past}))

    @asynccontextmanager
    async def _tables(self) -> AsyncIterator[PostgresTables]:
        async with open_pool(EmbeddedPostgres(self.lisa.home).conninfo, size=1) as pool:
            yield PostgresTables(pool, SystemClock())


@contextmanager
def living_in(home: Path, environ: Mapping[str, str], place: Path) -> Iterator[Living]:
    """Run a LISA that finds the stand-in on its path, and lend weights for it."""
    programs, weights = installed(place / "bin"), folder_of(place / "weights", FILES)
    with running_with(programs, weights, home, environ) as living:
        yield living


@contextmanager
def running_with(
    programs: Path, weights: Path, home: Path, environ: Mapping[str, str]
) -> Iterator[Living]:
    """Run a LISA that finds these programs first; nothing runs after it."""
    path = f"{programs}:{environ['PATH']}"
    lisa = Local(home, {**environ, "PATH": path, "LISA_BUILT_IN": "off"})
    try:
        lisa.up()
        living = Living(lisa, weights)
        with living.http:
            yield living
    finally:
        lisa.end()
    assert living.processes("") == []  # though a model may have been in service


def shown(answer: httpx.Response) -> dict[str, Any]:
    """Return the model that is shown, or that there is none."""
    if answer.status_code == httpx.codes.NOT_FOUND:
        return {"status": "gone"}
    assert answer.is_success, answer.text
    return dict(answer.json()["model"])


async def _is_told_of(reports: ModelReports, model: str) -> bool:
    uses = await reports.uses(model)
    return bool(uses) and not any(each.under_way for each in uses)


def _asked(model: str) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "hello"}]}


def until(it_holds: Callable[[], object]) -> None:
    for _ in range(1_200):
        if it_holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never held")
