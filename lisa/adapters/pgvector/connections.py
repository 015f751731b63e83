"""How we talk to the Postgres that keeps passages: pooled connections and bounded waits.

Everything asked here may be asked twice, so whatever was lost with its connection is.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeAlias, TypeVar

from pgvector.psycopg import register_vector_async
from psycopg import AsyncConnection, DataError, Error, OperationalError, ProgrammingError
from psycopg.errors import LockNotAvailable, QueryCanceled, UndefinedTable
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from lisa.domain.errors import Invalid, NotFound, Unavailable

CONNECT_SECONDS: Final = 5
WAIT_FOR_CONNECTION_SECONDS: Final = 10.0
WHOLE_ATTEMPT_SECONDS: Final = 60.0
ATTEMPTS: Final = 3
OPTIONS: Final = (
    "-c statement_timeout=55s -c lock_timeout=50s -c idle_in_transaction_session_timeout=60s"
    # Every statement of ours has its index; statistics of a table being filled say otherwise.
    " -c enable_seqscan=off -c jit=off -c plan_cache_mode=force_custom_plan"
    # A filtered search goes on along the graph until it has as many as were asked for.
    " -c hnsw.iterative_scan=relaxed_order -c hnsw.ef_search=120"
)

Connection: TypeAlias = AsyncConnection[TupleRow]
Pool: TypeAlias = AsyncConnectionPool[Connection]
T = TypeVar("T")
Work: TypeAlias = Callable[[Connection], Awaitable[T]]

_LATE: Final = (PoolTimeout, PoolClosed, QueryCanceled, LockNotAvailable, TimeoutError)


@asynccontextmanager
async def open_pool(
    conninfo: str, size: int = 8, wait_seconds: float = WAIT_FOR_CONNECTION_SECONDS
) -> AsyncIterator[Pool]:
    """Keep up to `size` connections while the block runs, none while nobody asks."""
    pool: Pool = AsyncConnectionPool(
        conninfo,
        kwargs={"autocommit": True, "connect_timeout": CONNECT_SECONDS, "options": OPTIONS},
        min_size=0,
        max_size=size,
        timeout=wait_seconds,
        open=False,
    )
    async with pool:
        yield pool


class Connections:
    """Runs work on pooled connections, each in a transaction."""

    def __init__(self, pool: Pool) -> None:
        """Work over an open pool."""
        self._pool = pool

    async def run(self, work: Work[T], seconds: float = WHOLE_ATTEMPT_SECONDS) -> T:
        """Run work that may be run again.

        Raises `NotFound` where there is no such space, `Invalid` for wrong data, `Unavailable`.
        """
        try:
            return await self._attempts(work, seconds)
        except _LATE as error:
            raise _unavailable("did not answer in time") from error
        except DataError as error:
            raise Invalid(f"the vector store can't keep this: {error}") from error
        except UndefinedTable as error:
            raise NotFound("there is no such space") from error
        except ProgrammingError as error:
            raise _unavailable(f"is not set up for LISA: {error}") from error
        except Error as error:
            raise _unavailable("can't be reached") from error

    async def run_if_there(self, work: Work[T], otherwise: T) -> T:
        """Run work on a space that may have been dropped."""
        try:
            return await self.run(work)
        except NotFound:
            return otherwise

    async def _attempts(self, work: Work[T], seconds: float) -> T:
        """Try again what was lost with its connection, or met others the other way round."""
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._once(work, seconds)
            except _LATE:
                raise
            except OperationalError:
                await self._pool.check()
        return await self._once(work, seconds)

    async def _once(self, work: Work[T], seconds: float) -> T:
        async with (
            asyncio.timeout(seconds),
            self._pool.connection() as connection,
            connection.transaction(),
        ):
            return await work(connection)


async def know_vectors(connection: Connection) -> None:
    """Let this connection pass vectors as they are, in binary."""
    if connection.adapters.types.get("halfvec") is None:
        await register_vector_async(connection)


def _unavailable(what: str) -> Unavailable:
    return Unavailable(
        f"the vector store {what}", next_step="try again in a moment", code="vector_store"
    )
