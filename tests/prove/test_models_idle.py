"""A model goes to zero in real time and comes back, with nothing but calls and their absence."""

import time
from pathlib import Path

from tests.local.conftest import command_environ, home
from tests.local.living import living_in

__all__ = ["command_environ", "home"]
IDLE = 60  # seconds, the least that can be asked for


def test_a_model_that_nobody_calls_stops_and_the_next_call_is_held_until_it_is_back(
    home: Path, command_environ: dict[str, str], tmp_path: Path
) -> None:
    with living_in(home, command_environ, tmp_path) as living:
        living.create("dozing", idleSeconds=IDLE)
        living.becomes("dozing", "InService")
        living.says("dozing")
        called = time.monotonic()
        living.becomes("dozing", "Stopped")
        assert time.monotonic() - called >= IDLE
        assert living.processes("dozing") == []
        assert "dozing takes 2048" in living.held("dozing").text
