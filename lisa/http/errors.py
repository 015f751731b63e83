"""The control API's one renderer: every error of the family as a status and a JSON body."""

import asyncio
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from lisa.domain.errors import Forbidden, LisaError
from lisa.domain.statuses import STATUS
from lisa.http.audit.refusals import note_refusal

MOST_NAMED: Final = 5
PATIENCE_WITH_AUDIT: Final = 1.0
log = logging.getLogger("lisa.http")


def render(error: LisaError, request_id: str = "") -> tuple[int, dict[str, object]]:
    """Return the status and body for an error; its nearest ancestor in the table decides."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return status, body(error.precise_code, error.message, error.next_step, request_id)


def body(code: str, message: str, next_step: str, request_id: str) -> dict[str, object]:
    """Return the one shape of an error."""
    return {
        "error": {
            "code": code,
            "message": message,
            "next_step": next_step,
            "request_id": request_id,
        }
    }


def install(app: Starlette) -> None:
    """Let the app answer every failure in this shape."""
    app.add_exception_handler(LisaError, _expected)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(Exception, _our_bug)


def request_id(request: Request) -> str:
    """Return the id under which this request is logged."""
    return str(request.scope.get("state", {}).get("request_id", ""))


async def _expected(request: Request, error: Exception) -> JSONResponse:
    known = error if isinstance(error, LisaError) else LisaError(str(error))
    status, content = render(known, request_id(request))
    headers = {"retry-after": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    recording = None
    if isinstance(known, Forbidden):  # after the answer, which so can't be spoilt or delayed
        recording = BackgroundTask(_record, request, known)
    return JSONResponse(content, status, headers, background=recording)


async def _record(request: Request, refusal: Forbidden) -> None:
    services = getattr(request.app.state, "services", None)
    try:
        async with asyncio.timeout(PATIENCE_WITH_AUDIT):
            await note_refusal(services, request, refusal)
    except Exception:
        log.exception("a refusal is missing in the audit: request %s", request_id(request))


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    named = [f"{_place(fault['loc'])}: {_what(fault)}" for fault in faults[:MOST_NAMED]]
    message = "; ".join(named).encode("utf-8", "replace").decode()
    step = "compare it with /api/openapi.json"
    content = body("malformed", message, step, request_id(request))
    return JSONResponse(content, HTTPStatus.UNPROCESSABLE_ENTITY)


def _what(fault: Mapping[str, Any]) -> str:
    """Return what is wrong; for broken JSON the parser knows it better."""
    return str(fault.get("ctx", {}).get("error", fault["msg"]))


def _place(location: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in location)[:200]


async def _of_the_framework(request: Request, error: Exception) -> JSONResponse:
    known = error if isinstance(error, HTTPException) else HTTPException(500)
    status = HTTPStatus(known.status_code)
    content = body(status.name.lower(), status.phrase, "", request_id(request))
    return JSONResponse(content, status, known.headers)


async def _our_bug(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected failure in request %s", request_id(request), exc_info=error)
    message = "something broke on our side"
    step = "try again; if it stays so, give the request id to an administrator"
    content = body("internal", message, step, request_id(request))
    return JSONResponse(content, HTTPStatus.INTERNAL_SERVER_ERROR)
