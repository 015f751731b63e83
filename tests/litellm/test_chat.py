"""Each provider is spoken to in its own language and answers the `openai` package in OpenAI's."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest

from tests.litellm.routes import HELLO, TOOL, Route, each_way
from tests.litellm.service import SECRET, Service


@pytest.fixture
def client(service: Service, route: Route) -> Iterator[openai.OpenAI]:
    """Take the service for OpenAI, as the gateway does."""
    with openai.OpenAI(
        api_key=SECRET,
        base_url=f"{service.url}/v1",
        default_headers=route.headers(),
        max_retries=0,
    ) as client:
        yield client


@each_way
def test_a_chat_is_answered_with_its_usage(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="ours", messages=HELLO, max_tokens=50)
    assert answer.choices[0].message.content == "Grüße 👋"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (11, 7)


@each_way
def test_a_chat_streams_piece_by_piece_and_ends_with_its_usage(client: openai.OpenAI) -> None:
    chunks = [
        *client.chat.completions.create(
            model="ours", messages=HELLO, stream=True, stream_options={"include_usage": True}
        )
    ]
    pieces = [each.choices[0].delta.content for each in chunks if each.choices]
    assert [each for each in pieces if each] == ["Grü", "ße ", "👋"]
    ends = [each.choices[0].finish_reason for each in chunks if each.choices]
    assert [each for each in ends if each] == ["stop"]
    usage = [each.usage for each in chunks if each.usage]
    assert [(each.prompt_tokens, each.completion_tokens) for each in usage] == [(11, 7)]


@each_way
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_a_tool_is_called_and_its_result_answered(
    client: openai.OpenAI, route: Route, *, streamed: bool
) -> None:
    asked: list[Any] = [*HELLO]
    call = _called(client, asked, streamed=streamed)
    assert call["function"] == {"name": "weather", "arguments": '{"city": "Köln"}'}
    asked += [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": call["id"], "content": "rain"},
    ]
    answer = client.chat.completions.create(model="ours", messages=asked, tools=[TOOL])  # type: ignore[list-item]  # one tool, as JSON
    assert answer.choices[0].message.content == "Grüße 👋"
    assert len(route.provider.asked) == 2


def _called(client: openai.OpenAI, messages: list[Any], *, streamed: bool) -> dict[str, Any]:
    wanted: dict[str, Any] = {"model": "ours", "messages": messages, "tools": [TOOL]}
    if not streamed:
        whole = client.chat.completions.create(**wanted)
        assert whole.choices[0].finish_reason == "tool_calls"
        [call] = whole.choices[0].message.tool_calls
        found = (call.id, call.function.name, call.function.arguments)
    else:
        chunks = client.chat.completions.create(**wanted, stream=True)
        calls = [
            each
            for chunk in chunks
            if chunk.choices
            for each in chunk.choices[0].delta.tool_calls or []
        ]
        texts = (each.function.arguments or "" for each in calls)
        found = (calls[0].id, calls[0].function.name, "".join(texts))
    arguments = found[2].replace("\\u00f6", "ö")
    function = {"name": found[1], "arguments": arguments}
    return {"id": found[0], "type": "function", "function": function}
