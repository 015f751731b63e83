"""The same proof as `tests/local/test_turns_killed.py`, twenty times."""

from pathlib import Path

import pytest

from tests.local.conftest import command_environ, home
from tests.local.turning import survive_turns

__all__ = ["command_environ", "home"]


@pytest.mark.timeout(1800)
async def test_turns_survive_twenty_kills(home: Path, command_environ: dict[str, str]) -> None:
    endings = await survive_turns(home, command_environ, kills=20, seed=20)
    assert endings["completed"] > 0
    assert endings["incomplete"] > 0
