"""One Postgres server for all contract tests, and the stores that each test runs on."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.postgres.tables import PostgresTables
from lisa.declared.home import postgres_place
from lisa.ports.table import Tables
from local.postgres import EmbeddedPostgres
from tests.authorities import trusting_nobody
from tests.contract.stores import empty_database, emulated_dynamodb

_trusting_nobody = pytest.fixture(scope="session", autouse=True)(trusting_nobody)


@pytest.fixture(autouse=True)
def _some_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the SDK the region that Lambda would."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Run a real server, and return how to connect to it."""
    home = Path(tempfile.mkdtemp(prefix="lisa-contract-"))
    server = EmbeddedPostgres(home)
    server.start()
    yield server.conninfo
    server.stop()
    shutil.rmtree(postgres_place(home), ignore_errors=True)
    shutil.rmtree(home)


@pytest.fixture
def clock() -> ManualClock:
    """Let the test move the time."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres", "dynamodb"])
async def tables(
    request: pytest.FixtureRequest, postgres: str, clock: ManualClock
) -> AsyncIterator[Tables]:
    """Run the test on each store, empty."""
    if request.param == "memory":
        yield MemoryTables(clock)
    elif request.param == "postgres":
        async with empty_database(postgres) as pool:
            yield PostgresTables(pool, clock)
    else:
        with emulated_dynamodb(clock) as tables:
            yield tables
