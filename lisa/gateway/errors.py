"""Errors as the caller's SDK expects them: a status, a body in its shape, and when to retry."""

import math
from http import HTTPStatus
from typing import Final

from lisa.domain.errors import LimitReached, LisaError, NotFound, Unavailable
from lisa.domain.model import Model, ModelStatus
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
HELPS: Final = {  # and after how many seconds it may help
    ModelStatus.STOPPING: ("try again when it has stopped, which starts it", 10),
    ModelStatus.DELETING: ("choose another model", 60),
    ModelStatus.FAILED: ("ask an administrator to start it again", 60),
}


def status_of(error: LisaError) -> HTTPStatus:
    """Return the status; a known code decides, else the nearest ancestor in the table."""
    by_kind = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return STATUS_BY_CODE.get(error.precise_code, by_kind)


def headers_of(error: LisaError) -> dict[str, str]:
    """Return what a client needs to know beside the body."""
    status = status_of(error)
    if isinstance(error, LimitReached | Unavailable):
        return {"retry-after": str(max(1, math.ceil(error.retry_after)))}
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


def not_in_service(model: Model) -> Unavailable:
    """Return what a caller is told of a model that answers nobody now."""
    helps, after = ("try again when it is InService", 1)
    if model.hosting:
        helps, after = HELPS.get(model.status, (helps, after))
    return Unavailable(
        f"the model `{model.id}` is {told_of(model)}",
        next_step=helps,
        code="model_not_in_service",
        retry_after=after,
    )


def told_of(model: Model) -> str:
    """Return a model's status, and why it is so where that is known."""
    return f"{model.status}: {model.reason}" if model.reason else str(model.status)


def _openai_type(status: HTTPStatus) -> str:
    default = "invalid_request_error" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "api_error"
    return OPENAI_TYPES.get(status, default)
