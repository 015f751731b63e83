"""Why an upstream didn't answer as a model does, in words that say what to mend."""

import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

import httpx

LONGEST: Final = 300


@dataclass(frozen=True)
class Cause:
    """A stable name, what happened, and what to do."""

    name: str
    message: str
    next_step: str


NO_SERVICE: Final = Cause(
    "no_service", "this LISA has no LiteLLM service", "add the model by the URL of its server"
)
NOT_TESTABLE: Final = Cause(
    "not_testable", "no call to such a model is small enough for a test", "save it without a test"
)
NO_MODEL: Final = Cause(
    "model_not_found",
    "the server has no model of this name",
    "use one of the names that the server lists at /models",
)
KEY: Final = Cause("key", "the server refuses our key", "give another key")
BY_STATUS: Final[dict[int, Cause]] = {
    HTTPStatus.UNAUTHORIZED: KEY,
    HTTPStatus.FORBIDDEN: KEY,
    HTTPStatus.NOT_FOUND: Cause(
        "path_not_found",
        "the server has nothing at this path",
        "correct the path: most servers have theirs under /v1",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: Cause(
        "limited", "the server takes no more calls now", "try again later"
    ),
}
BY_CLASS: Final[dict[int, Cause]] = {
    2: Cause(
        "not_a_model",
        "what answers there speaks another language than OpenAI's",
        "check the address: it ends before /chat/completions",
    ),
    3: Cause("redirected", "the server sends us elsewhere", "give its final address"),
    4: Cause(
        "call_refused", "the server refuses the call", "check the type and the name of the model"
    ),
    5: Cause("server_failed", "the server failed", "look into its log"),
}


def of_failure(error: Exception, host: str) -> Cause:
    """Explain why no answer came."""
    chain = list(_chain(error))
    if any(isinstance(each, socket.gaierror) for each in chain):
        return Cause("name_not_resolved", f"there is no address for {host}", "check the name")
    if any(isinstance(each, ssl.SSLError) for each in chain):
        why = next(str(each) for each in chain if isinstance(each, ssl.SSLError))
        step = "mend the server's certificate; a server without TLS has an http:// address"
        return Cause("tls", f"no safe connection to {host}: {why[:LONGEST]}", step)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Cause("timeout", f"{host} did not answer in time", "look whether it runs")
    if any(isinstance(each, ConnectionRefusedError) for each in chain):
        step = "start the server, or correct the port"
        return Cause("refused", f"nothing listens at {host}", step)
    what = type(error).__name__
    return Cause("unreachable", f"{host} can't be reached ({what})", "look whether it runs")


def of_answer(status: int, answer: bytes) -> Cause:
    """Explain an answer that is not a model's; what the server says of it is repeated."""
    said = _said(answer)
    found = BY_STATUS.get(status) or BY_CLASS.get(status // 100, BY_CLASS[2])
    if status == HTTPStatus.NOT_FOUND and "model" in said.lower():
        found = NO_MODEL
    return replace(found, message=f"{found.message} (status {status}){said}")


def _said(answer: bytes) -> str:
    """Return the message of an error in one of the usual shapes."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    return f": {' '.join(found.split())[:LONGEST]}" if isinstance(found, str) else ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
