"""Models that we run, as the gateway sees them, and somebody to wake them in tests."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from lisa.domain.errors import LisaError
from lisa.domain.hosting import EngineName, Hosting, HostKind, Weights
from lisa.domain.identity import Principal
from lisa.domain.model import Model, ModelStatus, Upstream
from tests.gateway.running import Running

HOSTING = Hosting(
    kind=HostKind.SCRIPTED, engine=EngineName.LLAMA_CPP, weights=Weights(source="/weights")
)
ASKED = {"messages": [{"role": "user", "content": "hi"}]}


@dataclass
class Waking:
    """Remembers who was woken, and for whom."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    failure: LisaError | None = None
    takes: float = 0

    async def wake(self, caller: Principal, model_id: str) -> None:
        self.asked.append((caller.subject, model_id))
        await asyncio.sleep(self.takes)
        if self.failure:
            raise self.failure


async def hosted(gateway: Running, name: str, *upstreams: Upstream, **more: Any) -> Model:
    """Add a model that we run; it is stopped where it has no upstream."""
    status = ModelStatus.IN_SERVICE if upstreams else ModelStatus.STOPPED
    return await gateway.add(name, *upstreams, **{"status": status, "hosting": HOSTING} | more)


async def comes(gateway: Running, name: str, *upstreams: Upstream) -> None:
    """Put a model in service, as its workflow would."""
    await gateway.change(name, status=ModelStatus.IN_SERVICE, upstreams=upstreams, reason="")


def client_of(gateway: Running, token: str) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {token}"}
    limits = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(base_url=gateway.openai, headers=headers, timeout=30, limits=limits)


async def chat(http: httpx.AsyncClient, model: str, **more: Any) -> httpx.Response:
    return await http.post("/chat/completions", json=ASKED | {"model": model} | more)


def waiting(gateway: Running, name: str) -> int:
    """Return how many calls are held."""
    lines = gateway.service.gateway.calls.waking
    assert lines
    return lines.waiting(name)


async def until_waiting(gateway: Running, name: str, count: int) -> None:
    async with asyncio.timeout(10):
        while waiting(gateway, name) != count:  # noqa: ASYNC110 - the gateway tells nobody
            await asyncio.sleep(0.01)
