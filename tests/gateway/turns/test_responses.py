"""OpenAI's own package asks for responses: whole, streamed, in the background, again and again."""

import asyncio
from typing import Any

import pytest
from openai import BadRequestError, NotFoundError, PermissionDeniedError, RateLimitError
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from lisa.domain.model import ModelType, Prices
from tests.gateway.running import to
from tests.gateway.turns.running import Turning
from tests.standins.engine.answers import WORDS
from tests.standins.engine.server import Engine

SAID = "".join(WORDS)
EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
SLOW = {"lisa": {"chat": {"engine": {"tokens": 60, "pause": 0.05}}}}


def strictly(response: Any) -> Any:
    """Let the package's own types judge what came; its client doesn't."""
    Response.model_validate(response.to_dict(), strict=False)
    return response


async def events_of(stream: Any) -> list[Any]:
    """Return a stream's events, each judged by the package's own types, and numbered."""
    found = [event async for event in stream]
    for event in found:
        EVENT.validate_python(event.to_dict())
    first = found[0].sequence_number
    assert [event.sequence_number for event in found] == list(range(first, first + len(found)))
    return found


async def test_a_response_is_the_models_answer(turning: Turning) -> None:
    client = await turning.client()
    answer = strictly(await client.responses.create(model="tiny", input="Hi"))

    assert answer.status == "completed"
    assert answer.output_text == SAID
    assert answer.usage
    assert answer.usage.input_tokens == 11
    assert answer.usage.output_tokens == len(WORDS)
    again = strictly(await client.responses.retrieve(answer.id))
    assert again.to_dict() == answer.to_dict()


async def test_a_stream_tells_the_same(turning: Turning) -> None:
    client = await turning.client()
    events = await events_of(await client.responses.create(model="tiny", input="Hi", stream=True))

    types = [event.type for event in events]
    assert types[:2] == ["response.created", "response.in_progress"]
    assert types[-1] == "response.completed"
    assert types.count("response.output_text.delta") == len(WORDS)
    ended = events[-1].response
    assert ended.output_text == SAID
    assert (await client.responses.retrieve(ended.id)).to_dict() == ended.to_dict()


@pytest.mark.parametrize("after", [None, 0, 3, 8])
async def test_an_ended_turn_is_replayed_from_any_event(
    turning: Turning, after: int | None
) -> None:
    client = await turning.client()
    live = await events_of(await client.responses.create(model="tiny", input="Hi", stream=True))
    name = live[0].response.id
    more: dict[str, Any] = {} if after is None else {"starting_after": after}

    replayed = await events_of(await client.responses.retrieve(name, stream=True, **more))

    first = 0 if after is None else after + 1
    assert [each.to_dict() for each in replayed] == [each.to_dict() for each in live[first:]]


async def test_a_background_turn_goes_on_and_is_followed(turning: Turning) -> None:
    client = await turning.client()
    begun = strictly(
        await client.responses.create(model="tiny", input="Hi", background=True, extra_body=SLOW)
    )
    assert begun.status == "in_progress"
    assert begun.output == []

    events = await events_of(await client.responses.retrieve(begun.id, stream=True))

    assert events[-1].type == "response.completed"
    assert strictly(await client.responses.retrieve(begun.id)).status == "completed"


async def test_conversations_go_on_by_previous_response(turning: Turning, engine: Engine) -> None:
    client = await turning.client()
    first = await client.responses.create(model="tiny", input="One", instructions="Be brief.")
    await client.responses.create(model="tiny", input="Two", previous_response_id=first.id)

    told = engine.seen[-1].says["messages"]
    assert [(each["role"], _text(each)) for each in told] == [
        ("user", "One"),
        ("assistant", SAID),
        ("user", "Two"),
    ]
    said = engine.seen[0].says["messages"][0]
    assert said["role"] in {"system", "developer"}


async def test_a_stalled_turn_is_cancelled_at_once(turning: Turning, engine: Engine) -> None:
    client = await turning.client()
    hang = {"lisa": {"chat": {"engine": {"hang": True}}}}
    begun = await client.responses.create(
        model="tiny", input="Hi", background=True, extra_body=hang
    )
    while not engine.under_way:  # noqa: ASYNC110 - the engine tells nobody
        await asyncio.sleep(0.01)

    cancelled = strictly(await client.responses.cancel(begun.id))

    assert cancelled.status == "cancelled"
    assert await engine.quiet()
    assert strictly(await client.responses.retrieve(begun.id)).status == "cancelled"
    assert strictly(await client.responses.cancel(begun.id)).status == "cancelled"


