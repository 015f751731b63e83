"""The gateway's life: what runs beside it starts before the first request, stops after the last."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from lisa.gateway.app import Gateway
from lisa.gateway.asgi import Receive, Scope, Send
from lisa.gateway.choice import place_of
from lisa.gateway.health import Probes, Suspect
from lisa.gateway.registry import stop


@dataclass(frozen=True)
class GatewayService:
    """The gateway with its background work, as an ASGI app or below another one.

    What goes on `beside` it is cancelled after the last request.
    """

    gateway: Gateway
    connections: AbstractAsyncContextManager[object]
    beside: tuple[Callable[[], Coroutine[None, None, None]], ...] = ()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve while entered; the models are read before the first request."""
        calls = self.gateway.calls
        probes = Probes(calls.relay.upstreams, self._suspects)
        async with self.connections:
            await calls.registry.refresh()
            works = (calls.registry.follow, calls.follow, probes.follow, *self.beside)
            following = [asyncio.create_task(work()) for work in works]
            try:
                yield
            finally:
                for task in following:
                    await stop(task)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or live and die with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self.gateway(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def _suspects(self) -> Iterator[Suspect]:
        """List the upstreams that calls are kept from."""
        calls = self.gateway.calls
        for model in calls.registry.all():
            slots = calls.queues.of(model).slots
            for upstream in model.upstreams:
                state = slots.get(place_of(upstream))
                if state and state.circuit.is_open:
                    yield Suspect(state.circuit, calls.relay.targets.probe_url(upstream))
