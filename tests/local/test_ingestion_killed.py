"""The worker is killed in the middle of an ingestion: no document is lost, no passage doubled."""

from pathlib import Path

import pytest

from tests.local.ingesting import survive_ingestion


@pytest.mark.timeout(300)
async def test_an_ingestion_survives_the_death_of_its_worker(
    home: Path, command_environ: dict[str, str]
) -> None:
    came = await survive_ingestion(home, command_environ, documents=20, kills=1)
    assert came.kills == 1
    assert came.passages > came.documents
