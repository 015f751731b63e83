"""The beat of the task: `python -m containers.ingest.pulse` fails where it has stopped."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Final

FILE: Final = Path("/tmp/beat")  # noqa: S108 - the task's own
LONGEST_SECONDS: Final = 60


async def beat(file: Path = FILE) -> None:
    """Leave word that the loop turns."""
    await asyncio.to_thread(file.touch)


def is_well(file: Path = FILE) -> bool:
    """Tell whether it turned a moment ago."""
    try:
        return time.time() - file.stat().st_mtime < LONGEST_SECONDS
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(0 if is_well() else 1)
