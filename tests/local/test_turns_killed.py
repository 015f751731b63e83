"""The app is killed in the middle of turns: nothing is lost or doubled, and each says its end."""

from pathlib import Path

import pytest

from tests.local.turning import survive_turns


@pytest.mark.timeout(240)
async def test_turns_survive_the_death_of_their_process(
    home: Path, command_environ: dict[str, str]
) -> None:
    endings = await survive_turns(home, command_environ, kills=2)
    assert endings["completed"] > 0
    assert endings["incomplete"] > 0
