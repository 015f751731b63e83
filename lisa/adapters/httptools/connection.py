"""One HTTP/1.1 connection to an upstream: a request out, its answer in, pieces as they arrive."""

import asyncio
from typing import Final, cast

import httptools

from lisa.domain.errors import Unavailable

MOST_BUFFERED: Final = 256 * 1024  # then the upstream waits for the caller
FIRST_FINAL: Final = 200
AGAIN: Final = "try again in a moment"


class Connection(asyncio.Protocol):
    """Carries one call after the other; `lost` and `idle_since` tell whether it can take one."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._until = self._rings_at = 0.0
        self._pieces: list[bytes] = []
        self._buffered = 0
        self._paused = False
        self._busy = self._goes_on = False
        self.headers: dict[str, str] = {}
        self.status = 0
        self.lost = self.ended = False
        self._failure: Unavailable | None = None
        self.idle_since = 0.0
        self._parser = httptools.HttpResponseParser(self)

    def begin(self, request: bytes) -> None:
        """Send a request; a connection that was lost says so when the answer is waited for."""
        self.headers, self.status, self.ended = {}, 0, False
        self._busy = True
        if self._transport:
            self._transport.write(request)

    async def answered(self, until: float) -> None:
        """Wait for status and headers."""
        while not self.status:
            await self._wait(until)

    async def next_piece(self, until: float) -> bytes:
        """Return what has arrived, waiting if it is nothing; empty at the end."""
        while not self._pieces:
            if self.ended:
                return b""
            await self._wait(until)
        piece = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces, self._buffered = [], 0
        if self._paused and self._transport:
            self._paused = False
            self._transport.resume_reading()
        return piece

    def finish(self) -> bool:
        """End the call; tell whether the connection can take another, else it is hung up."""
        self._busy = False
        if self.ended and not self.lost and not self._pieces and self._goes_on:
            self.idle_since = self._loop.time()
            return True
        self.hang_up()
        return False

    def hang_up(self) -> None:
        """Close at once, whatever is still under way."""
        self.lost = True
        self._stop_timer()
        if self._transport:
            self._transport.abort()

    async def _wait(self, until: float) -> None:
        if self._failure:
            raise self._failure
        self._wake_by(until)
        waiter = self._waiter = self._loop.create_future()
        try:
            await waiter
        except TimeoutError as error:
            raise Unavailable(
                "the upstream fell silent", next_step=AGAIN, code="upstream_silent"
            ) from error
        finally:
            self._waiter = None

    def _wake_by(self, until: float) -> None:
        """Set the timer; one that rings earlier will see by itself that there is more time."""
        self._until = until
        if self._timer and self._rings_at <= until:
            return
        self._stop_timer()
        self._rings_at = until
        self._timer = self._loop.call_at(until, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return
        if self._loop.time() < self._until:
            self._wake_by(self._until)
        else:
            self._waiter.set_exception(TimeoutError())

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way out."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on; bytes that nobody asked for end the connection."""
        if not self._busy:
            self.hang_up()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail("the upstream's answer is not HTTP", "upstream_broke")
            self.hang_up()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """End an answer that has no other end; any other has broken off."""
        del exc
        self.lost = True
        self._stop_timer()
        endless = not {"content-length", "transfer-encoding"} & self.headers.keys()
        if self.status and endless:
            self.ended = True
        elif self.status:
            self._fail("the upstream's answer broke off", "upstream_broke")
        else:
            self._fail("the upstream hung up", "upstream_dropped")
        self._wake()

    def _fail(self, message: str, code: str) -> None:
        self._failure = self._failure or Unavailable(message, next_step=AGAIN, code=code)

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Keep the status, unless it is only a provisional one."""
        status = self._parser.get_status_code()
        if status >= FIRST_FINAL:
            self.status = status
        else:
            self.headers = {}

    def on_body(self, body: bytes) -> None:
        """Keep a piece; if too many wait, let the upstream wait."""
        self._pieces.append(body)
        self._buffered += len(body)
        if self._buffered > MOST_BUFFERED and not self._paused and self._transport:
            self._paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        """Note the end of the answer."""
        self.ended = self.status > 0
        self._goes_on = self._parser.should_keep_alive()  # it forgets that with the next byte
