"""How we talk to Postgres: pooled connections, bounded waits, and what is tried again when.

A read is repeated once on a fresh connection. A write is repeated as long as Postgres certainly
dropped it; once its commit was sent, losing the connection leaves that to the caller.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import SystemRandom
from typing import Final, TypeAlias, TypeVar

from psycopg import AsyncConnection, OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled, SerializationFailure
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from lisa.domain.errors import Unavailable
from lisa.ports.clock import Clock

CONNECT_SECONDS: Final = 5
WAIT_FOR_CONNECTION_SECONDS: Final = 10.0
WHOLE_ATTEMPT_SECONDS: Final = 20.0
SERVER_LIMITS: Final = (
    "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
    # Every statement of ours goes by an index; without statistics the planner may think otherwise.
    " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_bitmapscan=off"
)
PAUSES: Final = (0.02, 0.05, 0.1, 0.2, 0.4)

Connection: TypeAlias = AsyncConnection[TupleRow]
Pool: TypeAlias = AsyncConnectionPool[Connection]
T = TypeVar("T")
Work: TypeAlias = Callable[[Connection], Awaitable[T]]

_BUSY: Final = (PoolTimeout, PoolClosed, QueryCanceled, LockNotAvailable, TimeoutError)


@asynccontextmanager
async def open_pool(
    conninfo: str, size: int = 8, wait_seconds: float = WAIT_FOR_CONNECTION_SECONDS
) -> AsyncIterator[Pool]:
    """Keep up to `size` connections while the block runs; each work waits so long for one."""
    pool: Pool = AsyncConnectionPool(
        conninfo,
        kwargs={
            "autocommit": True,
            "connect_timeout": CONNECT_SECONDS,
            "options": SERVER_LIMITS,
        },
        min_size=1,
        max_size=size,
        timeout=wait_seconds,
        open=False,
    )
    async with pool:
        yield pool


class Connections:
    """Runs work on pooled connections."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        """Work over an open pool; the clock does the waiting between attempts."""
        self._pool = pool
        self._clock = clock
        self._random = SystemRandom()

    async def read(self, work: Work[T]) -> T:
        """Run work that changes nothing."""
        return await self._attempts(self._once, work)

    async def write(self, work: Work[T]) -> T:
        """Run work in a transaction; it may be run again after it was undone."""
        return await self._attempts(self._transaction, work)

    async def _attempts(self, way: Callable[[Work[T]], Awaitable[T]], work: Work[T]) -> T:
        lost = False
        for pause in PAUSES:
            try:
                async with asyncio.timeout(WHOLE_ATTEMPT_SECONDS):
                    return await way(work)
            except (DeadlockDetected, SerializationFailure):
                await self._clock.sleep(self._random.uniform(0, pause))
            except _BUSY as error:
                raise _unavailable("did not answer in time") from error
            except OperationalError as error:
                if lost:
                    raise _unavailable("can't be reached") from error
                lost = True
                await self._pool.check()
        raise _unavailable("is too busy with the same rows")

    async def _once(self, work: Work[T]) -> T:
        async with self._pool.connection() as connection:
            return await work(connection)

    async def _transaction(self, work: Work[T]) -> T:
        async with self._pool.connection() as connection:
            await connection.execute("BEGIN")
            result = await work(connection)
            try:
                await connection.commit()
            except OperationalError as error:
                raise _unavailable("was lost while storing; it may have been stored") from error
            return result


def _unavailable(what: str) -> Unavailable:
    return Unavailable(f"the database {what}", next_step="try again in a moment")
