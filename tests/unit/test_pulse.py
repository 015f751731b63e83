import os
import time
from pathlib import Path

from containers.ingest.pulse import LONGEST_SECONDS, beat, is_well


async def test_a_task_is_well_while_its_loop_turns(tmp_path: Path) -> None:
    file = tmp_path / "beat"
    assert not is_well(file)

    await beat(file)
    assert is_well(file)

    long_ago = time.time() - LONGEST_SECONDS - 1
    os.utime(file, (long_ago, long_ago))
    assert not is_well(file)

    await beat(file)
    assert is_well(file)
