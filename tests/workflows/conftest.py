"""One Postgres server for the tests of workflows."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from lisa.adapters.dbos.settings import system_url
from lisa.declared.home import postgres_place
from local.postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def runs_url() -> Iterator[str]:
    """Run a real server, and return where the runs lie in it."""
    home = Path(tempfile.mkdtemp(prefix="lisa-workflows-"))
    server = EmbeddedPostgres(home)
    server.start()
    yield system_url(conninfo_to_dict(server.conninfo))
    server.stop()
    shutil.rmtree(postgres_place(home), ignore_errors=True)
    shutil.rmtree(home)
