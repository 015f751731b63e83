"""Lets what yields run ahead of what takes, so that neither waits for the other all the time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


async def running_ahead(source: AsyncGenerator[T, None], most: int) -> AsyncGenerator[T, None]:
    """Yield what the source does, of which at most so many wait to be taken."""
    ready: asyncio.Queue[list[T]] = asyncio.Queue(most)

    async def run() -> None:
        try:
            async with aclosing(source):
                async for each in source:
                    await ready.put([each])
        finally:
            if not cancelled:
                await ready.put([])

    cancelled: list[bool] = []
    running = asyncio.create_task(run())
    try:
        while taken := await ready.get():
            yield taken[0]
        await running
    finally:
        cancelled.append(True)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
