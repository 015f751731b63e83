"""All of LISA over one set of tables: its control API, and gateways that count and limit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.secrets import MemorySecrets
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.gateway import LiteLlmService, build_gateway
from lisa.bootstrap.metered import metered
from lisa.bootstrap.model_routes import ModelPorts
from lisa.declared.settings import IdentitySettings
from lisa.domain.identity import Principal
from lisa.gateway.service import GatewayService
from lisa.ports.table import Tables
from lisa.usecases.tokens import Wanted
from tests.api.conftest import model_ports, served_by
from tests.gateway.running import serving

AN_APP_OF_THEIR_OWN = 20
ROOT = Principal(subject="root", admin=True)
PATIENCE = 20  # seconds; usage is stored within about one


class Vault(MemorySecrets):
    """Secrets that both planes know."""

    def forget(self, reference: str) -> None:
        """Nothing is remembered."""


async def until(http: httpx.AsyncClient, path: str, status: int) -> None:
    """Ask again and again, as the gateway tells nobody that it knows of a change."""
    async with asyncio.timeout(PATIENCE):
        while (await http.get(path)).status_code != status:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)


@dataclass(repr=False)  # asyncio asks for it, and it would be huge
class Whole:
    """The administrator's client of the control API, and where the gateways listen."""

    admin: httpx.AsyncClient
    urls: list[str]

    async def token(self, name: str, **wanted: Any) -> str:
        """Make a token by the route that makes tokens."""
        made = await self.admin.post("/tokens", json={"name": name, **wanted})
        assert made.status_code == 201, made.text
        return str(made.json()["token"])

    async def add(self, name: str, url: str = "", **more: Any) -> None:
        """Make a model by the route that makes models; return when every gateway knows it."""
        place = {"modelName": name, "modelUrl": url} if url else {}
        wanted = {"modelId": name, **place, **more}
        made = await self.admin.post("/models", json=wanted)
        assert made.status_code == 200, made.text
        token = await self.token(f"looks-for-{name}".replace("/", "-"), admin=True)
        for gateway in self.urls:
            async with self.caller(token, gateway) as http:
                await until(http, f"/v1/models/{name}", 200)

    def caller(self, token: str, url: str = "") -> httpx.AsyncClient:
        """Return a client of a gateway, of the first one unless told otherwise."""
        headers = {"authorization": f"Bearer {token}"}
        limits = httpx.Limits(max_connections=None)
        return httpx.AsyncClient(
            base_url=url or self.urls[0], headers=headers, timeout=60, limits=limits
        )

    @asynccontextmanager
    async def callers(self, token: str) -> AsyncIterator[list[httpx.AsyncClient]]:
        """Return a client of each gateway."""
        async with AsyncExitStack() as opened:
            clients = [self.caller(token, url) for url in self.urls]
            yield [await opened.enter_async_context(client) for client in clients]

    async def records(self, count: int, **wanted: str) -> list[dict[str, Any]]:
        """Return the usage records as soon as there are so many."""
        items: list[dict[str, Any]] = []
        async with asyncio.timeout(PATIENCE):
            while len(items) < count:
                answer = await self.admin.get("/usage/calls", params={"limit": "1000", **wanted})
                assert answer.status_code == 200, answer.text
                items = answer.json()["items"]
                await asyncio.sleep(0.1)
        assert len(items) == count
        return items


@asynccontextmanager
async def whole_lisa(
    tables: Tables, journals: Path, gateways: int = 2, litellm: tuple[str, str] = ("", "")
) -> AsyncIterator[Whole]:
    """Run it; `litellm` is where its service listens, and the secret it wants to see."""
    clock, vault = SystemClock(), Vault()
    ports = ContentPorts(tables, clock, RandomIds(), MemoryBlobs())
    prober, types = model_ports().prober, model_ports().instance_types
    services = assemble(ports, models=ModelPorts(vault, prober, types))
    assert services.identity
    url, secret = litellm
    named = LiteLlmService(url, await vault.put("litellm", secret)) if url else LiteLlmService()
    transport = httpx.ASGITransport(served_by(services, AN_APP_OF_THEIR_OWN))
    issued = await services.identity.tokens.issue(ROOT, Wanted(name="root", admin=True))
    headers = {"authorization": f"Bearer {issued.secret}"}
    async with AsyncExitStack() as running:
        urls = [
            await running.enter_async_context(serving(_gateway(ports, vault, journals, named)))
            for _ in range(gateways)
        ]
        admin = httpx.AsyncClient(transport=transport, base_url="http://lisa", headers=headers)
        yield Whole(await running.enter_async_context(admin), urls)


def _gateway(
    ports: ContentPorts, vault: Vault, journals: Path, litellm: LiteLlmService
) -> GatewayService:
    """Put a gateway together as the doors do."""
    counting = metered(ports, journals, 90)
    return build_gateway(
        ports,
        authenticator(ports.tables, ports.clock, IdentitySettings()),
        secrets=vault,
        limiter=counting.limiter,
        meter=counting.meter,
        cache=counting.cache,
        litellm=litellm,
        beside=counting.beside,
    )
