"""A gateway with turns, on real sockets."""

from collections.abc import AsyncIterator

import pytest

from tests.gateway.turns.running import Turning, one_gateway
from tests.standins.engine.server import Engine


@pytest.fixture
async def turning(engine: Engine) -> AsyncIterator[Turning]:
    async with one_gateway(engine) as running:
        yield running
