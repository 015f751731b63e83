"""What the `openai` package can ask, and what it makes of the answers."""

import asyncio
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

from tests.gateway.running import Running
from tests.standins.engine.server import Engine

SAYS = "Hello, wörld 🌍!"
ASKED: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Grüß Gott 🌍"}]
WEATHER: ChatCompletionToolParam = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}},
}


async def test_a_chat_is_answered(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(model="tiny", messages=ASKED)
    assert answer.choices[0].message.content == SAYS
    assert answer.usage
    assert answer.usage.total_tokens == 16
    assert answer._request_id
    assert answer._request_id.startswith("call_")


@pytest.mark.parametrize("split", [None, 1, 7, 64])
async def test_a_stream_survives_any_chunk_boundaries(
    client: AsyncOpenAI, split: int | None
) -> None:
    stream = await client.chat.completions.create(
        model="tiny", messages=ASKED, stream=True, extra_body={"engine": {"split": split}}
    )
    chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == SAYS
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert all(chunk.usage is None for chunk in chunks)


@pytest.mark.parametrize("split", [None, 13])
async def test_usage_comes_in_a_stream_that_asked_for_it(
    client: AsyncOpenAI, split: int | None
) -> None:
    stream = await client.chat.completions.create(
        model="tiny",
        messages=ASKED,
        stream=True,
        stream_options={"include_usage": True},
        extra_body={"engine": {"split": split}},
    )
    last = [chunk async for chunk in stream][-1]
    assert last.choices == []
    assert last.usage
    assert last.usage.completion_tokens == 5


async def test_tools_are_called(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(model="tiny", messages=ASKED, tools=[WEATHER])
    calls: Any = answer.choices[0].message.tool_calls
    assert (calls[0].function.name, calls[0].function.arguments) == (
        "weather",
        '{"city": "Zürich"}',
    )
    assert answer.choices[0].finish_reason == "tool_calls"


async def test_tools_are_called_in_a_stream(client: AsyncOpenAI) -> None:
    async with client.chat.completions.stream(
        model="tiny", messages=ASKED, tools=[WEATHER]
    ) as stream:
        final = await stream.get_final_completion()
    calls: Any = final.choices[0].message.tool_calls
    assert calls[0].function.arguments == '{"city": "Zürich"}'


async def test_an_answer_follows_a_json_schema(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="tiny",
        messages=ASKED,
        response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
    )
    assert answer.choices[0].message.content == '{"answer": 42}'


async def test_logprobs_choices_stop_and_seed_are_passed_on(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="tiny", messages=ASKED, logprobs=True, n=2, stop=[" 🌍"], seed=7
    )
    assert [choice.message.content for choice in answer.choices] == ["Hello, wörld"] * 2
    assert answer.choices[0].logprobs
    assert len(answer.choices[0].logprobs.content or ()) == 3
    assert answer.system_fingerprint == "seed-7"


async def test_images_in_messages_arrive(client: AsyncOpenAI) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 1000}}
    messages: Any = [{"role": "user", "content": [{"type": "text", "text": "?"}, image, image]}]
    answer = await client.chat.completions.create(model="tiny", messages=messages)
    assert answer.choices[0].message.content == "2 image(s)"


async def test_a_message_of_ten_megabytes_arrives(client: AsyncOpenAI, engine: Engine) -> None:
    long = 'ü"\\ ' * 2_000_000
    await client.chat.completions.create(model="tiny", messages=[{"role": "user", "content": long}])
    assert engine.seen[-1].says["messages"][0]["content"] == long


async def test_unknown_fields_are_passed_on_byte_by_byte(
    client: AsyncOpenAI, engine: Engine
) -> None:
    await client.chat.completions.create(
        model="tiny", messages=ASKED, extra_body={"top_k": 40, "guided": {"choice": ["é"]}}
    )
    assert engine.seen[-1].says["top_k"] == 40
    assert engine.seen[-1].says["guided"] == {"choice": ["é"]}


async def test_a_legacy_completion_is_answered(client: AsyncOpenAI) -> None:
    answer = await client.completions.create(model="tiny", prompt="Hello")
    assert answer.choices[0].text == SAYS
    assert answer.usage
    assert answer.usage.completion_tokens == 5


