"""The gateway on real sockets: our app under its real server, and engines that stand in."""

from collections.abc import AsyncIterator

import pytest

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
