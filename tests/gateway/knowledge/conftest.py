"""A gateway with documents, on real sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.knowledge.running import Library, usual_library
from tests.standins.engine.server import Engine


@pytest.fixture
async def library(engine: Engine, tmp_path: Path) -> AsyncIterator[Library]:
    async with usual_library(engine, tmp_path) as running:
        yield running
