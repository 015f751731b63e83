"""One inference plane for all tests of this folder; each leaves it whole."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.authorities import trusting_nobody
from tests.availability.site import Site, site
from tests.availability.tables import shared_tables

_trusting_nobody = pytest.fixture(scope="session", autouse=True)(trusting_nobody)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lisa(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("availability")
    with shared_tables(folder / "emulator") as (tables, environment):
        (folder / "tasks").mkdir()
        async with site(tables, environment, folder / "tasks") as running:
            yield running
