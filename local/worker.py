"""The worker process: what has to be done though nobody waits for it."""

import asyncio
import logging
import os
import signal

from lisa.bootstrap.local_worker import run
from local.handover import Handover


async def main() -> None:
    """Work until told to stop."""
    given = Handover.read(os.environ)
    logging.basicConfig(
        level=given.settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    stop = asyncio.Event()
    for request in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(request, stop.set)
    await run(given.settings, given.conninfo, stop)


if __name__ == "__main__":
    asyncio.run(main())
