"""Models that call several tools at once, or tools that nobody has, and who is asked for them."""

import asyncio
from typing import Any

import pytest
from openai import BadRequestError

from tests.gateway.turns.running import Turning, registered
from tests.gateway.turns.test_odd_requests import HI, engine_does
from tests.gateway.turns.test_responses import events_of, strictly
from tests.standins.engine.server import Engine


async def test_a_function_that_a_model_made_up_is_nobodys(turning: Turning, engine: Engine) -> None:
    client = await turning.client()
    known: Any = {"type": "function", "name": "weather", "parameters": {"type": "object"}}
    answer = await client.responses.create(**HI, tools=[known], **engine_does(tool="wether"))

    assert [item.type for item in strictly(answer).output] == ["function_call", "message"]
    told = engine.seen[1].says["messages"][-1]
    assert (told["role"], told["content"]) == (
        "tool",
        "There is no result: the call was not made.",
    )


async def test_calls_of_a_server_and_of_the_caller_may_come_together(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()
    own: Any = {"type": "function", "name": "weather", "parameters": {"type": "object"}}
    sums = [["sums__add", {"a": 1, "b": 2}], ["sums__add", {"a": 3, "b": 4}]]
    async with registered(turning) as tool:
        tools = [tool | {"require_approval": "never"}, own]
        both = engine_does(calls=[*sums, ["weather", {}]])
        events = await events_of(
            await client.responses.create(**HI, tools=tools, stream=True, **both)
        )
        answer = events[-1].response
        assert [item.type for item in answer.output[1:]] == [
            "mcp_call",
            "mcp_call",
            "function_call",
        ]
        assert ["3" in answer.output[1].output, "7" in answer.output[2].output] == [True, True]

        output = {"type": "function_call_output", "output": "dry"}
        output["call_id"] = answer.output[3].call_id
        await client.responses.create(
            model="tiny", tools=tools, input=[output], previous_response_id=answer.id
        )
    told = engine.seen[-1].says["messages"]
    calls = [len(message.get("tool_calls", ())) for message in told]
    assert sum(calls) == 3
    results = [message["content"] for message in told if message["role"] == "tool"]
    assert len(results) == 3
    assert results[-1] == "dry"


async def test_one_of_several_calls_that_waits_for_a_word_keeps_the_others(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()
    async with registered(turning) as tool:
        tools = [
            tool | {"allowed_tools": None, "require_approval": {"never": {"tool_names": ["add"]}}}
        ]
        calls = [["sums__add", {"a": 1, "b": 2}], ["sums__weather", {"place": "Basel"}]]
        asked = await client.responses.create(**HI, tools=tools, **engine_does(calls=calls))
        types = [item.type for item in strictly(asked).output]
        assert types == ["mcp_list_tools", "mcp_call", "mcp_approval_request"]
        word = {"type": "mcp_approval_response", "approve": True}
        word["approval_request_id"] = asked.output[2].id
        answer = await client.responses.create(
            model="tiny", tools=tools, input=[word], previous_response_id=asked.id
        )
    assert [item.type for item in strictly(answer).output] == ["mcp_call", "message"]
    roles = [message["role"] for message in engine.seen[-1].says["messages"]]
    assert roles.count("tool") == 2


async def test_a_word_given_twice_is_one_call(turning: Turning) -> None:
    client = await turning.client()
    async with registered(turning) as tool:
        how = engine_does(tool="sums__add", arguments={"a": 1, "b": 2})
        asked = await client.responses.create(**HI, tools=[tool], **how)
        word = {"type": "mcp_approval_response", "id": "word-1", "approve": True}
        word["approval_request_id"] = asked.output[-1].id
        again = {"model": "tiny", "tools": [tool], "previous_response_id": asked.id}
        answers = await asyncio.gather(
            *(client.responses.create(**again, input=[word], **how) for _ in range(3))
        )
    assert len({answer.id for answer in answers}) == 1


async def test_credentials_are_never_the_callers(turning: Turning) -> None:
    client = await turning.client()
    async with registered(turning) as tool:
        for given in ({"headers": {"x": "y"}}, {"authorization": "t"}, {"server_url": "http://x"}):
            with pytest.raises(BadRequestError):
                await client.responses.create(**HI, tools=[tool | given])
        free = tool | {"allowed_tools": ["headers"], "require_approval": "never"}
        answer = await client.responses.create(
            **HI, tools=[free], **engine_does(tool="sums__headers", arguments={})
        )
    arrived = answer.output[1].output
    assert "authorization" not in arrived
    assert client.api_key not in arrived
