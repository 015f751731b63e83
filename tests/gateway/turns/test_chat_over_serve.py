"""Chat against inference that is there already: two deployments, one an upstream of the other.

Each has tables of its own, and knows nothing of the other but an address and a token.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from openai import APIStatusError

from lisa.domain.model import Upstream
from tests.gateway.running import SECRETS, to
from tests.gateway.turns.running import Turning, memory, turning_gateway
from tests.standins.engine.server import Engine

KEY = "env:TOKEN_OF_SERVE"


@dataclass
class Two:
    """A deployment with inference alone, and one that chats over it; either may be destroyed."""

    serve: Turning
    chat: Turning
    of_serve: AsyncExitStack = field(default_factory=AsyncExitStack)
    of_chat: AsyncExitStack = field(default_factory=AsyncExitStack)


@pytest.fixture
async def two(engine: Engine) -> AsyncIterator[Two]:
    async with AsyncExitStack() as of_serve, AsyncExitStack() as of_chat:
        serve = await of_serve.enter_async_context(turning_gateway(memory(), chat=False))
        await serve.add("tiny", to(engine, key="env:ENGINE_KEY"))
        SECRETS[KEY] = await serve.token("the chat of another deployment")
        chat = await of_chat.enter_async_context(turning_gateway(memory()))
        await chat.add("theirs", Upstream(url=serve.openai, target="tiny", key=KEY))
        yield Two(serve, chat, of_serve, of_chat)
    del SECRETS[KEY]


async def test_a_turn_of_one_is_answered_by_the_other(two: Two) -> None:
    client = await two.chat.client()
    conversation = await client.conversations.create()
    answer = await client.responses.create(
        model="theirs", input="hello", conversation=conversation.id
    )
    kept = [item async for item in await client.conversations.items.list(conversation.id)]

    assert answer.output_text
    assert len(kept) == 2
    assert (await two.serve.books.last_call()).subject == "the chat of another deployment"


async def test_without_the_chat_inference_goes_on(two: Two) -> None:
    client = await two.serve.client()
    await two.of_chat.aclose()
    answer = await client.chat.completions.create(
        model="tiny", messages=[{"role": "user", "content": "hello"}]
    )

    assert answer.choices[0].message.content


async def test_without_inference_what_was_said_is_there_and_a_turn_says_what_is_missing(
    two: Two,
) -> None:
    client = await two.chat.client()
    conversation = await client.conversations.create()
    await client.responses.create(model="theirs", input="hello", conversation=conversation.id)
    await two.of_serve.aclose()
    with pytest.raises(APIStatusError) as failure:
        await client.responses.create(model="theirs", input="again", conversation=conversation.id)
    kept = [item async for item in await client.conversations.items.list(conversation.id)]

    assert failure.value.status_code == 503
    assert ["hello" in str(item) for item in kept if item.role == "user"].count(True) == 1
    assert "assistant" in {item.role for item in kept}
