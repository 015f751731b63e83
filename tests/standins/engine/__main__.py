"""Runs the engine in a process of its own: prints its port, serves until it is ended.

Given a port, it is that one; given JSON as well, it behaves like that where a request says nothing.
What it holds back goes on after SIGUSR1.
"""

import asyncio
import json
import signal
import sys
from typing import Any

import uvloop

from tests.standins.engine.server import Engine


async def serve(port: int = 0, usually: dict[str, Any] | None = None) -> None:
    engine = Engine(remembers=False, usually=usually or {}, port=port)
    await engine.come()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, engine.go_on.set)
    print(engine.port, flush=True)  # noqa: T201 - whoever started us reads it
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(*map(json.loads, sys.argv[1:])))
