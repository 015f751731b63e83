"""Failures in two shapes: a page for people, OAuth's JSON for programs."""

import math
from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from lisa.domain.audit import Deed, Outcome
from lisa.domain.errors import (
    Forbidden,
    Invalid,
    LimitReached,
    LisaError,
    Unauthenticated,
    Unavailable,
)
from lisa.http.errors import render
from lisa.http.provider.pages import message_page, page_response
from lisa.http.provider.services import provider_of

Handler = Callable[[Request], Awaitable[Response]]
INVALID_CLIENT: Final = "invalid_client"


def for_people(handler: Handler) -> Handler:
    """Let a route answer its failures with a page."""

    @wraps(handler)
    async def shown(request: Request) -> Response:
        try:
            return await handler(request)
        except LisaError as error:
            await _note(request, error)
            status, _ = render(error)
            page = message_page("This didn't work", sentence(error.message), error.next_step)
            return page_response(page, provider_of(request).client.origins, status)

    return shown


def for_programs(handler: Handler) -> Handler:
    """Let a route answer its failures as OAuth says (RFC 6749 section 5.2, RFC 6750)."""

    @wraps(handler)
    async def told(request: Request) -> Response:
        try:
            return await handler(request)
        except LisaError as error:
            await _note(request, error)
            return _oauth_error(error)

    return told


def to(address: str) -> Response:
    """Send the browser on, with GET whatever it came with."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def sentence(message: str) -> str:
    """Return a message of an error as it stands on a page."""
    return message[:1].upper() + message[1:] + "."


def seconds_of(error: LisaError) -> int:
    """Return how long to wait before trying again, if the error says so."""
    return math.ceil(error.retry_after) if isinstance(error, LimitReached) else 0


async def _note(request: Request, error: LisaError) -> None:
    """Record who was refused something."""
    if not isinstance(error, Forbidden):
        return
    deed = Deed(
        verb=request.method.lower(),
        kind="request",
        object_id=request.url.path,
        outcome=Outcome.DENIED,
        reason=error.precise_code,
    )
    await provider_of(request).refusals.note(None, deed)


def _oauth_error(error: LisaError) -> Response:
    status, _ = render(error)
    code, headers = "server_error", {}
    if isinstance(error, Invalid | Unauthenticated):
        code = error.precise_code
    if isinstance(error, Unavailable):
        code, headers = "temporarily_unavailable", {"retry-after": "1"}
    if isinstance(error, Unauthenticated):
        headers = {"www-authenticate": f'Bearer error="{code}"'}
    if code == INVALID_CLIENT:
        status = HTTPStatus.UNAUTHORIZED
    return JSONResponse({"error": code, "error_description": error.message}, status, headers)
