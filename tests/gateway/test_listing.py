"""Which models are listed: those that answer a call, at once or when it has woken them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from lisa.domain.model import ModelStatus
from tests.gateway.hosted import Waking, client_of, hosted
from tests.gateway.running import Running, running_gateway
from tests.standins.engine.server import Engine


@pytest.fixture
async def gateway(engine: Engine) -> AsyncIterator[Running]:
    async with running_gateway(engine, waker=Waking()) as running:
        yield running


@pytest.fixture
async def http(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(gateway, await gateway.token()) as client:
        yield client


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (ModelStatus.STOPPED, True),
        (ModelStatus.STOPPING, True),
        (ModelStatus.STARTING, True),
        (ModelStatus.UPDATING, True),
        (ModelStatus.CREATING, False),
        (ModelStatus.FAILED, False),
        (ModelStatus.DELETING, False),
    ],
)
async def test_what_a_call_would_wake_is_listed_with_where_it_is(
    gateway: Running, http: httpx.AsyncClient, status: ModelStatus, *, expected: bool
) -> None:
    await hosted(gateway, "ours", status=status)
    await gateway.add("theirs", status=ModelStatus.STOPPED)
    await hosted(gateway, "hidden", groups=frozenset({"elite"}))
    names = ["ours", "tiny"] if expected else ["tiny"]
    anthropic = await http.get("/models", headers={"anthropic-version": "2023-06-01"})
    for listed in (await http.get("/models"), anthropic):
        assert [each["id"] for each in listed.json()["data"]] == names
    info = (await http.get("/model/info")).json()["data"]
    told = {each["model_name"]: each["model_info"]["status"] for each in info}
    assert told == ({"ours": status} if expected else {}) | {"tiny": "InService"}


async def test_where_nobody_wakes_models_those_that_stand_still_are_not_listed(
    engine: Engine,
) -> None:
    async with running_gateway(engine) as gateway:
        await hosted(gateway, "ours")
        async with client_of(gateway, await gateway.token()) as http:
            listed = (await http.get("/models")).json()["data"]
    assert [each["id"] for each in listed] == ["tiny"]
