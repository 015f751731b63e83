"""Each provider answers the `anthropic` package in Anthropic's language."""

from collections.abc import Iterator
from typing import Any

import anthropic
import pytest

from tests.litellm.routes import HELLO, Route, each_way, named
from tests.litellm.service import SECRET, Service

TOOL: Any = {
    "name": "weather",
    "description": "Tells the weather.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
}


@pytest.fixture
def client(service: Service, route: Route) -> Iterator[anthropic.Anthropic]:
    """Take the service for Anthropic, as the gateway does."""
    with anthropic.Anthropic(
        auth_token=SECRET,
        base_url=service.url,
        default_headers=route.headers(),
        max_retries=0,
    ) as client:
        yield client


@each_way
def test_a_message_is_answered_with_its_usage(client: anthropic.Anthropic) -> None:
    answer = client.messages.create(model="ours", max_tokens=50, messages=HELLO, system="Kurz.")
    assert [each.type == "text" and each.text for each in answer.content] == ["Grüße 👋"]
    assert answer.stop_reason == "end_turn"
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (11, 7)


@each_way
def test_a_message_streams_in_anthropics_order(client: anthropic.Anthropic) -> None:
    with client.messages.stream(model="ours", max_tokens=50, messages=HELLO) as stream:
        pieces = [*stream.text_stream]
        whole = stream.get_final_message()
    assert pieces == ["Grü", "ße ", "👋"]
    assert whole.stop_reason == "end_turn"
    assert whole.usage.output_tokens == 7


@each_way
def test_a_tool_is_called_in_a_stream_and_its_result_answered(client: anthropic.Anthropic) -> None:
    wanted: dict[str, Any] = {"model": "ours", "max_tokens": 50, "tools": [TOOL]}
    with client.messages.stream(messages=HELLO, **wanted) as stream:
        whole = stream.get_final_message()
    [use] = [each for each in whole.content if each.type == "tool_use"]
    assert (use.name, use.input, whole.stop_reason) == ("weather", {"city": "Köln"}, "tool_use")
    result = {"type": "tool_result", "tool_use_id": use.id, "content": "rain"}
    messages: Any = [
        *HELLO,
        {"role": "assistant", "content": [use.model_dump(exclude_unset=True)]},
        {"role": "user", "content": [result]},
    ]
    answer = client.messages.create(messages=messages, **wanted)
    assert [each.type == "text" and each.text for each in answer.content] == ["Grüße 👋"]


@named("anthropic")
def test_the_provider_counts_tokens_where_it_can(client: anthropic.Anthropic) -> None:
    assert client.messages.count_tokens(model="ours", messages=HELLO).input_tokens == 42


@named("converse", "vllm")
def test_tokens_are_estimated_where_the_provider_cannot_count(client: anthropic.Anthropic) -> None:
    assert 0 < client.messages.count_tokens(model="ours", messages=HELLO).input_tokens < 30
