from pathlib import Path

import pytest

from tests.contract.extraction.reading import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)
