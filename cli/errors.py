"""The command line's one renderer of errors, and the way back from an HTTP answer to an error."""

import re
from collections.abc import Mapping
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

FAILED: Final = 1
TRY_AGAIN: Final = 3  # 2 is what a wrong option or argument ends with
KINDS: Final[Mapping[int, type[LisaError]]] = {
    HTTPStatus.BAD_REQUEST: Invalid,
    HTTPStatus.UNAUTHORIZED: Unauthenticated,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.PRECONDITION_FAILED: Conflict,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge,
    HTTPStatus.TOO_MANY_REQUESTS: LimitReached,
}
CONTROL_CHARACTERS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def render(error: LisaError) -> tuple[int, str]:
    """Return the exit code for an error, and what to tell the person."""
    lines = [f"error: {error.message}"]
    if error.next_step:
        lines.append(f"next step: {error.next_step}")
    code = TRY_AGAIN if isinstance(error, Unavailable) else FAILED
    return code, printable("\n".join(lines))


def document(error: LisaError) -> dict[str, object]:
    """Return what `--json` tells a program, in the shape of the API's own errors."""
    return {
        "error": {
            "code": error.precise_code,
            "message": error.message,
            "next_step": error.next_step,
        }
    }


def printable(text: str) -> str:
    """Take out what could steer the terminal: the text may come from another machine."""
    return CONTROL_CHARACTERS.sub("", text)


def error_of(status: int, body: object, url: str) -> LisaError:
    """Return the error that an answer with this status and this JSON body tells of."""
    if status < HTTPStatus.BAD_REQUEST:
        return no_lisa(url)
    kind = KINDS.get(status, Invalid if status < HTTPStatus.INTERNAL_SERVER_ERROR else Unavailable)
    told = body.get("error") if isinstance(body, dict) else None
    if not isinstance(told, dict):
        return kind(
            f"{url} answers with status {status}, and not as a LISA does",
            next_step="check the address",
            code="unexpected_answer",
        )
    message = str(told.get("message", ""))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        message += f" (request {told.get('request_id', '')})"
    return kind(message, next_step=str(told.get("next_step", "")), code=str(told.get("code", "")))


def no_lisa(url: str) -> Unavailable:
    """Say that somebody else answers there."""
    return Unavailable(
        f"what answers at {url} is no LISA",
        next_step="check the address; it is the one under which a browser shows LISA",
        code="unexpected_answer",
    )
