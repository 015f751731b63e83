"""Nothing that was acknowledged is lost, whatever is killed."""

from pathlib import Path

import pytest

from tests.local.appenders import LocalLisa, survive


@pytest.mark.timeout(240)
async def test_eight_clients_lose_nothing_while_everything_is_killed(
    home: Path, command_environ: dict[str, str]
) -> None:
    lisa = LocalLisa(home, command_environ)
    try:
        await survive(lisa, rounds=3, seed=1)
    finally:
        lisa.down()
