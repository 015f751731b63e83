"""Stores that are databases of their own in the deployment's Postgres, each of one repository."""

import re
from collections.abc import Sequence
from typing import Final

from psycopg import AsyncConnection, Error, sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import DuplicateDatabase, UniqueViolation

from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.knowledge.repository import Repository, StoreKind
from lisa.domain.knowledge.store_offer import Offer
from lisa.ports.hosts import HostState
from lisa.ports.store_hosts import Made

BEGIN: Final = "lisa_store_"
UID: Final = re.compile(r"[a-z0-9_]{1,50}")
CONNECT_SECONDS: Final = 5
PATIENCE: Final = "-c statement_timeout=50s -c lock_timeout=20s"
_THERE: Final = "SELECT 1 FROM pg_database WHERE datname = %s"


class OwnDatabases:
    """Makes databases; the address of one is `/NAME`, as it lies where we are already."""

    def __init__(self, conninfo: str) -> None:
        """Know a database of the server, whose user may make others."""
        self._conninfo = make_conninfo(conninfo, connect_timeout=CONNECT_SECONDS, options=PATIENCE)

    def offers(self) -> Sequence[Offer]:
        """Say that there is one kind."""
        return [Offer(StoreKind.PGVECTOR)]

    async def ensure(self, repository: Repository) -> None:
        """Make a repository's database, if it isn't there."""
        name = _name(repository.uid)
        if await self._is_there(name):
            return
        create = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
        try:
            await self._do(create.format(sql.Identifier(name)))
        except (DuplicateDatabase, UniqueViolation):
            return  # somebody was faster
        except Error as error:
            raise _unavailable(error) from error

    async def observe(self, uid: str) -> Made:
        """Tell whether it is there."""
        name = _name(uid)
        if await self._is_there(name):
            return Made(HostState.READY, "the database is there", address=f"/{name}")
        return Made(HostState.ABSENT, "there is no database")

    async def keep(self, uid: str) -> None:
        """Do nothing: the server is ours alone."""

    async def remove(self, uid: str) -> None:
        """Drop it, whoever is connected to it."""
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        try:
            await self._do(drop.format(sql.Identifier(_name(uid))))
        except Error as error:
            raise _unavailable(error) from error

    async def leftovers(self, uid: str) -> Sequence[str]:
        """Name it as long as the server knows it."""
        name = _name(uid)
        return [f"database {name}"] if await self._is_there(name) else []

    async def _is_there(self, name: str) -> bool:
        try:
            async with await self._connection() as connection:
                found = await connection.execute(_THERE, [name])
                return await found.fetchone() is not None
        except Error as error:
            raise _unavailable(error) from error

    async def _do(self, statement: sql.Composed) -> None:
        async with await self._connection() as connection:
            await connection.execute(statement)

    async def _connection(self) -> AsyncConnection:
        return await AsyncConnection.connect(self._conninfo, autocommit=True)


def _name(uid: str) -> str:
    if not UID.fullmatch(uid):
        raise Invalid(f"{uid[:60]!r} names no store of ours")
    return f"{BEGIN}{uid}"


def _unavailable(error: Error) -> Unavailable:
    return Unavailable(
        f"Postgres can't make or remove a database now: {error}".strip(),
        next_step="try again in a moment",
        code="vector_store",
    )
