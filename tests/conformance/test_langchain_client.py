"""LangChain's chat and embedding classes against the gateway."""

from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import SecretStr

from tests.gateway.running import Running

SAYS = "Hello, wörld 🌍!"


@tool
def weather(city: str) -> str:
    """Tell the weather."""
    return city


@pytest.fixture
async def http() -> AsyncIterator[openai.DefaultAsyncHttpxClient]:
    """Return connections that are closed when the test ends; LangChain's own never are."""
    async with openai.DefaultAsyncHttpxClient() as http:
        yield http


@pytest.fixture
async def chat(gateway: Running, http: openai.DefaultAsyncHttpxClient) -> ChatOpenAI:
    return ChatOpenAI(
        model="tiny",
        base_url=f"{gateway.url}/v2/serve",
        api_key=SecretStr(await gateway.token()),
        http_async_client=http,
    )


async def test_a_chain_asks_and_streams(chat: ChatOpenAI) -> None:
    assert (await chat.ainvoke("hi")).content == SAYS
    pieces = [piece async for piece in chat.astream("hi")]
    assert "".join(str(piece.content) for piece in pieces) == SAYS


async def test_a_chain_binds_tools(chat: ChatOpenAI) -> None:
    answer: Any = await chat.bind_tools([weather]).ainvoke("hi")
    assert answer.tool_calls[0]["args"] == {"city": "Zürich"}


async def test_a_chain_embeds(gateway: Running, http: openai.DefaultAsyncHttpxClient) -> None:
    embeddings = OpenAIEmbeddings(
        model="tiny",
        openai_api_base=gateway.openai,
        openai_api_key=SecretStr(await gateway.token()),
        check_embedding_ctx_length=False,
        http_async_client=http,
    )
    assert await embeddings.aembed_documents(["ab", "abc"]) == [
        [2.0, 0.5, -0.25],
        [3.0, 0.5, -0.25],
    ]
