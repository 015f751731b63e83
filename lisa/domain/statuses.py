"""The HTTP status that each kind of failure is told by, on every plane."""

from http import HTTPStatus
from typing import Final

from lisa.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    LimitReached,
    LisaError,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)

STATUS: Final[dict[type[LisaError], HTTPStatus]] = {
    Invalid: HTTPStatus.BAD_REQUEST,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Forbidden: HTTPStatus.FORBIDDEN,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    LimitReached: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    LisaError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
