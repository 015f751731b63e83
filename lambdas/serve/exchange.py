"""One call as the gateway's app sees it, and its answer as API Gateway wants it."""

import asyncio
import json
import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from lambdas.serve.answering import Answer, Head, NotTaken
from lisa.domain.errors import LisaError, Unavailable
from lisa.gateway.asgi import Message, Scope, header_names
from lisa.gateway.errors import body_of
from lisa.gateway.surface import Dialect, dialect_of, find

# API Gateway delimits the answer itself.
NOT_PASSED_ON: Final = frozenset({b"content-length", b"transfer-encoding", b"connection"})
EVENTS: Final = b"text/event-stream"
log = logging.getLogger("lisa.serve")


@dataclass
class Exchange:
    """Hands the app its request, and passes on what it sends."""

    scope: Scope
    body: bytes
    answer: Answer
    started: bool = False
    streams_events: bool = False
    _asked: bool = False
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> Message:
        """Return the request, which is there as a whole, and then wait for the end."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Pass on a part of the answer; where nobody takes it, the app hears of a disconnect."""
        if self._over.is_set():
            return
        try:
            await self._pass_on(message)
        except NotTaken as error:
            log.info("the answer is not taken: %s", error)
            self._over.set()
            self.answer.hang_up()

    async def end_for_time(self, seconds: float) -> None:
        """Say that the time is over, in whatever way can still be read."""
        message = f"the answer was not complete after {seconds:.0f} s, this gateway's most"
        await self.end_early(
            HTTPStatus.GATEWAY_TIMEOUT,
            Unavailable(message, next_step="ask for less", code="upstream_silent"),
        )

    async def end_early(self, status: HTTPStatus, error: LisaError) -> None:
        """End an answer that its app didn't end."""
        if self._over.is_set():
            return
        dialect = self._dialect()
        says = json.dumps(body_of(error, dialect)).encode()
        if not self.started:
            kind = [(b"content-type", b"application/json")]
            await self.send({"type": "http.response.start", "status": status, "headers": kind})
            await self.send({"type": "http.response.body", "body": says})
        elif self.streams_events:
            name = b"event: error\n" if dialect is Dialect.ANTHROPIC else b""
            event = b"%bdata: %b\n\n" % (name, says)
            await self.send({"type": "http.response.body", "body": event})
        else:
            await self._break_off(error)

    async def _break_off(self, error: LisaError) -> None:
        self._over.set()
        try:
            await self.answer.break_off("LISA.Incomplete", error.message)
        except NotTaken as failure:
            log.info("the answer is not taken: %s", failure)

    async def _pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            await self.answer.begin(self._head(message))
            return
        await self.answer.send(message.get("body", b""))
        if not message.get("more_body", False):
            self._over.set()
            await self.answer.end()

    def _head(self, message: Message) -> Head:
        sent = [each for each in message.get("headers", []) if each[0] not in NOT_PASSED_ON]
        self.streams_events = dict(sent).get(b"content-type", b"").startswith(EVENTS)
        return Head(int(message["status"]), sent)

    def _dialect(self) -> Dialect:
        path = self.scope["path"]
        endpoint, _ = find(path)
        return dialect_of(path, endpoint, header_names(self.scope))
