"""A turn calls models like anybody: under the same limits and budgets, noted in the same way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from openai import RateLimitError

from lisa.adapters.system.clock import SystemClock
from lisa.domain.identity import Limits
from lisa.domain.model import Prices
from lisa.ports.calls import Limiter
from lisa.stores.allowances import AllowanceStore
from lisa.usecases.limits.limiter import FleetLimiter
from lisa.usecases.limits.settings import LimitSettings
from tests.gateway.running import to
from tests.gateway.turns.running import Turning, memory, registered, turning_gateway
from tests.gateway.turns.test_responses import events_of, strictly
from tests.gateway.turns.test_tools import calling
from tests.standins.engine.server import Engine

HI: dict[str, Any] = {"model": "tiny", "input": "Hi"}
OF_THE_CALL = {"subject", "groups", "token_id", "model", "endpoint", "status", "ended", "counts"}
WAYS: list[dict[str, Any]] = [{}, {"stream": True}, {"background": True}, {"store": False}]


@asynccontextmanager
async def limited(engine: Engine, limits: Limits) -> AsyncIterator[Turning]:
    """Serve a gateway that limits everybody, with prices of a dollar a token."""
    ports = memory()
    async with turning_gateway(ports, limiter=limiter_of(ports.tables, limits)) as running:
        prices = Prices(prompt=1_000_000, completion=1_000_000, source="a test")
        upstream = to(engine, key="env:ENGINE_KEY")
        await running.add("tiny", upstream, prices=prices, max_tokens=20)
        yield running


def limiter_of(tables: Any, limits: Limits) -> Limiter:
    async def configured() -> LimitSettings:
        return LimitSettings(everybody=limits)

    store = AllowanceStore(tables, SystemClock())
    return FleetLimiter(store, configured, "gateway-1", lambda *_: None)


async def refusal(client: Any, **more: Any) -> RateLimitError:
    with pytest.raises(RateLimitError) as refused:
        await client.responses.create(**HI | more)
    assert int(refused.value.response.headers["retry-after"]) >= 1
    return refused.value


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_turn_over_a_limit_is_refused_and_leaves_nothing(
    engine: Engine, way: dict[str, Any]
) -> None:
    async with limited(engine, Limits(requests_per_minute=1)) as running:
        client = await running.client()
        conversation = (await client.conversations.create()).id
        where = {} if "store" in way else {"conversation": conversation}
        assert (await client.responses.create(**HI, **where)).status == "completed"

        refused = await refusal(client, **way, **where)

        assert refused.code == "rate_limit_exceeded"
        assert (
            len([each for each in engine.seen if each.says["messages"][-1]["content"] == "Hi"]) == 1
        )
        kept = [item async for item in client.conversations.items.list(conversation)]
        assert len(kept) == (0 if "store" in way else 2)
        assert [call.status for call in running.books.calls if call.status != 200][:1] == [429]


async def test_a_turn_over_a_budget_is_refused(engine: Engine) -> None:
    async with limited(engine, Limits(budget_usd_per_day=40)) as running:
        client = await running.client()
        answer = await client.responses.create(**HI)
        assert answer.to_dict()["lisa"]["cost"] == 16

        assert (await refusal(client, stream=True, input="x" * 60)).code == "insufficient_quota"


@pytest.mark.parametrize("stream", [True, False])
async def test_a_limit_ends_a_turn_between_two_calls_of_its_model(
    engine: Engine, *, stream: bool
) -> None:
    async with limited(engine, Limits(requests_per_minute=1)) as running, registered(running):
        client = await running.client()
        free = {"type": "mcp", "server_label": "sums", "require_approval": "never"}
        how = {"tools": [free], **calling()}
        if stream:
            events = await events_of(await client.responses.create(stream=True, **how))
            answer = events[-1].response
        else:  # a status of 429 would make clients call the tool again
            answer = await client.responses.create(**how)

        assert strictly(answer).status == "failed"
        assert answer.error.code == "rate_limit_exceeded"
        assert answer.error.to_dict()["retry_after"] > 0
        assert [item.type for item in answer.output] == ["mcp_list_tools", "mcp_call"]
        assert "5" in answer.output[1].output
        assert (await client.responses.retrieve(answer.id)).to_dict() == answer.to_dict()
        assert answer.to_dict()["lisa"]["cost"] > 0
        again = await refusal(client, previous_response_id=answer.id)
        assert again.code == "rate_limit_exceeded"


async def test_each_call_of_a_turn_is_noted_as_one_of_its_model(
    turning: Turning, engine: Engine
) -> None:
    async with registered(turning) as tool:
        client = await turning.client()
        free = tool | {"require_approval": "never"}
        await client.responses.create(tools=[free], store=False, **calling())
        plain: Any = {"role": "user", "content": "Hi"}
        await client.chat.completions.create(model="tiny", messages=[plain])

    assert len(engine.seen) == 3
    noted = [call.model_dump(include=OF_THE_CALL) for call in turning.books.calls]
    assert noted == [noted[-1]] * 3
