"""The vendors' own client packages, unmodified, against a gateway on real sockets."""

from collections.abc import AsyncIterator

import openai
import pytest
from anthropic import AsyncAnthropic

from tests.authorities import trusting_nobody
from tests.gateway.running import Running, running_gateway
from tests.standins.engine.server import Engine

_trusting_nobody = pytest.fixture(scope="session", autouse=True)(trusting_nobody)


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine()
    await engine.come()
    yield engine
    await engine.go()


@pytest.fixture
async def gateway(engine: Engine) -> AsyncIterator[Running]:
    async with running_gateway(engine) as running:
        yield running


@pytest.fixture
async def client(gateway: Running) -> AsyncIterator[openai.AsyncOpenAI]:
    """Return a client that retries nothing, so that tests see every answer."""
    async with openai.AsyncOpenAI(
        base_url=gateway.openai, api_key=await gateway.token(), max_retries=0
    ) as client:
        yield client


@pytest.fixture
async def claude(gateway: Running) -> AsyncIterator[AsyncAnthropic]:
    """Return a client that is told only the host and the prefix."""
    async with AsyncAnthropic(
        base_url=f"{gateway.url}/anthropic", api_key=await gateway.token(), max_retries=0
    ) as client:
        yield client
