"""Errors as the caller's SDK expects them: a status, a body in its shape, and when to retry."""

import math
from http import HTTPStatus
from typing import Final

from lisa.domain.errors import LimitReached, LisaError, NotFound, Unavailable
from lisa.domain.statuses import STATUS
from lisa.gateway.surface import Dialect

STATUS_BY_CODE: Final = {
    "wrong_method": HTTPStatus.METHOD_NOT_ALLOWED,
    "upstream_silent": HTTPStatus.GATEWAY_TIMEOUT,
    "upstream_broke": HTTPStatus.BAD_GATEWAY,
    "upstream_dropped": HTTPStatus.BAD_GATEWAY,
    "upstream_refuses_us": HTTPStatus.BAD_GATEWAY,
}
OPENAI_CODES: Final = {"limit_reached": "rate_limit_exceeded"}
OPENAI_TYPES: Final = {
    HTTPStatus.FORBIDDEN: "permission_error",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
}
ANTHROPIC_TYPES: Final = {
    HTTPStatus.BAD_REQUEST: "invalid_request_error",
    HTTPStatus.UNAUTHORIZED: "authentication_error",
    HTTPStatus.FORBIDDEN: "permission_error",
    HTTPStatus.NOT_FOUND: "not_found_error",
    HTTPStatus.METHOD_NOT_ALLOWED: "invalid_request_error",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "request_too_large",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
    HTTPStatus.SERVICE_UNAVAILABLE: "overloaded_error",
    HTTPStatus.GATEWAY_TIMEOUT: "timeout_error",
}


def status_of(error: LisaError) -> HTTPStatus:
    """Return the status; a known code decides, else the nearest ancestor in the table."""
    by_kind = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return STATUS_BY_CODE.get(error.precise_code, by_kind)


def headers_of(error: LisaError) -> dict[str, str]:
    """Return what a client needs to know beside the body."""
    status = status_of(error)
    if isinstance(error, LimitReached | Unavailable):
        wait = getattr(error, "retry_after", 0) or 1
        return {"retry-after": str(max(1, math.ceil(wait)))}
    if status is HTTPStatus.UNAUTHORIZED:
        return {"www-authenticate": "Bearer"}
    return {}


def body_of(error: LisaError, dialect: Dialect, request_id: str = "") -> dict[str, object]:
    """Return the body in the shape of the caller's SDK."""
    status = status_of(error)
    message = f"{error.message}; {error.next_step}" if error.next_step else error.message
    if dialect is Dialect.ANTHROPIC:
        kind = ANTHROPIC_TYPES.get(status, "api_error")
        content = {"type": kind, "message": message}
        return {"type": "error", "error": content, "request_id": request_id}
    code = OPENAI_CODES.get(error.precise_code, error.precise_code)
    if status is HTTPStatus.UNAUTHORIZED:
        code = "invalid_api_key"
    return {
        "error": {"message": message, "type": _openai_type(status), "param": None, "code": code}
    }


def unknown_model(name: str) -> NotFound:
    """Return what a caller is told of a model that isn't there, or isn't there for them."""
    return NotFound(
        f"the model `{name[:200]}` does not exist or you do not have access to it",
        next_step="GET /v1/models lists those you may use",
        code="model_not_found",
    )


def _openai_type(status: HTTPStatus) -> str:
    default = "invalid_request_error" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "api_error"
    return OPENAI_TYPES.get(status, default)
