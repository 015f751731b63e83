"""Lets nobody in but the gateway, gives each request an id, and writes one line about it."""

import json
import logging
import re
import time
import uuid
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from containers.litellm.endpoints import ENDPOINTS, OPENAI
from containers.litellm.errors import tell
from containers.litellm.presence import headers_of
from containers.litellm.replies import Reply
from containers.litellm.secret import OwnSecret
from lisa.domain.errors import LisaError, Unauthenticated

GIVEN_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
OPEN: Final = "/health"
log = logging.getLogger("lisa.litellm.requests")


@dataclass(frozen=True)
class Guard:
    """Stands before every path."""

    app: ASGIApp
    own: OwnSecret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        line = _Line(scope, send)
        try:
            await self._check(scope)
            await self.app(scope, receive, line.send)
        except LisaError as error:
            endpoint = ENDPOINTS.get(scope["path"])
            shape = endpoint.shape if endpoint else OPENAI
            await Reply(line.send).fail(tell(error, shape, ()))
        finally:
            if scope["path"] != OPEN:
                line.write()

    async def _check(self, scope: Scope) -> None:
        if scope["path"] == OPEN:
            return
        kind, _, secret = headers_of(scope).get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not await self.own.is_shown(secret):
            raise Unauthenticated("only LISA's gateway may call this service")


class _Line:
    """What is to be said about one request."""

    def __init__(self, scope: Scope, send: Send) -> None:
        given = headers_of(scope).get("x-request-id", "")
        self._id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        self._path = scope["path"] if scope["path"] in ENDPOINTS else "other"
        self._send = send
        self._status = 0
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Name the request in its answer."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            named = (b"x-request-id", self._id.encode())
            message = {**message, "headers": [*message["headers"], named]}
        await self._send(message)

    def write(self) -> None:
        """Write it; status 0 says that the caller left first."""
        ms = round((time.perf_counter() - self._began) * 1000, 1)
        said = {"request_id": self._id, "path": self._path, "status": self._status, "ms": ms}
        log.info("%s", json.dumps(said))
