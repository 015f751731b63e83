"""Computes what concurrent calls want together, in one thread, and turns away what is too much."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from lisa.domain.errors import LimitReached

PIECE: Final = 8
MOST_PIECES: Final = 4  # in one batch: nobody waits long for those before
MOST_WAITING: Final = 8192
RETRY_SECONDS: Final = 2.0

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class _Piece(Generic[Item, Result]):
    items: Sequence[Item]
    done: asyncio.Future[Sequence[Result]]


class Batches(Generic[Item, Result]):
    """A call hands in one small piece after the other: a large one never holds up a small one."""

    def __init__(
        self, compute: Callable[[Sequence[Item]], Sequence[Result]], most: int = MOST_WAITING
    ) -> None:
        self._compute = compute
        self._most = most
        self._waiting = 0
        self._pieces: asyncio.Queue[_Piece[Item, Result]] = asyncio.Queue()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Compute until the end of the context."""
        with ThreadPoolExecutor(1) as thread:
            work = asyncio.create_task(self._work(thread))
            try:
                yield
            finally:
                work.cancel()
                with suppress(asyncio.CancelledError):
                    await work

    async def results(self, items: Sequence[Item]) -> list[Result]:
        """Return the result of each, in order."""
        if self._waiting + len(items) > self._most:
            raise LimitReached(
                "too many texts wait for the embedder", retry_after=RETRY_SECONDS, code="busy"
            )
        self._waiting += len(items)
        try:
            found: list[Result] = []
            for start in range(0, len(items), PIECE):
                found += await self._hand_in(items[start : start + PIECE])
            return found
        finally:
            self._waiting -= len(items)

    async def _hand_in(self, items: Sequence[Item]) -> Sequence[Result]:
        done: asyncio.Future[Sequence[Result]] = asyncio.get_running_loop().create_future()
        self._pieces.put_nowait(_Piece(items, done))
        return await done

    async def _work(self, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while True:
            pieces = await self._next()
            items = [item for piece in pieces for item in piece.items]
            computed = loop.run_in_executor(thread, self._compute, items)
            await asyncio.wait([computed])
            _hand_out(pieces, computed)

    async def _next(self) -> list[_Piece[Item, Result]]:
        pieces = [await self._pieces.get()]
        while len(pieces) < MOST_PIECES and not self._pieces.empty():
            pieces.append(self._pieces.get_nowait())
        return [piece for piece in pieces if not piece.done.done()]


def _hand_out(
    pieces: Sequence[_Piece[Item, Result]], computed: asyncio.Future[Sequence[Result]]
) -> None:
    """Give each piece its part, or the failure; whoever waited for it may have left."""
    failure, start = computed.exception(), 0
    for piece in pieces:
        end = start + len(piece.items)
        if piece.done.done():
            pass
        elif failure:
            piece.done.set_exception(failure)
        else:
            piece.done.set_result(computed.result()[start:end])
        start = end
