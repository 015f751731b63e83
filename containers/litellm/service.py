"""The LiteLLM service as an ASGI app."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from containers.litellm.door import Door
from containers.litellm.endpoints import ENDPOINTS
from containers.litellm.guard import OPEN, Guard
from containers.litellm.prices import price_of
from containers.litellm.secret import OwnSecret
from lisa.ports.secrets import Secrets

THREADS: Final = 32  # where the SDK does what it can't do without blocking


def make_service(litellm: Any, secrets: Secrets, own_secret: str) -> ASGIApp:
    """Return the app; `own_secret` is where the secret lies that the gateway shows."""
    own = OwnSecret(secrets, own_secret)

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def prices(request: Request) -> JSONResponse:
        price = price_of(litellm, request.query_params.get("target", ""))
        if price is None:
            return JSONResponse({"error": {"message": "no price is known"}}, 404)
        return JSONResponse(price)

    doors = [
        Route(path, Door(litellm, endpoint, secrets, own), methods=["POST"])
        for path, endpoint in ENDPOINTS.items()
    ]
    routes = [Route(OPEN, health), Route("/prices", prices), *doors]
    return Guard(Starlette(routes=routes, lifespan=_threads), own)


@asynccontextmanager
async def _threads(_: Starlette) -> AsyncIterator[None]:
    with ThreadPoolExecutor(THREADS, thread_name_prefix="litellm") as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        yield
