"""Tells whatever is done in the course of a call from where it came."""

from starlette.types import ASGIApp, Receive, Scope, Send

from lisa.domain.audit import Circumstances
from lisa.usecases.audit import CIRCUMSTANCES


class CallCircumstances:
    """Sets the circumstances of each call; the address is the one the server saw, no header's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        host, _ = scope.get("client") or ("", 0)
        request_id = str(scope.get("state", {}).get("request_id", ""))
        before = CIRCUMSTANCES.set(Circumstances(host, request_id))
        try:
            await self.app(scope, receive, send)
        finally:
            CIRCUMSTANCES.reset(before)