async def test_what_was_said_before_a_cancel_stays(turning: Turning, engine: Engine) -> None:
    client = await turning.client()
    stream = await client.responses.create(model="tiny", input="Hi", stream=True, extra_body=SLOW)
    events = []
    async for event in stream:
        events.append(event)
        if event.type == "response.output_text.delta":
            await client.responses.cancel(events[0].response.id)
    assert await engine.quiet()

    ended = events[-1].response
    assert ended.status == "cancelled"
    assert ended.output[0].status == "incomplete"
    said = "".join(each.delta for each in events if each.type == "response.output_text.delta")
    assert ended.output_text == said
    replayed = await events_of(await client.responses.retrieve(ended.id, stream=True))
    assert [each.to_dict() for each in replayed] == [each.to_dict() for each in events]


async def test_a_stored_turn_goes_on_when_its_caller_hangs_up(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()
    stream = await client.responses.create(model="tiny", input="Hi", stream=True, extra_body=SLOW)
    name = (await anext(aiter(stream))).response.id
    await stream.close()

    events = await events_of(await client.responses.retrieve(name, stream=True))
    assert events[-1].type == "response.completed"
    assert engine.hung_up_on == 0


async def test_a_turn_that_is_not_kept_ends_with_its_caller(
    turning: Turning, engine: Engine
) -> None:
    client = await turning.client()
    stream = await client.responses.create(
        model="tiny", input="Hi", stream=True, store=False, extra_body=SLOW
    )
    told = aiter(stream)
    name = (await anext(told)).response.id
    while (await anext(told)).type != "response.output_text.delta":
        pass
    await stream.close()

    assert await engine.quiet()
    assert engine.hung_up_on == 1
    with pytest.raises(NotFoundError):
        await client.responses.retrieve(name)


async def test_a_turn_that_is_not_kept_leaves_nothing(turning: Turning) -> None:
    client = await turning.client(scopes=frozenset({"inference"}))
    answer = strictly(await client.responses.create(model="tiny", input="Hi"))

    assert answer.output_text == SAID
    assert answer.to_dict()["store"] is False
    owner = await turning.client()
    with pytest.raises(NotFoundError):
        await owner.responses.retrieve(answer.id)
    for more in ({"store": True}, {"background": True}, {"conversation": "c1"}):
        with pytest.raises(PermissionDeniedError) as refused:
            await client.responses.create(model="tiny", input="Hi", **more)
        assert refused.value.code == "out_of_scope"


async def test_nobody_sees_turns_of_others(turning: Turning) -> None:
    client, stranger = await turning.client(), await turning.client("mallory")
    answer = await client.responses.create(model="tiny", input="Hi")

    for does in (
        stranger.responses.retrieve,
        stranger.responses.cancel,
        stranger.responses.delete,
        stranger.responses.input_items.list,
    ):
        with pytest.raises(NotFoundError) as refused:
            await does(answer.id)
        assert refused.value.code == "response_not_found"
    with pytest.raises(NotFoundError):
        await stranger.responses.create(model="tiny", input="Hi", previous_response_id=answer.id)


async def test_a_deleted_response_is_gone(turning: Turning) -> None:
    client = await turning.client()
    answer = await client.responses.create(model="tiny", input="Hi")
    await client.responses.delete(answer.id)

    with pytest.raises(NotFoundError):
        await client.responses.retrieve(answer.id)
    with pytest.raises(NotFoundError):
        await client.responses.delete(answer.id)
    with pytest.raises(NotFoundError):
        await client.conversations.retrieve(answer.to_dict()["conversation"]["id"])


async def test_input_items_are_listed(turning: Turning) -> None:
    client = await turning.client()
    said: list[Any] = [{"role": "user", "content": str(n)} for n in range(5)]
    answer = await client.responses.create(model="tiny", input=said)

    listed = client.responses.input_items.list(answer.id, limit=2, order="asc")
    assert [item.content[0].text async for item in listed] == ["0", "1", "2", "3", "4"]
    newest = await client.responses.input_items.list(answer.id, limit=1)
    assert newest.data[0].content[0].text == "4"


async def test_errors_before_the_first_word_have_their_status(turning: Turning) -> None:
    client = await turning.client()
    no = {"lisa": {"chat": {"engine": {"status": 400}}}}
    with pytest.raises(BadRequestError) as refused:
        await client.responses.create(model="tiny", input="Hi", extra_body=no)
    assert "the engine says no" in refused.value.message
    with pytest.raises(NotFoundError) as unknown:
        await client.responses.create(model="huge", input="Hi")
    assert unknown.value.code == "model_not_found"


async def test_errors_end_a_stream_as_failed(turning: Turning) -> None:
    client = await turning.client()
    breaks = {"lisa": {"chat": {"engine": {"break_after": 3}}}}
    events = await events_of(
        await client.responses.create(model="tiny", input="Hi", stream=True, extra_body=breaks)
    )

    ended = strictly(events[-1].response)
    assert events[-1].type == "response.failed"
    assert ended.error
    assert ended.output[0].status == "incomplete"
    assert ended.to_dict() == (await client.responses.retrieve(ended.id)).to_dict()


async def test_function_calls_are_for_the_caller(turning: Turning, engine: Engine) -> None:
    client = await turning.client()
    weather: Any = {"type": "function", "name": "weather", "parameters": {"type": "object"}}
    answer = strictly(await client.responses.create(model="tiny", input="Rain?", tools=[weather]))
    (call,) = answer.output
    assert call.type == "function_call"
    assert call.arguments == '{"city": "Zürich"}'
    output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "dry"}
    await client.responses.create(model="tiny", input=[output], previous_response_id=answer.id)

    roles = [message["role"] for message in engine.seen[-1].says["messages"]]
    assert roles == ["user", "assistant", "tool"]


