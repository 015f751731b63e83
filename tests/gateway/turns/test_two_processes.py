"""Two gateways over one Postgres: a turn of one is followed and cancelled through the other."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.schema import create_tables
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.declared.home import postgres_place
from lisa.declared.tables import LOCAL_TABLES
from local.postgres import EmbeddedPostgres
from tests.gateway.running import to
from tests.gateway.turns.running import Turning, content_ports, turning_gateway
from tests.gateway.turns.test_responses import SLOW, events_of
from tests.standins.engine.server import Engine

HANG = {"lisa": {"chat": {"engine": {"hang": True}}}}


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="lisa-turns-"))
    server = EmbeddedPostgres(home)
    server.start()
    yield server.conninfo
    server.stop()
    shutil.rmtree(postgres_place(home), ignore_errors=True)
    shutil.rmtree(home)


@asynccontextmanager
async def gateway_on(conninfo: str, drain_seconds: float = 5) -> AsyncIterator[Turning]:
    """Serve a gateway with its own connections."""
    async with open_pool(conninfo) as pool:
        async with pool.connection() as connection:
            await create_tables(connection, LOCAL_TABLES)
        ports = content_ports(PostgresTables(pool, SystemClock()))
        async with turning_gateway(ports, drain_seconds) as running:
            yield running


@pytest.fixture
async def two(postgres: str, engine: Engine) -> AsyncIterator[tuple[Turning, Turning]]:
    async with AsyncExitStack() as stack:
        one, other = [await stack.enter_async_context(gateway_on(postgres)) for _ in range(2)]
        if await one.models.by_id("tiny") is None:
            await one.add("tiny", to(engine, key="env:ENGINE_KEY"))
        else:
            await renewed(one, engine)
        await other.service.gateway.calls.registry.refresh()
        yield one, other


async def renewed(one: Turning, engine: Engine) -> None:
    """Let the model of an earlier test lead to this test's engine."""
    model = await one.models.by_id("tiny")
    assert model
    upstreams = (to(engine, key="env:ENGINE_KEY"),)
    await one.models.change(model, model.model_copy(update={"upstreams": upstreams}))
    await one.service.gateway.calls.registry.refresh()


async def clients_of(one: Turning, other: Turning) -> tuple[Any, Any]:
    """Return a client of each for the same person."""
    first = await one.client()
    second = first.with_options(base_url=other.openai)
    return first, second


async def test_a_turn_is_followed_through_the_other(two: tuple[Turning, Turning]) -> None:
    here, there = await clients_of(*two)
    begun = await here.responses.create(model="tiny", input="Hi", background=True, extra_body=SLOW)
    live, tailed = await asyncio.gather(*[_followed(client, begun.id) for client in (here, there)])

    assert tailed == live
    assert tailed[-1]["type"] == "response.completed"
    assert await _followed(there, begun.id) == live


async def _followed(client: Any, name: str) -> list[dict[str, Any]]:
    events = await events_of(await client.responses.retrieve(name, stream=True))
    return [event.to_dict() for event in events]


async def test_a_stalled_turn_is_cancelled_through_the_other(
    two: tuple[Turning, Turning], engine: Engine
) -> None:
    here, there = await clients_of(*two)
    begun = await here.responses.create(model="tiny", input="Hi", background=True, extra_body=HANG)
    while not engine.under_way:  # noqa: ASYNC110 - the engine tells nobody
        await asyncio.sleep(0.01)

    cancelled = await there.responses.cancel(begun.id)

    assert cancelled.status == "cancelled"
    assert await engine.quiet()
    assert (await here.responses.retrieve(begun.id)).status == "cancelled"


async def test_the_same_request_to_both_at_once_is_one_turn(
    two: tuple[Turning, Turning], engine: Engine
) -> None:
    here, there = await clients_of(*two)
    conversation = (await here.conversations.create()).id
    said = [{"id": "m-1", "role": "user", "content": "Hi"}]
    asked = {"model": "tiny", "input": said, "conversation": conversation, "extra_body": SLOW}

    answers = await asyncio.gather(
        *(client.responses.create(**asked) for client in (here, there, here, there))
    )

    assert len({answer.id for answer in answers}) == 1
    assert len({answer.output_text for answer in answers}) == 1
    assert len([each for each in engine.seen if "engine" in each.says]) == 1
    items = [item async for item in there.conversations.items.list(conversation)]
    assert len(items) == 2


async def test_what_is_under_way_at_a_stop_is_closed_and_followed_to_its_end(
    two: tuple[Turning, Turning], postgres: str, engine: Engine
) -> None:
    async with gateway_on(postgres, drain_seconds=0.1) as stopping:
        there, here = await clients_of(two[0], stopping)
        begun = await here.responses.create(
            model="tiny", input="Hi", background=True, extra_body=HANG
        )
        following = asyncio.create_task(_followed(there, begun.id))
        while not engine.under_way:  # noqa: ASYNC110 - the engine tells nobody
            await asyncio.sleep(0.01)

    events = await following
    assert events[-1]["type"] == "response.incomplete"
    assert await engine.quiet()


async def test_a_short_turn_may_end_while_its_process_stops(
    two: tuple[Turning, Turning], postgres: str
) -> None:
    async with gateway_on(postgres, drain_seconds=20) as stopping:
        there, here = await clients_of(two[0], stopping)
        begun = await here.responses.create(
            model="tiny", input="Hi", background=True, extra_body=SLOW
        )
    assert (await there.responses.retrieve(begun.id)).status == "completed"
