"""A secret that is replaced where it lies costs no call, with a service that knows the new one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.domain.model import Upstream
from lisa.domain.rotating import read_rotating
from lisa.usecases.remembered_secrets import LONGEST_MEMORY, RememberedSecrets
from tests.gateway.running import LITELLM_KEY, Running, running_gateway
from tests.standins.engine.server import Engine

A_MOMENT = 2.0


@dataclass
class Vault:
    """Where the one secret lies; counts how often it is looked at."""

    secret: str = "old"
    looks: int = 0

    async def resolve(self, reference: str) -> str:
        del reference
        self.looks += 1
        return self.secret


@dataclass
class Place:
    """A gateway before a service that wants to see a secret."""

    running: Running
    engine: Engine
    vault: Vault
    clock: ManualClock
    token: str

    def let_want(self, secret: str) -> None:
        self.engine.wants = f"Bearer {secret}"

    def replace(self, secret: str) -> None:
        """Replace the secret in both places, a moment after it was read."""
        self.clock.advance(A_MOMENT)
        self.vault.secret = secret
        self.let_want(secret)

    def shown(self) -> list[str]:
        return [each.headers["authorization"].removeprefix("Bearer ") for each in self.engine.seen]

    async def ask(self, model: str, *, stream: bool = False) -> httpx.Response:
        says = {"model": model, "messages": [{"role": "user", "content": "hi"}], "stream": stream}
        headers = {"authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(headers=headers, timeout=10) as client:
            return await client.post(f"{self.running.openai}/chat/completions", json=says)


@pytest.fixture
async def place(engine: Engine) -> AsyncIterator[Place]:
    vault, clock = Vault(), ManualClock()
    secrets = RememberedSecrets({LITELLM_KEY.partition(":")[0]: vault}, clock)
    async with running_gateway(engine, models=(), secrets=secrets) as running:
        await running.add("direct", Upstream(url=engine.url, key=LITELLM_KEY))
        await running.add("through", Upstream(kind="litellm", target="bedrock/model"))
        place = Place(running, engine, vault, clock, await running.token())
        place.let_want("old")
        yield place


@pytest.mark.parametrize("model", ["direct", "through"])
@pytest.mark.parametrize("stream", [False, True])
async def test_a_replaced_secret_is_read_as_soon_as_the_old_one_is_refused(
    place: Place, model: str, *, stream: bool
) -> None:
    assert (await place.ask(model)).status_code == 200
    place.replace("new")
    answer = await place.ask(model, stream=stream)
    assert (answer.status_code, answer.headers["x-lisa-tries"]) == (200, "1")
    assert place.shown() == ["old", "old", "new"]


async def test_calls_that_find_out_together_read_it_once(place: Place) -> None:
    await place.ask("through")
    place.replace("new")
    answers = await asyncio.gather(*(place.ask("through") for _ in range(12)))
    assert {each.status_code for each in answers} == {200}
    assert place.vault.looks == 2


async def test_a_replaced_secret_is_used_in_time_where_the_old_one_still_works(
    place: Place,
) -> None:
    place.engine.wants = ""
    await place.ask("through")
    place.vault.secret = "new"
    place.clock.advance(LONGEST_MEMORY.total_seconds() + 1)
    await place.ask("through")
    assert place.shown() == ["old", "new"]


async def test_a_secret_that_stays_wrong_is_shown_once_a_call(place: Place) -> None:
    place.let_want("other")
    place.clock.advance(A_MOMENT)
    answer = await place.ask("through")
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_refuses_us")
    assert place.shown() == ["old"]


async def test_a_flood_of_refusals_asks_the_vault_once_a_second_at_most(place: Place) -> None:
    place.let_want("other")
    for _ in range(5):
        await place.ask("through")
    assert place.vault.looks == 1


@pytest.mark.parametrize("notices", ["gateway", "service"])
async def test_across_rotations_no_call_is_refused_whoever_notices_first(
    place: Place, notices: str
) -> None:
    place.engine.wants = ""  # what the service knows is told here
    service = read_rotating(place.vault.secret)
    for number in range(3):
        await place.ask("through")  # the gateway remembers the secret as it is now
        assert service.accepts(place.shown()[-1])
        renewed = read_rotating(place.vault.secret).rotated(f"new-{number}")
        place.vault.secret = renewed.text
        if notices == "gateway":
            place.clock.advance(LONGEST_MEMORY.total_seconds() + 1)
        else:
            service = renewed
        answer = await place.ask("through")
        assert (answer.status_code, service.accepts(place.shown()[-1])) == (200, True)
        place.clock.advance(LONGEST_MEMORY.total_seconds() + 1)
        service = renewed
    assert place.shown()[-1] == ("new-1" if notices == "gateway" else "new-0")
