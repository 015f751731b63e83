"""Requests that say nothing, too much or something twice, and those that say much at once."""

from typing import Any

import httpx
import pytest
from openai import APIStatusError, NotFoundError
from pydantic import BaseModel

from tests.gateway.running import to
from tests.gateway.turns.running import Turning
from tests.gateway.turns.test_responses import SAID, strictly
from tests.standins.engine.server import Engine

HI: dict[str, Any] = {"model": "tiny", "input": "Hi"}


def engine_does(**how: Any) -> dict[str, Any]:
    return {"extra_body": {"lisa": {"chat": {"engine": how}}}}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"input": ""}, "invalid_value"),
        ({"input": [{"role": "user", "content": []}]}, "invalid_value"),
        ({"input": [{"type": "reasoning", "summary": []}]}, "invalid_value"),
        (
            {"input": [{"type": "function_call_output", "call_id": "c", "output": "5"}]},
            "unknown_function_call",
        ),
        ({"conversation": ""}, "invalid_value"),
        ({"conversation": {}}, "invalid_value"),
        ({"conversation": "a\0b"}, "invalid_value"),
        ({"tools": [{"type": "mcp", "server_label": "hers"}]}, "tool_server_not_found"),
        ({"previous_response_id": ""}, "invalid_value"),
        ({"extra_body": {"lisa": {"parent_id": "m-1"}}}, "unknown_parent"),
        ({"input": [{"type": "item_reference", "id": "m-1"}]}, "unsupported_item"),
        ({"input": [{"role": "tool", "content": "5"}]}, "invalid_value"),
        ({"temperature": 3}, "invalid_value"),
        ({"text": {"format": {"type": "json_schema", "name": "a"}}}, "invalid_value"),
        ({"instructions": "x" * 300_000}, "request_too_large"),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
async def test_what_cannot_be_asked_is_refused_with_a_status(
    turning: Turning, engine: Engine, more: dict[str, Any], code: str, *, stream: bool
) -> None:
    client = await turning.client()
    with pytest.raises(APIStatusError) as refused:
        await client.responses.create(stream=stream, **(HI | more))
    assert refused.value.code == code
    assert refused.value.status_code in {400, 413}
    assert engine.seen == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"model":"tiny","input":"\\ud800"}',
        b'{"model":"tiny","input":"Hi","temperature":NaN}',
        b'{"model":"tiny","model":"tiny","input":"Hi"}',
        b'{"model":"tiny","input":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
async def test_a_body_that_is_no_request_is_refused(turning: Turning, body: bytes) -> None:
    headers = {"authorization": f"Bearer {await turning.token()}"}
    async with httpx.AsyncClient(base_url=turning.openai, headers=headers) as client:
        answer = await client.post("/responses", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] in {"malformed_json", "missing_model"}


@pytest.mark.parametrize(
    "name", ["x", "resp_", "resp_a_b", "resp_a%23b_c", "resp_%00_x", "x" * 3000]
)
async def test_names_of_nothing_are_not_found(turning: Turning, name: str) -> None:
    headers = {"authorization": f"Bearer {await turning.token()}"}
    async with httpx.AsyncClient(base_url=turning.openai, headers=headers) as client:
        names = f"/responses/{name}", f"/responses/{name}/input_items", f"/conversations/{name}"
        for path in names:
            assert (await client.get(path)).status_code == 404
        assert (await client.post(f"/responses/{name}/cancel")).status_code == 404
        assert (await client.delete(f"/responses/{name}")).status_code == 404