async def test_every_model_call_is_limited_and_metered(turning: Turning, engine: Engine) -> None:
    prices = Prices(prompt=1, completion=2, source="list")
    await turning.add("dear", to(engine, key="env:ENGINE_KEY"), prices=prices)
    client = await turning.client()
    answer = await client.responses.create(model="dear", input="Hi")

    call = await turning.books.last_call()
    assert call.subject == "alice"
    assert call.model == "dear"
    told: Any = answer.to_dict()["lisa"]
    assert told["cost"] == call.cost > 0
    assert told["price_source"] == "list"
    assert 0 < told["first_token_ms"] <= told["total_ms"]


async def test_who_is_over_a_limit_is_told_when_to_come_back(turning: Turning) -> None:
    turning.books.denied.add("alice")
    client = await turning.client()
    with pytest.raises(RateLimitError) as refused:
        await client.responses.create(model="tiny", input="Hi")
    assert refused.value.response.headers["retry-after"] == "7"
    assert refused.value.code == "rate_limit_exceeded"


async def test_the_same_request_twice_at_once_is_one_turn(turning: Turning, engine: Engine) -> None:
    client = await turning.client()
    conversation = await client.conversations.create()
    said: Any = [{"id": "m-1", "role": "user", "content": "Hi"}]
    asked: dict[str, Any] = {"conversation": conversation.id, "extra_body": SLOW}

    answers = await asyncio.gather(
        *(client.responses.create(model="tiny", input=said, **asked) for _ in range(4))
    )

    assert len({answer.id for answer in answers}) == 1
    assert len([each for each in engine.seen if "engine" in each.says]) == 1  # and one for a title
    items = [item async for item in client.conversations.items.list(conversation.id)]
    assert len(items) == 2


async def test_a_branch_begins_where_the_caller_says(turning: Turning, engine: Engine) -> None:
    client = await turning.client()
    conversation = await client.conversations.create()
    for number in range(2):
        said: Any = [{"id": f"m-{number}", "role": "user", "content": str(number)}]
        await client.responses.create(model="tiny", input=said, conversation=conversation.id)

    async def told(parent: str | None) -> list[str]:
        branch = {"lisa": {"parent_id": parent}}
        await client.responses.create(
            model="tiny", input="again", conversation=conversation.id, extra_body=branch
        )
        return [_text(message) for message in engine.seen[-1].says["messages"]]

    first = [
        item.id async for item in client.conversations.items.list(conversation.id, order="asc")
    ]
    assert await told(first[1]) == ["0", SAID, "again"]
    assert await told(None) == ["again"]
    answered = {"lisa": {"parent_id": "m-1"}}
    answer = await client.responses.create(
        model="tiny", input=[], conversation=conversation.id, extra_body=answered
    )
    assert [_text(message) for message in engine.seen[-1].says["messages"]] == ["0", SAID, "1"]
    assert answer.output_text == SAID


async def test_only_models_that_answer_can_be_asked(turning: Turning, engine: Engine) -> None:
    await turning.add("vectors", to(engine), type=ModelType.EMBEDDING)
    client = await turning.client()
    with pytest.raises(BadRequestError) as refused:
        await client.responses.create(model="vectors", input="Hi")
    assert refused.value.code == "model_not_for_responses"


def _text(message: dict[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)
