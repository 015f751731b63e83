"""What anybody may call: the control API as its document tells it, and the gateway's standard."""

import json
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Request

DOCUMENT: Final = Path(__file__).parents[2] / "ui" / "openapi.json"
# As the packages of OpenAI call them, and programs made for LiteLLM.
STANDARD: Final = (
    ("GET", "/v1/models"),
    ("GET", "/v1/model/info"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/embeddings"),
    ("POST", "/v1/responses"),
    ("GET", "/v1/responses/{id}"),
    ("POST", "/v1/responses/{id}/cancel"),
)
# What a page says of itself, where OpenID Connect lets people in, and the links that an answer
# of the API has signed.
BESIDE: Final = re.compile(r"/config\.json|/oidc/.+|/files/.+\?.*signature=.+")
CALLS: Final = {"fetch", "xhr", "eventsource", "websocket", "ping"}


def is_call(request: Request) -> bool:
    """Tell whether a page asks for more than its own files."""
    address = urlsplit(request.url)
    is_of_an_api = address.path.startswith(("/api/", "/v1/"))
    is_beside = BESIDE.fullmatch(f"{address.path}?{address.query}".rstrip("?"))
    return (is_of_an_api or request.resource_type in CALLS) and not is_beside


def is_public(request: Request) -> bool:
    """Tell whether some other program would know of this call."""
    path = urlsplit(request.url).path
    return any(method == request.method and pattern.fullmatch(path) for method, pattern in _PUBLIC)


def _documented() -> list[tuple[str, str]]:
    paths = json.loads(DOCUMENT.read_text())["paths"]
    return [(each.upper(), f"/api{path}") for path, methods in paths.items() for each in methods]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)))


_PUBLIC: Final = [(method, _pattern(path)) for method, path in (*_documented(), *STANDARD)]
