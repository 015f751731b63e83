"""What a caller wants included, what a turn costs, and a model that refuses in its midst."""

from collections.abc import Awaitable, Callable
from typing import Any, get_args

import pytest
from openai import BadRequestError
from openai.types.responses import ResponseIncludable

from lisa.domain.model import Prices
from lisa.domain.turns.request import Includable
from tests.gateway.running import to
from tests.gateway.turns.running import Turning, registered
from tests.gateway.turns.test_responses import events_of, strictly
from tests.gateway.turns.test_tools import approved, calling, types_of
from tests.standins.engine.server import Engine

HI: dict[str, Any] = {"model": "tiny", "input": "Hi"}
Listing = Callable[[Any, str, str], Awaitable[Any]]
ROUTES: list[Listing] = [
    lambda client, _, response: client.responses.retrieve(response, include=["everything"]),
    lambda client, _, response: client.responses.input_items.list(response, include=["everything"]),
    lambda client, chat, _: client.conversations.items.list(chat, include=["everything"]),
    lambda client, chat, _: client.conversations.items.retrieve(
        "m-1", conversation_id=chat, include=["everything"]
    ),
    lambda client, chat, _: client.conversations.items.create(
        chat, items=[{"role": "user", "content": "Hi"}], include=["everything"]
    ),
]


def test_we_know_what_openai_knows() -> None:
    assert set(get_args(Includable)) == set(get_args(ResponseIncludable))


async def test_everything_openai_knows_may_be_wanted_and_the_model_is_asked(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()
    answer = strictly(await client.responses.create(include=get_args(ResponseIncludable), **HI))
    assert engine.seen[0].says["logprobs"] is True
    wanted = {"include": get_args(ResponseIncludable)}
    listed = await client.responses.input_items.list(answer.id, **wanted)
    assert len(listed.data) == 1


async def test_what_nobody_knows_is_refused_with_what_may_be_wanted(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()
    with pytest.raises(BadRequestError, match=r"message\.output_text\.logprobs") as refused:
        await client.responses.create(include=["everything"], **HI)
    assert refused.value.code == "invalid_value"
    assert engine.seen == []


@pytest.mark.parametrize("listing", ROUTES)
async def test_lists_refuse_it_too(turning: Turning, listing: Listing) -> None:
    client = await turning.client()
    chat = (await client.conversations.create()).id
    answer = await client.responses.create(conversation=chat, **HI)
    with pytest.raises(BadRequestError, match=r"message\.output_text\.logprobs"):
        await listing(client, chat, answer.id)


@pytest.mark.parametrize(
    ("prices", "source"),
    [
        (Prices(prompt=1, completion=2, source="list"), "list"),
        (Prices(prompt=1, completion=2), "model"),
        (Prices(source="free"), "free"),
        (Prices(), None),
        (None, None),
    ],
)
async def test_a_price_of_no_source_is_the_models_own(
    turning: Turning, engine: Engine, prices: Prices | None, source: str | None
) -> None:
    await turning.add("priced", to(engine, key="env:ENGINE_KEY"), prices=prices)
    client = await turning.client()
    answer = await client.responses.create(model="priced", input="Hi")
    told: Any = answer.to_dict()["lisa"]
    call = await turning.books.last_call()
    assert (told["price_source"], call.price_source) == (source, source or "")
    assert told["cost"] == (call.cost if source else None)


@pytest.mark.parametrize("stream", [True, False])
async def test_a_model_that_refuses_after_a_tool_was_called_is_quoted(
    turning: Turning, engine: Engine, *, stream: bool
) -> None:
    client = await turning.client()
    async with registered(turning) as tool:
        asked = await client.responses.create(tools=[tool], **calling())
        engine.usually = {"status": 400}
        more = calling() | {"input": [approved(asked, yes=True)], "previous_response_id": asked.id}
        answer = await client.responses.create(tools=[tool], stream=stream, **more)
    if stream:
        *_, last = await events_of(answer)
        assert last.type == "response.failed"
        answer = last.response
    assert (answer.status, types_of(answer)) == ("failed", ["mcp_call"])
    assert answer.error.to_dict() == {
        "code": "invalid_prompt",
        "message": "the engine says no",
        "type": "refused_by_model",
    }
    again = await client.responses.retrieve(answer.id)
    assert again.to_dict() == answer.to_dict()
