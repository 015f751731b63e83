"""Which paths there are, and how each speaks: one table for every endpoint of the gateway."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Dialect(StrEnum):
    """Whose shapes of answers and errors a caller expects."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"


class Body(StrEnum):
    """How a request names its model."""

    NONE = "none"
    JSON = "json"
    FORM = "form"


@dataclass(frozen=True)
class Endpoint:
    """One thing the gateway offers.

    `path` stands below each of the prefixes of its dialect; an upstream has it below its own.
    `reports_usage` tells that a stream says what it used only if asked to. `counted` is false where
    no tokens are made. `above_version` paths lie beside an upstream's `/v1`, not below it.
    """

    name: str
    path: str
    method: str = "POST"
    dialect: Dialect = Dialect.OPENAI
    body: Body = Body.JSON
    reports_usage: bool = False
    completes: bool = False  # makes tokens, up to `max_tokens`
    counted: bool = True
    images: bool = False
    above_version: bool = False
    public: bool = False


OPENAI_PREFIXES: Final = ("/v1", "/v2/serve", "/v2/serve/v1")
ANTHROPIC_PREFIXES: Final = (
    "/v1",
    "/v2/serve",
    "/v2/serve/v1",
    "/anthropic",
    "/anthropic/v1",
    "/v2/serve/anthropic",
    "/v2/serve/anthropic/v1",
)

MODELS: Final = Endpoint("models", "/models", "GET", body=Body.NONE)
ONE_MODEL: Final = Endpoint("model", "/models/{id}", "GET", body=Body.NONE)
MODEL_INFO: Final = Endpoint("model_info", "/model/info", "GET", body=Body.NONE)
INSTANCES: Final = Endpoint("instances", "/models/metadata/instances", "GET", body=Body.NONE)
HEALTH: Final = Endpoint("health", "/health", "GET", body=Body.NONE, public=True)
READY: Final = Endpoint("readiness", "/health/readiness", "GET", body=Body.NONE, public=True)
ALIVE: Final = Endpoint("liveliness", "/health/liveliness", "GET", body=Body.NONE, public=True)
CHAT: Final = Endpoint("chat", "/chat/completions", reports_usage=True, completes=True)
MESSAGES: Final = Endpoint("messages", "/messages", dialect=Dialect.ANTHROPIC, completes=True)

ENDPOINTS: Final = (
    MODELS,
    MODEL_INFO,
    INSTANCES,
    HEALTH,
    READY,
    ALIVE,
    CHAT,
    Endpoint("completions", "/completions", reports_usage=True, completes=True),
    Endpoint("embeddings", "/embeddings"),
    Endpoint("images", "/images/generations", images=True),
    Endpoint("rerank", "/rerank"),
    Endpoint("transcriptions", "/audio/transcriptions", body=Body.FORM),
    Endpoint("speech", "/audio/speech"),
    Endpoint("tokenize", "/tokenize", counted=False, above_version=True),
    MESSAGES,
    Endpoint("count_tokens", "/messages/count_tokens", dialect=Dialect.ANTHROPIC, counted=False),
)


def _prefixes(endpoint: Endpoint) -> tuple[str, ...]:
    both = endpoint.dialect is Dialect.ANTHROPIC or endpoint is MODELS
    beside = ("",) if endpoint.public else ()
    return (*(ANTHROPIC_PREFIXES if both else OPENAI_PREFIXES), *beside)


BY_PATH: Final[dict[str, Endpoint]] = {
    prefix + endpoint.path: endpoint for endpoint in ENDPOINTS for prefix in _prefixes(endpoint)
}
_MODELS_BELOW: Final = tuple(
    sorted((f"{prefix}/models/" for prefix in ANTHROPIC_PREFIXES), key=len, reverse=True)
)


def find(path: str) -> tuple[Endpoint | None, str]:
    """Return what a path leads to, and the id of the model it names, if it names one."""
    found = BY_PATH.get(path)
    if found:
        return found, ""
    below = next((prefix for prefix in _MODELS_BELOW if path.startswith(prefix)), "")
    name = path[len(below) :] if below else ""
    return (ONE_MODEL, name) if name else (None, "")


def dialect_of(path: str, endpoint: Endpoint | None, headers: "dict[str, str]") -> Dialect:
    """Tell whose shapes the caller expects."""
    speaks_anthropic = (
        (endpoint is not None and endpoint.dialect is Dialect.ANTHROPIC)
        or "anthropic-version" in headers
        or path.startswith(("/anthropic/", "/v2/serve/anthropic/"))
    )
    return Dialect.ANTHROPIC if speaks_anthropic else Dialect.OPENAI
