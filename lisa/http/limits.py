"""The longest request body, in every profile."""

from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lisa.domain.errors import TooLarge
from lisa.http.errors import render

MAX_BODY: Final = 4 * 1024 * 1024


class BodyLimit:
    """Refuses a body over 4 MB: by its announced length at once, else when it passes the limit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > MAX_BODY:
            await _refuse(scope, receive, send)
            return
        body, ended = await _read(receive)
        if not ended:
            await _refuse(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)


async def _read(receive: Receive) -> tuple[bytes, bool]:
    """Read the body up to the limit; the second value tells whether that was all."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY:
            return b"", False
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return b"".join(chunks), True


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    error = TooLarge(
        "the request is over 4 MB",
        next_step="upload large content by link: POST /api/sessions/{id}/files",
    )
    status, content = render(error, str(scope.get("state", {}).get("request_id", "")))
    await JSONResponse(content, status)(scope, receive, send)
