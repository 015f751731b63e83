from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.function.running import Functioning, functioning
from tests.standins.engine.server import Engine


@pytest.fixture
async def gateway(engine: Engine, tmp_path: Path) -> AsyncIterator[Functioning]:
    async with functioning(engine, tmp_path / "journal") as made:
        yield made
