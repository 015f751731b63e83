"""Which pages of other origins may call from a browser: those listed, and no others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lisa.gateway.asgi import RawHeaders

EXPOSED: Final = (
    b"x-request-id, retry-after, x-lisa-model, x-lisa-upstream, x-lisa-tries, x-lisa-ms, "
    b"x-ratelimit-limit-requests, x-ratelimit-remaining-requests, x-ratelimit-reset-requests, "
    b"x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens, x-ratelimit-reset-tokens"
)
ASKED_BY_DEFAULT: Final = "authorization, content-type"
VARIES: Final = (b"vary", b"origin")


@dataclass(frozen=True)
class Cors:
    """Answers browsers that ask on behalf of a page."""

    origins: frozenset[str] = frozenset()

    def headers(self, sent: Mapping[str, str]) -> RawHeaders:
        """Return what lets a listed page read an answer."""
        origin = sent.get("origin")
        if not origin:
            return []
        if origin not in self.origins:
            return [VARIES]
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-expose-headers", EXPOSED),
            VARIES,
        ]

    def preflight(self, sent: Mapping[str, str]) -> RawHeaders:
        """Return what lets a listed page send a request; others are told nothing."""
        if sent.get("origin") not in self.origins:
            return []
        asked = sent.get("access-control-request-headers", ASKED_BY_DEFAULT)
        return [
            (b"access-control-allow-methods", b"GET, POST, DELETE, OPTIONS"),
            (b"access-control-allow-headers", asked.encode("latin-1")),
            (b"access-control-max-age", b"600"),
        ]
