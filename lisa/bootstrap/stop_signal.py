"""When this process was told to stop, and how long it may still work."""

import asyncio
import signal
import threading
import time
from dataclasses import dataclass, field
from types import FrameType


@dataclass
class StopSignal:
    """Notes when the signal came; the server, which is told too, first hears out its callers."""

    seconds: float
    least: float
    _told: float | None = None
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def heard(self) -> None:
        """Wait until the signal came."""
        await self._heard.wait()

    async def listen(self) -> None:
        """Listen, for as long as this process serves."""
        if threading.current_thread() is not threading.main_thread():
            return  # where no signal is heard
        former, loop = signal.getsignal(signal.SIGTERM), asyncio.get_running_loop()

        def note(number: int, frame: FrameType | None) -> None:
            self._told = self._told or time.monotonic()
            loop.call_soon_threadsafe(self._heard.set)
            if callable(former):
                former(number, frame)

        signal.signal(signal.SIGTERM, note)
        try:
            await asyncio.Event().wait()
        finally:
            signal.signal(signal.SIGTERM, former)

    def seconds_left(self) -> float:
        """Return how long what goes on without callers may still take."""
        gone = time.monotonic() - self._told if self._told else 0.0
        return max(self.least, self.seconds - gone)
