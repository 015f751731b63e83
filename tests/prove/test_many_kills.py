"""The same proof as `tests/local/test_kill_everything.py`, for as long as it takes."""

from pathlib import Path

import pytest

from tests.local.appenders import LocalLisa, survive
from tests.local.conftest import command_environ, home

__all__ = ["command_environ", "home"]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(5))
async def test_forty_kills_lose_nothing(
    home: Path, command_environ: dict[str, str], seed: int
) -> None:
    lisa = LocalLisa(home, command_environ)
    try:
        await survive(lisa, rounds=40, seed=seed)
    finally:
        lisa.down()
