"""Runs the engine in a process of its own: prints its port, serves until it is ended."""

import asyncio
import sys

import uvloop

from tests.standins.engine.server import Engine


async def serve(port: int) -> None:
    engine = Engine(remembers=False, port=port)
    await engine.come()
    print(engine.port, flush=True)  # noqa: T201 - whoever started us reads it
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
