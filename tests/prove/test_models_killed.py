"""A model is made, run and removed while what runs it is killed: nothing lies, nothing stays."""

from pathlib import Path

import pytest

from tests.local.conftest import command_environ, home
from tests.prove.ordering import survive_orders

__all__ = ["command_environ", "home"]


@pytest.mark.timeout(1800)
async def test_every_order_ends_truly_though_twenty_times_something_is_killed(
    home: Path, command_environ: dict[str, str], tmp_path: Path
) -> None:
    done = await survive_orders(home, command_environ, tmp_path, kills=20, seed=6)
    assert {verb for verb, _ in done} == {"create", "update", "stop", "start", "delete"}
    failed = sum(number for (_, status), number in done.items() if status == "Failed")
    assert failed * 4 <= done.total()  # else little was proven of what goes well
