"""Why a tool server didn't do what it was asked, in words that say what to mend."""

import socket
import ssl
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

import httpx2
from mcp import MCPError
from pydantic import ValidationError

from lisa.domain.audit import masked_text
from lisa.domain.errors import LisaError, Unavailable

LONGEST: Final = 300
KEY_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


def failure_of(error: BaseException | None, name: str) -> LisaError:
    """Explain what a connection or a call ended with."""
    causes = list(_causes(error))
    for each in causes:
        if isinstance(each, LisaError):
            return each
    for each in causes:
        if message := _known(each):
            return unavailable(name, message)
    what = type(causes[0]).__name__ if causes else "it hung up"
    return unavailable(name, f"can't be reached ({what})")


def timed_out(name: str, seconds: float) -> Unavailable:
    """Say that it was waited for in vain."""
    return unavailable(name, f"did not answer within {seconds:g} seconds", "tool_server_silent")


def unavailable(name: str, what: str, code: str = "tool_server_unavailable") -> Unavailable:
    """Say what is wrong with a server."""
    return Unavailable(
        f"the tool server {name} {what}", next_step="look whether it runs as it should", code=code
    )


UNREADABLE: Final = (httpx2.StreamError, httpx2.SSEError, httpx2.DecodingError)
SAID: Final[tuple[tuple[tuple[type[BaseException], ...], str], ...]] = (
    ((socket.gaierror,), "has a name that leads to no address"),
    ((ssl.SSLError,), "has no safe connection: {error}"),
    ((httpx2.TimeoutException, TimeoutError), "did not answer in time"),
    ((httpx2.ConnectError, ConnectionRefusedError), "can't be reached: nothing listens there"),
    (UNREADABLE, "gave an answer that can't be read: {error}"),
    ((ValidationError,), "speaks something else than the Model Context Protocol"),
    ((MCPError,), "answered: {error}"),
)


def _known(error: BaseException) -> str:
    if isinstance(error, httpx2.HTTPStatusError):
        return _status(error.response.status_code)
    for kinds, message in SAID:
        if isinstance(error, kinds):
            return message.format(error=masked_text(str(error))[:LONGEST])
    return ""


def _status(status: int) -> str:
    if status in KEY_REFUSED:
        return f"refuses our credentials (status {status})"
    if status // 100 == HTTPStatus.MULTIPLE_CHOICES // 100:
        return f"sends us elsewhere (status {status}); give its final address"
    return f"refuses to talk (status {status})"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield what an error was made of, the leaves of groups instead of the groups."""
    while error is not None:
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _causes(each)
            return
        yield error
        error = error.__cause__ or error.__context__