@pytest.mark.parametrize("split", [None, 1, 13])
@pytest.mark.parametrize("asks_for_usage", [True, False])
async def test_a_legacy_completion_is_streamed(
    client: AsyncOpenAI, gateway: Running, split: int | None, *, asks_for_usage: bool
) -> None:
    stream = await client.completions.create(
        model="tiny",
        prompt="Hello",
        stream=True,
        stream_options={"include_usage": asks_for_usage},
        extra_body={"engine": {"split": split}},
    )
    chunks = [chunk async for chunk in stream]
    told = [chunk.choices[0] for chunk in chunks if chunk.choices]
    assert "".join(choice.text for choice in told) == SAYS
    assert told[-1].finish_reason == "stop"
    assert [chunk.usage.total_tokens for chunk in chunks if chunk.usage] == [16] * asks_for_usage
    call = await gateway.books.last_call()
    assert (call.endpoint, call.counts.completion, call.streamed) == ("completions", 5, True)


async def test_embeddings_come_as_base64_and_as_numbers(client: AsyncOpenAI) -> None:
    """The package asks for base64 unless told otherwise."""
    packed = await client.embeddings.create(model="tiny", input=["ab", "abc"])
    plain = await client.embeddings.create(model="tiny", input="ab", encoding_format="float")
    assert [item.embedding for item in packed.data] == [[2.0, 0.5, -0.25], [3.0, 0.5, -0.25]]
    assert plain.data[0].embedding == [2.0, 0.5, -0.25]
    assert plain.usage.prompt_tokens == 7


async def test_images_speech_and_transcriptions_pass_through(
    client: AsyncOpenAI, engine: Engine
) -> None:
    images = await client.images.generate(model="tiny", prompt="a house", n=2)
    speech = await client.audio.speech.create(model="tiny", voice="alloy", input="hi")
    text = await client.audio.transcriptions.create(model="tiny", file=("a.wav", b"RIFF" * 1000))
    assert len(images.data or ()) == 2
    assert (await speech.aread())[:2] == b"\xff\xf3"
    assert text.text == "Grüezi"
    assert b"RIFF" * 1000 in engine.seen[-1].body


async def test_models_are_listed_and_found(client: AsyncOpenAI, gateway: Running) -> None:
    await gateway.add("org/nested", groups=frozenset())
    assert [model.id async for model in client.models.list()] == ["org/nested", "tiny"]
    assert (await client.models.retrieve("org/nested")).owned_by == "lisa"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, openai.BadRequestError),
        (404, openai.NotFoundError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
async def test_an_engine_s_error_comes_as_it_is(
    client: AsyncOpenAI, status: int, kind: type[openai.APIStatusError]
) -> None:
    with pytest.raises(kind) as caught:
        await client.chat.completions.create(
            model="tiny", messages=ASKED, extra_body={"engine": {"status": status}}
        )
    assert caught.value.status_code == status
    assert caught.value.code == "no"


async def test_our_own_errors_are_the_package_s_exceptions(
    client: AsyncOpenAI, gateway: Running
) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        await client.chat.completions.create(model="unknown", messages=ASKED)
    assert unknown.value.code == "model_not_found"
    stranger = client.with_options(api_key="wrong")
    with pytest.raises(openai.AuthenticationError) as refused:
        await stranger.models.list()
    assert refused.value.code == "invalid_api_key"
    gateway.books.denied.add("alice")
    with pytest.raises(openai.RateLimitError) as limited:
        await client.chat.completions.create(model="tiny", messages=ASKED)
    assert limited.value.response.headers["retry-after"] == "7"
    assert limited.value.code == "rate_limit_exceeded"


async def test_a_stream_that_breaks_off_is_an_error_and_not_an_end(client: AsyncOpenAI) -> None:
    stream = await client.chat.completions.create(
        model="tiny", messages=ASKED, stream=True, extra_body={"engine": {"break_after": 3}}
    )
    with pytest.raises(openai.APIError, match="broke off"):
        _ = [chunk async for chunk in stream]


async def test_the_synchronous_client_works_as_well(gateway: Running) -> None:
    token = await gateway.token()

    def ask() -> str | None:
        with openai.OpenAI(base_url=gateway.openai, api_key=token) as client:
            answer = client.chat.completions.create(model="tiny", messages=ASKED)
            return answer.choices[0].message.content

    assert await asyncio.to_thread(ask) == SAYS
