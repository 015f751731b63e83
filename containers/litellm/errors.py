"""What went wrong at a provider, told in the caller's shape and without secrets."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from containers.litellm.endpoints import ANTHROPIC
from lisa.domain.errors import Invalid, LisaError, TooLarge, Unauthenticated, Unavailable

LONGEST_MESSAGE: Final = 2000
STATUS: Final[Mapping[type[LisaError], int]] = {
    TooLarge: 413,
    Invalid: 400,
    Unauthenticated: 401,
    Unavailable: 503,
}
TYPES: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}
PREFIX: Final = re.compile(
    r"^(litellm\.)?(\w+Error: )*(\w+Exception - )?(Error code: \d+ - )?(b(?='\{))?"
)
LOOKS_SECRET: Final = re.compile(
    r"(?i)(?:bearer\s+\S+|\b(?:sk|pk|rk|gsk|xai)-[\w*-]{4,}|\b(?:AKIA|ASIA)[A-Z0-9*]{8,}|\bAIza[\w-]{8,}"
    r"|(?:api[_-]?key|token|secret|signature|credential)s?[\"']?\s*[:=]\s*[\"']?[^\s\"',&]+)"
)


@dataclass(frozen=True)
class Told:
    """An error as the caller gets it."""

    status: int
    message: str
    shape: str
    retry_after: str = ""

    def document(self) -> dict[str, Any]:
        """Return the body, in the shape that the caller's SDK knows."""
        kind = TYPES.get(self.status, "api_error" if self.status >= 500 else TYPES[400])  # noqa: PLR2004  # HTTP's own line between their fault and ours
        if self.shape == ANTHROPIC:
            return {"type": "error", "error": {"type": kind, "message": self.message}}
        error = {"message": self.message, "type": kind, "param": None, "code": str(self.status)}
        return {"error": error}

    def event(self) -> bytes:
        """Return the event that ends a stream which has begun."""
        name = b"event: error\n" if self.shape == ANTHROPIC else b""
        return name + b"data: " + json.dumps(self.document()).encode() + b"\n\n"


def tell(error: Exception, shape: str, hidden: Collection[str]) -> Told:
    """Find status and words; `hidden` are texts that must not appear."""
    if isinstance(error, LisaError):
        kinds = (status for kind, status in STATUS.items() if isinstance(error, kind))
        return Told(next(kinds, 500), error.message, shape)
    status = _status(error)
    if status == 401:  # noqa: PLR2004  # Unauthorized; providers quote parts of keys here
        return Told(status, "the provider refuses the key that LISA has for it", shape)
    return Told(status, without_secrets(_words(error), hidden), shape, _retry_after(error))


def without_secrets(text: str, hidden: Collection[str]) -> str:
    """Take out what must not be seen, and what looks as if it must not."""
    for secret in sorted(filter(None, hidden), key=len, reverse=True):
        text = text.replace(secret, "***")
    return LOOKS_SECRET.sub("***", text)[:LONGEST_MESSAGE]


def _words(error: Exception) -> str:
    """Return the provider's words; those of a failing program are for its makers."""
    if _own_status(error) is None:
        return "LiteLLM can't use this provider in this way"
    if type(error).__name__ == "APIConnectionError":
        return "the provider can't be reached, or answers in a way that LiteLLM doesn't understand"
    return _of_the_provider(str(getattr(error, "message", "")) or type(error).__name__)


def _of_the_provider(text: str) -> str:
    """Take off what LiteLLM puts around a provider's message."""
    text = PREFIX.sub("", text.split("\nTraceback", 1)[0])
    try:
        document = json.loads(text)
    except ValueError:
        return text
    inner = document.get("error", document) if isinstance(document, dict) else None
    found = inner.get("message", inner.get("Message")) if isinstance(inner, dict) else inner
    return found if isinstance(found, str) else text


def _status(error: Exception) -> int:
    """Return the provider's status; 502 where it gave none, 504 where it gave nothing in time."""
    names = {type(each).__name__ for each in _chain(error)}
    for each in reversed([*_chain(error)]):
        response = getattr(each, "response", None)
        status = getattr(response, "status_code", None)
        if isinstance(status, int) and status >= 400 and _came_from_afar(response):  # noqa: PLR2004  # where HTTP's errors begin
            return status
    if names & {"Timeout", "APITimeoutError", "ReadTimeout", "ConnectTimeout"}:
        return 504
    if names & {"APIConnectionError", "ConnectError", "ClientConnectorError"}:
        return 502
    return _own_status(error) or 502


def _own_status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and 400 <= status < 600 else None  # noqa: PLR2004  # HTTP's errors


def _came_from_afar(response: Any) -> bool:
    """LiteLLM makes up responses for its exceptions; they name itself as the place asked."""
    request = getattr(response, "_request", None)
    return request is not None and "litellm" not in request.url.host and bool(response.headers)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _retry_after(error: Exception) -> str:
    for each in _chain(error):
        own = getattr(each, "litellm_response_headers", None) or getattr(each, "headers", None)
        for headers in (own, getattr(getattr(each, "response", None), "headers", None)):
            if headers and (value := headers.get("retry-after")):
                return str(value)
    return ""
