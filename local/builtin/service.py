"""The built-in models as an OpenAI-speaking service: who may call, and what answers which path."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lisa.domain.errors import LisaError, Unauthenticated
from local.builtin.chat import Chat
from local.builtin.embeddings import Embeddings
from local.builtin.names import DEMO, EMBEDDER
from local.builtin.texts import Encoding, Texts
from local.builtin.wire import tell

OPEN: Final = "/health"


def make_service(encoding: Encoding, secret: str) -> ASGIApp:
    """Return the service; only who shows the secret gets more than its health."""
    texts = Texts(encoding)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with texts.running():
            yield

    app = Starlette(
        routes=[
            Route(OPEN, _health),
            Route("/v1/models", _models),
            Route("/v1/embeddings", Embeddings(texts).answer, methods=["POST"]),
            Route("/v1/chat/completions", Chat(texts).answer, methods=["POST"]),
        ],
        lifespan=lifespan,
    )
    app.add_exception_handler(LisaError, tell)
    return _Guard(app, secret)


@dataclass(frozen=True)
class _Guard:
    app: ASGIApp
    secret: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != OPEN and not self._is_shown(scope):
            answer = await tell(Request(scope), Unauthenticated("only LISA's gateway may call"))
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_shown(self, scope: Scope) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        return hmac.compare_digest(given, f"Bearer {self.secret}".encode())


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _models(_: Request) -> Response:
    models = [
        {"id": name, "object": "model", "created": 0, "owned_by": "lisa"}
        for name in (DEMO, EMBEDDER)
    ]
    return JSONResponse({"object": "list", "data": models})
