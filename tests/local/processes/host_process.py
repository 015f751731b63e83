"""Runs a host in a process of its own, prints its replicas' state, and waits to be killed."""

import asyncio
import sys
from pathlib import Path

from tests.contract.hosts import HOSTING
from tests.local.processes.hosts import StandIn, process_host, until


async def main(home: Path, script: str) -> None:
    host = process_host(home, StandIn(script))
    async with host.running():
        await host.ensure("tiny", HOSTING, 2)
        await until(host, "tiny", lambda seen: sum(each.healthy for each in seen.replicas) == 2)
        print("ready", flush=True)  # noqa: T201 - the test reads it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
