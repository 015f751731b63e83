"""A turn whose model stands still wakes it, and waits like any caller."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from openai import InternalServerError

from lisa.domain.model import ModelStatus
from tests.gateway.hosted import Waking, comes, hosted, until_waiting
from tests.gateway.running import to
from tests.gateway.turns.running import Turning, memory, turning_gateway
from tests.standins.engine.answers import WORDS
from tests.standins.engine.server import Engine


@pytest.fixture
def waker() -> Waking:
    return Waking()


@pytest.fixture
async def turning(waker: Waking) -> AsyncIterator[Turning]:
    async with turning_gateway(memory(), waker=waker) as running:
        await hosted(running, "asleep")
        yield running


async def test_a_turn_is_answered_when_its_model_has_come(
    turning: Turning, waker: Waking, engine: Engine
) -> None:
    client = await turning.client()
    turn = asyncio.create_task(client.responses.create(model="asleep", input="Hi"))
    await until_waiting(turning, "asleep", 1)
    await asyncio.sleep(0.4)  # signs of life are no answer
    await comes(turning, "asleep", to(engine))
    answer = await turn
    assert (answer.status, answer.output_text) == ("completed", "".join(WORDS))
    assert waker.asked == [("alice", "asleep")]


async def test_a_turn_says_why_its_model_did_not_come(turning: Turning) -> None:
    client = await turning.client()
    turn = asyncio.create_task(client.responses.create(model="asleep", input="Hi"))
    await until_waiting(turning, "asleep", 1)
    await asyncio.sleep(0.4)
    await turning.change("asleep", status=ModelStatus.FAILED, reason="its weights are torn")
    with pytest.raises(InternalServerError, match="is Failed: its weights are torn; ask"):
        await turn
