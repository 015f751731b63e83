"""Tools of tool servers, called by LISA in the middle of a turn, where somebody agreed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai import BadRequestError

from tests.gateway.turns.running import Turning, registered
from tests.gateway.turns.test_responses import SAID, events_of, strictly
from tests.standins.engine.server import Engine

CALLS = {"tool": "sums__add", "arguments": {"a": 2, "b": 3}}


@pytest.fixture
async def sums(turning: Turning) -> AsyncIterator[dict[str, Any]]:
    async with registered(turning) as tool:
        yield tool


def calling(**more: Any) -> dict[str, Any]:
    """Return a request in which the model calls the tool."""
    return {"model": "tiny", "input": "2 + 3?", "extra_body": {"lisa": lisa(**more)}}


def lisa(**more: Any) -> dict[str, Any]:
    return {"chat": {"engine": {**CALLS, **more.pop("engine", {})}}, **more}


def types_of(answer: Any) -> list[str]:
    strictly(answer)
    return [item.type for item in answer.output]


def approved(answer: Any, *, yes: bool) -> dict[str, Any]:
    """Return the word of somebody who was asked."""
    (request,) = [item for item in answer.output if item.type == "mcp_approval_request"]
    return {"type": "mcp_approval_response", "approval_request_id": request.id, "approve": yes}


async def test_a_tool_that_needs_no_word_is_called(
    turning: Turning, engine: Engine, sums: dict[str, Any]
) -> None:
    client = await turning.client()
    free = sums | {"require_approval": "never"}
    events = await events_of(await client.responses.create(tools=[free], stream=True, **calling()))

    answer = events[-1].response
    assert types_of(answer) == ["mcp_list_tools", "mcp_call", "message"]
    call = answer.output[1]
    assert (call.name, call.arguments, call.status) == ("add", '{"a": 2, "b": 3}', "completed")
    assert "5" in call.output
    assert answer.output_text == SAID
    told = engine.seen[1].says["messages"]
    assert [message["role"] for message in told] == ["user", "assistant", "tool"]
    assert "5" in told[2]["content"]
    assert answer.usage.input_tokens == 22
    again = await client.responses.retrieve(answer.id)
    assert again.to_dict() == answer.to_dict()


async def test_a_call_waits_for_a_word_and_goes_on_with_it(
    turning: Turning, engine: Engine, sums: dict[str, Any]
) -> None:
    client = await turning.client()
    asked = await client.responses.create(tools=[sums], **calling())
    assert types_of(asked) == ["mcp_list_tools", "mcp_approval_request"]
    assert len(engine.seen) == 1

    word = approved(asked, yes=True)
    more = calling() | {"input": [word], "previous_response_id": asked.id}
    answer = await client.responses.create(tools=[sums], **more)

    assert types_of(answer) == ["mcp_call", "message"]
    assert answer.output[0].approval_request_id == word["approval_request_id"]
    assert "5" in answer.output[0].output


async def test_a_denied_call_is_not_made_and_the_model_is_told(
    turning: Turning, engine: Engine, sums: dict[str, Any]
) -> None:
    client = await turning.client()
    asked = await client.responses.create(tools=[sums], **calling())
    more = calling() | {"input": [approved(asked, yes=False)], "previous_response_id": asked.id}
    answer = await client.responses.create(tools=[sums], **more)

    assert types_of(answer) == ["message"]
    assert engine.seen[-1].says["messages"][-1]["role"] == "tool"


async def test_a_word_may_hold_for_the_session(turning: Turning, sums: dict[str, Any]) -> None:
    client = await turning.client()
    conversation = (await client.conversations.create()).id
    where = {"tools": [sums], "conversation": conversation}
    asked = await client.responses.create(**where, **calling())
    word = {"input": [approved(asked, yes=True)]}
    await client.responses.create(**where, **(calling(approval="session") | word))

    answer = await client.responses.create(**where, **calling())

    assert types_of(answer) == ["mcp_call", "message"]


async def test_a_word_may_hold_for_always(turning: Turning, sums: dict[str, Any]) -> None:
    client = await turning.client()
    asked = await client.responses.create(tools=[sums], **calling())
    word = {"input": [approved(asked, yes=True)], "previous_response_id": asked.id}
    await client.responses.create(tools=[sums], **(calling(approval="always") | word))

    answer = await client.responses.create(tools=[sums], **calling())

    assert types_of(answer) == ["mcp_list_tools", "mcp_call", "message"]


async def test_a_model_that_calls_forever_is_stopped(
    turning: Turning, engine: Engine, sums: dict[str, Any]
) -> None:
    client = await turning.client()
    free = sums | {"require_approval": "never"}
    stubborn = calling(engine={"stubborn": True})
    answer = await client.responses.create(tools=[free], **stubborn)

    assert answer.status == "incomplete"
    assert len(engine.seen) == 20
    few = await client.responses.create(tools=[free], max_tool_calls=1, **stubborn)
    calls = [item for item in few.output if item.type == "mcp_call"]
    assert [call.status for call in calls[:2]] == ["completed", "failed"]


async def test_a_word_for_a_call_nobody_asked_about_is_refused(
    turning: Turning, sums: dict[str, Any]
) -> None:
    client = await turning.client()
    word = {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True}
    with pytest.raises(BadRequestError) as refused:
        await client.responses.create(model="tiny", input=[word], tools=[sums])
    assert refused.value.code == "unknown_approval_request"


@pytest.mark.parametrize(
    ("tool", "code"),
    [
        ({"type": "file_search", "vector_store_ids": ["v"]}, "retrieval_unavailable"),
        ({"type": "web_search"}, "unsupported_tool"),
        ({"type": "mcp", "server_label": "x", "authorization": "t"}, "credentials_by_reference"),
    ],
)
async def test_what_is_not_offered_is_refused(
    turning: Turning, tool: dict[str, Any], code: str
) -> None:
    client = await turning.client()
    with pytest.raises(BadRequestError) as refused:
        await client.responses.create(model="tiny", input="Hi", tools=[tool])
    assert refused.value.code == code


async def test_a_slow_tool_is_cancelled_with_its_turn(
    turning: Turning, engine: Engine, sums: dict[str, Any]
) -> None:
    client = await turning.client()
    slow = sums | {"require_approval": "never", "allowed_tools": ["slow"]}
    how = calling(engine={"tool": "sums__slow", "arguments": {}})
    begun = await client.responses.create(tools=[slow], background=True, **how)
    while not engine.seen:  # noqa: ASYNC110 - the engine tells nobody
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)

    answer = await client.responses.cancel(begun.id)

    assert answer.status == "cancelled"
    assert answer.output[-1].type == "mcp_call"
