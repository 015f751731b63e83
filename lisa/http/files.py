"""Signed links to content, honoured by ourselves where no object store does it: `/files/{key}`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lisa.domain.errors import Invalid, NotFound, TooLarge
from lisa.http import errors
from lisa.http.audit.circumstances import CallCircumstances
from lisa.http.log import RequestLog
from lisa.http.services import Services

SHOWN_IN_PLACE: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
HARMLESS: Final = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=300",
}


class Stored(Protocol):
    """A blob and its type."""

    @property
    def content(self) -> bytes:
        """What was stored."""

    @property
    def content_type(self) -> str:
        """What it was said to be."""


class Upload(Protocol):
    """What a link lets its holder write."""

    @property
    def content_type(self) -> str:
        """The only type that may be written."""

    @property
    def size(self) -> int:
        """How many bytes, exactly."""


class SignedBlobs(Protocol):
    """Content whose links we sign; both checks raise `Forbidden`."""

    async def get_stored(self, key: str) -> Stored | None:
        """Return the content and its type, or nothing."""

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store the content."""

    def verify_read(self, key: str, query: Mapping[str, str]) -> None:
        """Return if a link with this query may read the content."""

    def verify_write(self, key: str, query: Mapping[str, str]) -> Upload:
        """Return what a link with this query may write."""


def file_app(blobs: SignedBlobs, services: Services | None = None) -> Starlette:
    """Return the app that serves the links; what it refuses is noted where `services` say."""

    async def read(request: Request) -> Response:
        key = request.path_params["key"]
        blobs.verify_read(key, request.query_params)
        stored = await blobs.get_stored(key)
        if stored is None:
            raise NotFound("nothing was uploaded here yet", code="file_not_found")
        return _served(stored)

    async def write(request: Request) -> Response:
        key = request.path_params["key"]
        upload = blobs.verify_write(key, request.query_params)
        await blobs.put(key, await _exactly(request, upload.size), upload.content_type)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    routes = [
        Route("/{key:path}", read, methods=["GET"]),
        Route("/{key:path}", write, methods=["PUT"]),
    ]
    app = Starlette(routes=routes)
    app.state.services = services
    errors.install(app)
    app.add_middleware(CallCircumstances)
    app.add_middleware(RequestLog)
    return app


def _served(stored: Stored) -> Response:
    """Answer so that a browser never runs what somebody uploaded."""
    shown = "inline" if stored.content_type in SHOWN_IN_PLACE else "attachment"
    headers = {**HARMLESS, "content-disposition": shown, "content-type": stored.content_type}
    return Response(stored.content, headers=headers)


async def _exactly(request: Request, size: int) -> bytes:
    """Read a body of this size; stop reading one that is longer."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > size:
            raise TooLarge(f"this link takes {size} bytes", next_step="announce the true size")
    if len(body) < size:
        raise Invalid(f"this link takes {size} bytes, {len(body)} came", code="size_differs")
    return bytes(body)
