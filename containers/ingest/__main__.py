"""Reads documents until told to stop: `python -m containers.ingest`."""

import asyncio
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Final

from containers.ingest.pulse import beat
from lisa.bootstrap.ingest_task import run
from lisa.domain.errors import LisaError

COPIES: Final = "ingesting"  # a folder of the task's own
LINE: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


async def work() -> None:
    """Work until the signal comes; what isn't finished then is left to whoever comes next."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    await run(os.environ, Path(tempfile.gettempdir(), COPIES), stop, beat)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format=LINE)
    try:
        asyncio.run(work())
    except LisaError as error:
        sys.exit(f"{error.message}\n{error.next_step}")
