"""How requests are read, and failures told, in OpenAI's words."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lisa.domain.errors import (
    Invalid,
    LimitReached,
    LisaError,
    NotFound,
    Unauthenticated,
    Unavailable,
)

STATUS: Final[Mapping[type[LisaError], HTTPStatus]] = {
    Invalid: HTTPStatus.BAD_REQUEST,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    NotFound: HTTPStatus.NOT_FOUND,
    LimitReached: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

Asked = TypeVar("Asked", bound=BaseModel)


async def read(request: Request, kind: type[Asked]) -> Asked:
    """Return what is asked for."""
    try:
        return kind.model_validate(json.loads(await request.body()))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the body"
        raise Invalid(f"{place}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise Invalid("the body isn't JSON") from error


def unknown_model(name: str, known: str) -> NotFound:
    """Say which one is known here."""
    return NotFound(f"there is no model `{name}` here; it is `{known}`", code="model_not_found")


async def tell(request: Request, error: Exception) -> Response:
    """Answer a failure."""
    del request
    if not isinstance(error, LisaError):
        raise error
    status = next(
        (status for kind, status in STATUS.items() if isinstance(error, kind)),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    headers = {}
    if isinstance(error, LimitReached):
        headers["retry-after"] = str(max(1, round(error.retry_after)))
    return JSONResponse({"error": _described(error, status)}, status, headers)


def _described(error: LisaError, status: HTTPStatus) -> dict[str, Any]:
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return {
        "message": ". ".join(filter(None, (error.message, error.next_step))),
        "type": "server_error" if ours else "invalid_request_error",
        "param": None,
        "code": error.precise_code,
    }
