"""Calls our own gateway over HTTP, with a pass that says for whom."""

import math
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, Protocol, TypeAlias

import httpx
from pydantic_core import from_json

from lisa.domain.errors import Forbidden, Invalid, LimitReached, LisaError, NotFound, Unavailable
from lisa.ports.embedding import OnBehalf

SECONDS: Final = 630.0  # a model that stands still is woken first, while the gateway holds the call
SECONDS_TO_CONNECT: Final = 5.0
MOST_CONNECTIONS: Final = 64
LONGEST_MESSAGE: Final = 500
REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


Where: TypeAlias = Callable[[], Awaitable[str]]


class Passes(Protocol):
    """Writes passes; raises `NotFound` for a model that isn't there."""

    async def write(self, whose: OnBehalf, model_id: str) -> str:
        """Return a credential for this model."""


class GatewayCalls:
    """What embedder and reranker share: one client, to be closed at the end."""

    def __init__(self, gateway: str | Where, passes: Passes) -> None:
        """Call nobody yet; `gateway` is its origin, or tells it when it is asked."""
        limits = httpx.Limits(
            max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS
        )
        self._gateway = gateway
        self._passes = passes
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(SECONDS, connect=SECONDS_TO_CONNECT),
            limits=limits,
            trust_env=False,
            follow_redirects=False,
        )

    async def ask(self, path: str, body: Mapping[str, Any], whose: OnBehalf) -> Any:
        """Return what the model named in the body answers; raises as an `Embedder` does."""
        credential = await self._passes.write(whose, str(body["model"]))
        origin = self._gateway if isinstance(self._gateway, str) else await self._gateway()
        try:
            answer = await self._client.post(
                f"{origin}{path}", json=body, headers={"authorization": f"Bearer {credential}"}
            )
        except httpx.HTTPError as error:
            raise Unavailable(
                f"the gateway can't be reached: {type(error).__name__}",
                next_step="look whether it runs",
                code="gateway_unreachable",
            ) from error
        if answer.is_success:
            return _read(answer)
        raise _refusal(answer)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()


def not_understood(model: str) -> Unavailable:
    """Say that an answer isn't what such a call is answered with."""
    return Unavailable(
        f"the model {model} gave an answer of another form",
        next_step="look whether it is a model for this",
        code="unknown_answer",
    )


def _read(answer: httpx.Response) -> Any:
    try:
        return from_json(answer.content)
    except ValueError as error:
        raise not_understood("asked") from error


def _refusal(answer: httpx.Response) -> LisaError:
    status = answer.status_code
    message, code = _told(answer)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return LimitReached(message, code=code, retry_after=_seconds(answer))
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(message, code=code, next_step="choose a model that there is")
    if status in REFUSED:
        return Forbidden(message, code=code, next_step="ask an administrator")
    if answer.is_client_error and status != HTTPStatus.REQUEST_TIMEOUT:
        return Invalid(message, code=code, next_step="look at the document, or at the model")
    return Unavailable(
        message, code=code, next_step="look at the model", retry_after=_seconds(answer)
    )


def _told(answer: httpx.Response) -> tuple[str, str]:
    """Return an error's message and code, in the gateway's words or the model's."""
    try:
        body = from_json(answer.content)
    except ValueError:
        body = None
    error = body.get("error") if isinstance(body, dict) else None
    told = error if isinstance(error, dict) else {"message": error}
    message = str(told.get("message") or f"the model answered {answer.status_code}")
    return message[:LONGEST_MESSAGE], str(told.get("code") or "")[:64]


def _seconds(answer: httpx.Response) -> float:
    try:
        seconds = float(answer.headers.get("retry-after", "1"))
    except ValueError:
        return 1.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 1.0
