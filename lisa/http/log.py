"""One line per request: who asked for what, how it ended, how long it took; never content."""

import json
import logging
import re
import time
import uuid
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

GIVEN_ID: Final = re.compile(rb"[A-Za-z0-9_-]{8,64}")
log = logging.getLogger("lisa.requests")


class RequestLog:
    """Gives each request an id, answers with it, and writes its line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = _request_id(scope)
        started = time.perf_counter()
        status = 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (b"x-request-id", state["request_id"].encode())
                message = {**message, "headers": [*message["headers"], named]}
            await send(message)

        try:
            await self.app(scope, receive, sent)
        finally:
            log.info("%s", _line(scope, status, time.perf_counter() - started))


def _request_id(scope: Scope) -> str:
    given = dict(scope["headers"]).get(b"x-request-id", b"")
    return given.decode() if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex


def _line(scope: Scope, status: int, seconds: float) -> str:
    route = scope.get("route")
    return json.dumps(
        {
            "request_id": scope["state"]["request_id"],
            "method": scope["method"],
            "route": getattr(route, "path", "unmatched"),
            "caller": scope["state"].get("caller", "-"),
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
    )
