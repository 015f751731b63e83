"""Waiting for what nobody tells."""

import asyncio
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 180  # seconds; a busy machine takes its time
LOOKED_EVERY: Final = 0.02


async def until(is_so: Callable[[], bool]) -> None:
    """Look again and again."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - see above
            await asyncio.sleep(LOOKED_EVERY)
