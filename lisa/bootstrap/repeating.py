"""What a worker does again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from lisa.domain.errors import LisaError

log = logging.getLogger("lisa.worker")


async def again_and_again(
    work: Callable[[], Awaitable[object]], seconds: float, stop: asyncio.Event
) -> None:
    """Do it now and after each pause; what fails now is done at the next turn.

    Not even a bug ends the worker: all that it does beside would end with it.
    """
    while not stop.is_set():
        (fault,) = await asyncio.gather(work(), return_exceptions=True)
        if isinstance(fault, LisaError):
            log.warning("put off: %s", fault.message)
        elif isinstance(fault, BaseException):
            log.error("put off", exc_info=fault)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
