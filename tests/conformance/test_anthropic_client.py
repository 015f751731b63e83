"""What the `anthropic` package can ask; the engine plays the LiteLLM service."""

import json
from typing import Any

import anthropic
import pytest
from anthropic import AsyncAnthropic
from anthropic.types import MessageParam

from tests.gateway.running import LITELLM_SECRET, Running
from tests.standins.engine.server import Engine

SAYS = "Hello, wörld 🌍!"
ASKED: list[MessageParam] = [{"role": "user", "content": "Grüß Gott"}]


async def test_a_message_is_answered_through_the_litellm_service(
    claude: AsyncAnthropic, engine: Engine, gateway: Running
) -> None:
    answer = await claude.messages.create(model="tiny", max_tokens=50, messages=ASKED)
    block: Any = answer.content[0]
    assert block.text == SAYS
    sent = engine.seen[-1].headers
    told = {"target": "openai/tiny", "url": engine.url, "key": "env:ENGINE_KEY"}
    assert sent["authorization"] == f"Bearer {LITELLM_SECRET}"
    assert json.loads(sent["x-lisa-upstream"]) == told
    assert "x-api-key" not in sent
    counts = (await gateway.books.last_call()).counts
    assert (counts.prompt, counts.completion, counts.cached) == (13, 5, 4)


@pytest.mark.parametrize("split", [None, 5])
async def test_a_stream_is_assembled(
    claude: AsyncAnthropic, gateway: Running, split: int | None
) -> None:
    async with claude.messages.stream(
        model="tiny", max_tokens=50, messages=ASKED, extra_body={"engine": {"split": split}}
    ) as stream:
        final = await stream.get_final_message()
    block: Any = final.content[0]
    assert (block.text, final.usage.output_tokens) == (SAYS, 5)
    counts = (await gateway.books.last_call()).counts
    assert (counts.prompt, counts.completion, counts.estimated) == (13, 5, False)


async def test_tools_are_used(claude: AsyncAnthropic) -> None:
    answer = await claude.messages.create(
        model="tiny",
        max_tokens=50,
        messages=ASKED,
        tools=[{"name": "weather", "input_schema": {"type": "object"}}],
    )
    block: Any = answer.content[0]
    assert (answer.stop_reason, block.input) == ("tool_use", {"city": "Zürich"})


async def test_tokens_are_counted_and_nobody_pays_for_it(
    claude: AsyncAnthropic, gateway: Running
) -> None:
    counted = await claude.messages.count_tokens(model="tiny", messages=ASKED)
    assert counted.input_tokens == 9
    assert (await gateway.books.last_call()).counts.total == 0


async def test_models_are_listed_in_anthropic_s_shape(claude: AsyncAnthropic) -> None:
    assert [model.display_name async for model in claude.models.list()] == ["tiny"]


async def test_our_own_errors_are_the_package_s_exceptions(
    claude: AsyncAnthropic, gateway: Running
) -> None:
    with pytest.raises(anthropic.NotFoundError) as unknown:
        await claude.messages.create(model="unknown", max_tokens=5, messages=ASKED)
    body: Any = unknown.value.body
    assert body["error"]["type"] == "not_found_error"
    with pytest.raises(anthropic.AuthenticationError):
        await claude.with_options(api_key="wrong").messages.create(
            model="tiny", max_tokens=5, messages=ASKED
        )
    gateway.books.denied.add("alice")
    with pytest.raises(anthropic.RateLimitError):
        await claude.messages.create(model="tiny", max_tokens=5, messages=ASKED)


@pytest.mark.parametrize("prefix", ["", "/anthropic", "/v2/serve", "/v2/serve/anthropic"])
async def test_every_prefix_answers(claude: AsyncAnthropic, gateway: Running, prefix: str) -> None:
    client = claude.with_options(base_url=gateway.url + prefix)
    answer = await client.messages.create(model="tiny", max_tokens=5, messages=ASKED)
    assert answer.role == "assistant"
