"""What LISA's existing Python client sends to the inference plane, and how it reads the answers.

The client is in no package index, so these are its calls as its published source makes them: a
session whose only headers are `Api-Key` and `Authorization` without a scheme, and its own reading
of statuses and bodies. What it asks of the control plane is in `tests/api`.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.gateway.running import Running
from tests.standins.engine.server import Engine


class NotThere(Exception):
    """What the client makes of 404."""


class TooOften(Exception):
    """What the client makes of 429."""


class Broken(Exception):
    """What the client makes of any other status than 200."""


FAILURES: dict[int, type[Exception]] = {404: NotThere, 429: TooOften}


@pytest.fixture
async def session(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    token = await gateway.token()
    async with httpx.AsyncClient(headers={"Api-Key": token, "Authorization": token}) as session:
        yield session


def base(url: str) -> str:
    """Return what the client makes of the address it is given."""
    trimmed = url.rstrip("/")
    return trimmed if trimmed.endswith("v2") else f"{trimmed}/v2"


def read(answer: httpx.Response) -> Any:
    """Read an answer as the client does; a failure needs a JSON body to become its message."""
    if answer.status_code != 200:
        raise FAILURES.get(answer.status_code, Broken)(answer.json())
    return answer.json()


@pytest.mark.parametrize("ending", ["", "/", "/v2", "/v2/"])
async def test_it_lists_models_by_whichever_address_it_is_given(
    session: httpx.AsyncClient, gateway: Running, ending: str
) -> None:
    answer = await session.get(f"{base(gateway.url + ending)}/serve/models")
    models = read(answer).get("data")
    assert [model["id"] for model in models] == ["tiny"]


async def test_its_embedding_adapter_asks_for_numbers_and_may_send_tokens(
    session: httpx.AsyncClient, gateway: Running, engine: Engine
) -> None:
    """It goes through LangChain, which cuts texts into the tokens of OpenAI's models."""
    asked = {"model": "tiny", "encoding_format": "float"}
    for given in (["ab", "abc"], [[15339], [15339, 1917, 0]]):
        answer = await session.post(
            f"{gateway.url}/v2/serve/embeddings", json={**asked, "input": given}
        )
        vectors = [item["embedding"] for item in read(answer)["data"]]
        assert all(isinstance(number, float) for vector in vectors for number in vector)
        assert engine.seen[-1].says["input"] == given


async def test_a_refusal_becomes_its_own_errors_with_a_message(
    session: httpx.AsyncClient, gateway: Running
) -> None:
    asked = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}
    chat = f"{base(gateway.url)}/serve/chat/completions"
    with pytest.raises(NotThere):
        read(await session.post(chat, json=asked | {"model": "unknown"}))
    gateway.books.denied.add("alice")
    with pytest.raises(TooOften):
        read(await session.post(chat, json=asked))
    session.headers["Authorization"] = session.headers["Api-Key"] = "nobody"
    with pytest.raises(Broken):
        read(await session.post(chat, json=asked))


@pytest.mark.parametrize("path", ["generate", "generateStream", "embeddings"])
async def test_what_lisa_no_longer_serves_is_told_in_a_way_it_can_read(
    session: httpx.AsyncClient, gateway: Running, path: str
) -> None:
    """Its text methods call paths of LISA's second release, which LISA's sixth hasn't either."""
    asked = {"provider": "ecs.textgen.tgi", "modelName": "tiny", "text": "hi", "modelKwargs": {}}
    with pytest.raises(NotThere):
        read(await session.post(f"{base(gateway.url)}/{path}", json=asked))