async def test_a_client_that_tries_again_says_nothing_twice(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()
    conversation = (await client.conversations.create()).id
    for _ in range(2):
        with pytest.raises(APIStatusError):
            await client.responses.create(
                conversation=conversation, **HI, **engine_does(status=500)
            )
    await client.responses.create(conversation=conversation, **HI)

    kept = [item.role async for item in client.conversations.items.list(conversation, order="asc")]
    assert kept == ["user", "assistant"]
    asked = [each for each in engine.seen if "engine" not in each.says]
    assert asked[0].says["messages"] == [{"role": "user", "content": "Hi"}]


async def test_chains_of_responses_branch_and_outlive_their_beginning(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()

    async def say(text: str, **more: Any) -> Any:
        return await client.responses.create(model="tiny", input=text, **more)

    first = await say("1")
    left = await say("left", previous_response_id=first.id)
    right = await say("right", previous_response_id=first.id)
    await client.responses.delete(first.id)
    await say("2", previous_response_id=right.id)
    assert said(engine) == ["1", SAID, "right", SAID, "2"]
    await say("2", previous_response_id=left.id)
    assert said(engine) == ["1", SAID, "left", SAID, "2"]
    with pytest.raises(NotFoundError):
        await say("2", previous_response_id=first.id)


def said(engine: Engine) -> list[str]:
    return [message["content"] for message in engine.seen[-1].says["messages"]]


async def test_what_a_request_says_reaches_the_engine_unchanged(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()
    chat = {"stop": ["!"], "frequency_penalty": 0.1, "presence_penalty": -0.2, "seed": 7}
    answer = await client.responses.create(
        **HI,
        instructions="Be brief.",
        temperature=0.3,
        top_p=0.9,
        max_output_tokens=50,
        reasoning={"effort": "low"},
        metadata={"for": "a test"},
        extra_body={"lisa": {"chat": chat}},
    )

    asked = engine.seen[0].says
    own = {"temperature": 0.3, "top_p": 0.9, "max_tokens": 50, "reasoning_effort": "low"}
    assert own.items() <= asked.items()
    assert chat.items() <= asked.items()
    assert asked["messages"][0] == {"role": "system", "content": "Be brief."}
    assert strictly(answer).output_text == SAID.removesuffix("!")
    assert answer.metadata == {"for": "a test"}


async def test_a_conversation_too_long_for_its_model_is_cut_where_that_is_wanted(
    turning: Turning, engine: Engine
) -> None:
    await turning.add("narrow", to(engine, key="env:ENGINE_KEY"), context_window=1000)
    client = await turning.client()
    spoken = [
        {"role": role, "content": f"{number} " + "x" * 800}
        for number, role in enumerate(["user", "assistant"] * 5)
    ]
    asked = {"model": "narrow", "input": [*spoken, {"role": "user", "content": "Hi"}]}
    for truncation, messages in (("disabled", 11), ("auto", 4)):
        await client.responses.create(truncation=truncation, **asked)
        assert len(said(engine)) == messages
        assert said(engine)[-1] == "Hi"


class Answer(BaseModel):
    """A structured answer."""

    answer: int


async def test_answers_have_the_shape_that_was_asked_for(turning: Turning) -> None:
    client = await turning.client()
    parsed = await client.responses.parse(**HI, text_format=Answer)
    assert parsed.output_parsed == Answer(answer=42)
    async with client.responses.stream(**HI, text_format=Answer) as stream:
        assert (await stream.get_final_response()).output_parsed == Answer(answer=42)


async def test_what_was_taken_out_is_not_told_to_the_model(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()
    said_first = {"id": "m-1", "role": "user", "content": "secret"}
    conversation = (await client.conversations.create(items=[said_first])).id
    await client.conversations.items.delete("m-1", conversation_id=conversation)
    await client.responses.create(**HI, conversation=conversation)
    assert said(engine)[:1] != ["secret"]
    assert "secret" not in str([each.says for each in engine.seen])


async def test_a_deleted_conversation_takes_its_responses_with_it(turning: Turning) -> None:
    client = await turning.client()
    conversation = (await client.conversations.create()).id
    answer = await client.responses.create(**HI, conversation=conversation)
    await client.conversations.delete(conversation)
    with pytest.raises(NotFoundError):
        await client.responses.retrieve(answer.id)
    with pytest.raises(NotFoundError):
        await client.responses.create(**HI, previous_response_id=answer.id)
