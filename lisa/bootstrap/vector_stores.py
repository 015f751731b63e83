"""Finds the store of a repository's passages, and keeps it open for whoever asks next."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from lisa.domain.addresses import LOOPBACK, refuse_metadata
from lisa.domain.errors import Invalid, NotFound, Unavailable
from lisa.domain.knowledge.repository import Store, StoreKind
from lisa.ports.clock import Clock
from lisa.ports.secrets import Secrets
from lisa.ports.vectors import Vectors
from lisa.stores.knowledge.repositories import RepositoryStore

Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Vectors]]

_REGION: Final = re.compile(r"(?<=\.)[a-z]{2,3}(?:-[a-z]+)+-\d+(?=\.)")


class _Key(NamedTuple):
    """What tells stores apart; a secret that was replaced opens another."""

    kind: StoreKind
    address: str
    serverless: bool
    secret: str


@dataclass(frozen=True)
class VectorStores:
    """Opens stores as repositories name them, and `own` ones where they name no address.

    `databases` opens another one in the deployment's own Postgres, whose address is `/NAME`.
    Everything is closed at the end of `running`.
    """

    repositories: RepositoryStore
    secrets: Secrets
    clock: Clock
    own: Mapping[StoreKind, Opening]
    databases: Callable[[str], Opening] | None = None
    _open: dict[_Key, Vectors] = field(default_factory=dict)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _undo: AsyncExitStack = field(default_factory=AsyncExitStack)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["VectorStores"]:
        """Find stores while the block runs."""
        async with self._undo:
            yield self
            self._open.clear()

    async def of(self, repository_id: str) -> Vectors:
        """Return a repository's store, ready to be asked; raises `Unavailable`, `NotFound`."""
        repository = await self.repositories.by_id(repository_id)
        if repository is None:
            raise NotFound(f"there is no repository {repository_id}", code="repository_not_found")
        return await self.at(repository.store)

    async def at(self, store: Store) -> Vectors:
        """Return the store that lies there."""
        secret = await self.secrets.resolve(store.credentials) if store.credentials else ""
        key = _Key(store.kind, store.address, store.serverless, secret)
        if key in self._open:
            return self._open[key]
        async with self._opening:
            if key not in self._open:
                self._open[key] = await self._undo.enter_async_context(self._way_to(key)())
            return self._open[key]

    def _way_to(self, key: _Key) -> Opening:
        if not key.address:
            if key.kind in self.own:
                return self.own[key.kind]
            raise Unavailable(
                f"this deployment has no {key.kind} of its own",
                code="no_vector_store",
                next_step="give the repository the address of one",
            )
        if key.address.startswith("/") and self.databases:
            return self.databases(key.address.removeprefix("/"))
        refuse_metadata(f"//{key.address.removeprefix('https://')}")
        if key.kind is StoreKind.PGVECTOR:
            return _pgvector_elsewhere(key.address, *_login(key.secret))
        return opensearch_at(key.address, key.secret, self.clock, serverless=key.serverless)


def pgvector_at(conninfo: str) -> Opening:
    """Return how to open a Postgres; like the next, it imports its client only then.

    Most deployments have one kind of store, and many starts of a function ask neither.
    """

    @asynccontextmanager
    async def opened() -> AsyncIterator[Vectors]:
        from lisa.adapters.pgvector.connections import open_pool  # noqa: PLC0415 - see above
        from lisa.adapters.pgvector.vectors import PgVectors  # noqa: PLC0415 - see above

        async with open_pool(conninfo) as pool:
            yield PgVectors(pool)

    return opened


def opensearch_at(address: str, secret: str, clock: Clock, *, serverless: bool) -> Opening:
    """Return how to open an OpenSearch: with a login, or on AWS signed by our role."""
    url = address if "://" in address else f"https://{address}"
    scheme, host = urlsplit(url).scheme, urlsplit(url).hostname or ""
    if scheme != "https" and not (scheme == "http" and host in LOOPBACK):
        raise Invalid("OpenSearch is asked over https only", next_step="write https://HOST")
    login, region = _login(secret) if secret else None, _REGION.search(host)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Vectors]:
        from lisa.adapters.opensearch import client as clients  # noqa: PLC0415 - see above
        from lisa.adapters.opensearch.vectors import OpenSearchVectors  # noqa: PLC0415 - see above

        signed = clients.Signed(region[0], serverless) if region else None
        async with clients.open_client(url, clients.Login(*login) if login else signed) as client:
            yield OpenSearchVectors(client, clock, serverless=serverless)

    return opened


def _pgvector_elsewhere(address: str, name: str, password: str) -> Opening:
    from lisa.adapters.pgvector.addresses import conninfo_of  # noqa: PLC0415 - see above

    return pgvector_at(conninfo_of(address, name, password))


def _login(secret: str) -> tuple[str, str]:
    """Read `NAME:PASSWORD`, or the JSON that RDS and Secrets Manager keep."""
    try:
        if secret.startswith("{"):
            login = json.loads(secret)
            return str(login["username"]), str(login["password"])
    except (ValueError, KeyError):
        secret = ""
    name, found, password = secret.partition(":")
    if not found:
        raise Unavailable(
            "the vector store's login can't be read",
            code="no_secret",
            next_step='keep it as NAME:PASSWORD or {"username": ..., "password": ...}',
        )
    return name, password
