"""Orders for a model again and again while LISA is killed in parts, and what must be true then."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle, pairwise
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import psutil

from lisa.declared.home import MODELS
from lisa.domain.lifecycle import LEGAL, ON_ITS_WAY
from lisa.domain.model import ModelStatus
from tests.local.living import Living, living_in, shown
from tests.local.turning import lasting_token

MODEL: Final = "org/hardy"
JOURNEY: Final = ("create", "update", "stop", "start", "delete")
PARTS: Final = ("engine", "local.worker", "local.app", "postgres", "everything")
AT_REST: Final = {"InService", "Stopped", "Failed", "gone"}
PAUSE: Final = 0.2
Done = Counter[tuple[str, str]]  # what was ordered, and how it ended


@dataclass
class Orders:
    """Gives orders as somebody who doesn't give up, and looks whether what is said is true."""

    living: Living
    http: httpx.AsyncClient
    done: Done = field(default_factory=Counter)
    urls: set[str] = field(default_factory=set)
    enough: bool = False

    async def run(self) -> None:
        """Give one order after the other, until a model is deleted and it is enough."""
        verbs = cycle(JOURNEY)
        status = "gone"
        while not (self.enough and status == "gone"):
            verb = next(verbs)
            if status == "Failed":  # whatever was to come: it is removed, as its reason says
                verb = next(each for each in verbs if each == "delete")
            await self._order(verb)
            status = await self._rest()
            self.done[verb, status] += 1
            await self._look_whether_it_is(status)

    async def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Ask until somebody answers."""
        while True:
            with suppress(httpx.TransportError):
                answer = await self.http.request(method, path, **how)
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return answer
            await asyncio.sleep(PAUSE)

    async def model(self) -> Mapping[str, Any]:
        return shown(await self.ask("GET", f"/api/models/{MODEL}"))

    async def timeline(self) -> Sequence[Mapping[str, Any]]:
        """Return all of it."""
        events: list[Mapping[str, Any]] = []
        while True:
            after = events[-1]["sequence"] if events else 0
            query = {"after": after, "limit": 100, "wait": 0}
            answer = await self.ask("GET", f"/api/models/{MODEL}/events", params=query)
            page = answer.json()["events"]
            if not page:
                return events
            events += page

    async def _order(self, verb: str) -> None:
        weights = {"source": str(self.living.weights)}
        hosting = {"engine": "vllm", "weights": weights}
        made = {"modelId": MODEL, "hostingType": "lisa_hosted", "hosting": hosting}
        length = {"max_model_len": 512 + self.done.total()}
        method, path, body = {
            "create": ("POST", "/api/models", made),
            "update": ("PUT", f"/api/models/{MODEL}", {"hosting": {"options": length}}),
            "stop": ("PUT", f"/api/models/{MODEL}", {"enabled": False}),
            "start": ("PUT", f"/api/models/{MODEL}", {"enabled": True}),
            "delete": ("DELETE", f"/api/models/{MODEL}", None),
        }[verb]
        key = {"idempotency-key": uuid.uuid4().hex}
        answer = await self.ask(method, path, json=body, headers=key)
        gone_meanwhile = verb == "delete" and answer.status_code == httpx.codes.NOT_FOUND
        assert answer.is_success or gone_meanwhile, (verb, answer.text)

    async def _rest(self) -> str:
        """Return where the model arrives."""
        while True:
            model = await self.model()
            self.urls |= {each["url"] for each in model.get("upstreams", ())}
            if model["status"] in AT_REST:
                return str(model["status"])
            await asyncio.sleep(PAUSE)

    async def _look_whether_it_is(self, status: str) -> None:
        if status == "InService":
            said = {"model": MODEL, "messages": [{"role": "user", "content": "hello"}]}
            answer = await self.ask("POST", "/v1/chat/completions", json=said)
            assert answer.is_success, answer.text
        elif status == "Failed":
            model = await self.model()
            assert model["reason"], model
            assert model["nextStep"], model
        else:
            assert self.living.processes(MODEL) == []


@dataclass(frozen=True)
class Killer:
    """Ends processes as a power cut would, at moments that can be repeated."""

    living: Living
    random: Random

    async def kill(self, part: str) -> None:
        """Kill one that runs, as soon as one does; with the supervisor all ends, and comes anew."""
        lisa = self.living.lisa
        if part == "everything":
            assert lisa.state
            psutil.Process(lisa.state.pid).kill()
            await asyncio.to_thread(lisa.up, lisa.state.port)
            return
        while not (found := self._running(part)):  # noqa: ASYNC110 - processes tell nobody
            await asyncio.sleep(PAUSE)
        with suppress(psutil.NoSuchProcess):
            psutil.Process(self.random.choice(found)).kill()

    def _running(self, part: str) -> list[int]:
        if part == "engine":  # or the keeper above it
            return self.living.processes(MODEL)
        with suppress(psutil.NoSuchProcess):
            children = self.living.lisa.processes()[0].children()
            return [each.pid for each in children if part in " ".join(each.cmdline())]
        return []

    def parts(self, number: int) -> Iterator[str]:
        """Return which to kill: each of them often enough, in an order of chance."""
        parts = [part for part, _ in zip(cycle(PARTS), range(number), strict=False)]
        self.random.shuffle(parts)
        return iter(parts)


async def survive_orders(
    home: Path, environ: dict[str, str], place: Path, kills: int, seed: int
) -> Done:
    """Kill again and again while orders are given; then compare. Return what came of them."""
    with living_in(home, environ, place) as living:
        headers = {"authorization": f"Bearer {lasting_token(living.lisa)}"}
        async with httpx.AsyncClient(base_url=living.lisa.url, headers=headers, timeout=60) as http:
            orders = Orders(living, http)
            killer = Killer(living, Random(seed))  # noqa: S311 - a choice that can be repeated
            load = asyncio.create_task(orders.run())
            for part in killer.parts(kills):
                await asyncio.sleep(killer.random.uniform(0.5, 5))
                await killer.kill(part)
                assert not load.done(), load.exception()
            orders.enough = True
            await load
            refute(await orders.timeline())
            await refute_leftovers(orders)
            return orders.done


def refute(events: Sequence[Mapping[str, Any]]) -> None:
    """Fail unless a timeline has no hole, goes only where models may go, and knew what it said."""
    assert [each["sequence"] for each in events] == list(range(1, len(events) + 1))
    for before, after in pairwise(events):
        former, status = ModelStatus(before["status"]), ModelStatus(after["status"])
        is_new = before["step"] == "forget it"
        assert is_new or former is status or status in LEGAL[former], (before, after)
        assert before["at"] <= after["at"]
        if status is ModelStatus.IN_SERVICE and former in ON_ITS_WAY:
            assert before["run"] == after["run"]
            assert before["words"] in {"it answers", "it runs as before the update"}, before
    assert events[-1]["step"] == "forget it"


async def refute_leftovers(orders: Orders) -> None:
    """Fail if anything of the model is there."""
    living = orders.living
    assert living.processes("") == []
    assert list((living.lisa.home / MODELS).iterdir()) == []
    assert await living.left(MODEL) == []
    async with httpx.AsyncClient() as http:
        for url in orders.urls:
            with suppress(httpx.ConnectError):
                await http.get(url)
                raise AssertionError(f"something listens at {url}")
