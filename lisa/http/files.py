"""Signed links to content, honoured by ourselves where no object store does it: `/files/{key}`."""

from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from lisa.domain.errors import Invalid, NotFound, TooLarge
from lisa.http import errors
from lisa.http.audit.circumstances import CallCircumstances
from lisa.http.form_upload import read_form
from lisa.http.log import RequestLog
from lisa.http.services import Services

SHOWN_IN_PLACE: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
UNKNOWN_TYPE: Final = "application/octet-stream"
HARMLESS: Final = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=300",
}


class Stored(Protocol):
    """A blob that was opened: its content has to be read to the end, or its reader be closed."""

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield what was stored, piece by piece."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

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

    async def open_stored(self, key: str) -> Stored | None:
        """Return the content, or nothing."""

    async def write(self, key: str, chunks: AsyncIterator[bytes], content_type: str) -> int:
        """Store the content as it comes, whole or not at all."""

    def verify_form(self, key: str, fields: Mapping[str, str]) -> int:
        """Return how many bytes a form with these fields may bring."""

    def verify_read(self, key: str, query: Mapping[str, str]) -> None:
        """Return if a link with this query may read the content."""

    def verify_write(self, key: str, query: Mapping[str, str]) -> Upload:
        """Return what a link with this query may write."""


def file_app(blobs: SignedBlobs, services: Services | None = None) -> Starlette:
    """Return the app that serves the links; what it refuses is noted where `services` say."""

    async def read(request: Request) -> Response:
        key = request.path_params["key"]
        blobs.verify_read(key, request.query_params)
        stored = await blobs.open_stored(key)
        if stored is None:
            raise NotFound("nothing was uploaded here yet", code="file_not_found")
        return _served(stored)

    async def write(request: Request) -> Response:
        key = request.path_params["key"]
        upload = blobs.verify_write(key, request.query_params)
        await blobs.write(key, _exactly(request, upload.size), upload.content_type)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def take(request: Request) -> Response:
        key = request.path_params["key"]
        form = await read_form(request)
        most = blobs.verify_form(key, form.fields)
        await blobs.write(key, form.content(most), UNKNOWN_TYPE)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    routes = [
        Route("/{key:path}", read, methods=["GET"]),
        Route("/{key:path}", write, methods=["PUT"]),
        Route("/{key:path}", take, methods=["POST"]),
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
    headers = {
        **HARMLESS,
        "content-disposition": shown,
        "content-type": stored.content_type,
        "content-length": str(stored.size),
    }
    return StreamingResponse(stored.chunks(), headers=headers)


async def _exactly(request: Request, size: int) -> AsyncIterator[bytes]:
    """Yield a body of this size; stop reading one that is longer."""
    came = 0
    async for chunk in request.stream():
        came += len(chunk)
        if came > size:
            raise TooLarge(f"this link takes {size} bytes", next_step="announce the true size")
        yield chunk
    if came < size:
        raise Invalid(f"this link takes {size} bytes, {came} came", code="size_differs")
