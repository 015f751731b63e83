"""2,000 documents are ingested while their worker is killed: nothing is lost, nothing doubled."""

from pathlib import Path

import pytest

from tests.local.conftest import command_environ, home
from tests.local.ingesting import survive_ingestion

__all__ = ["command_environ", "home"]


@pytest.mark.timeout(3000)
async def test_two_thousand_documents_survive_five_deaths(
    home: Path, command_environ: dict[str, str]
) -> None:
    came = await survive_ingestion(home, command_environ, documents=2000, kills=5)
    assert came.kills == 5
    assert came.passages > came.documents
