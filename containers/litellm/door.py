"""One path of the service: reads the request, calls the SDK, answers; the outermost edge."""

import logging
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from starlette.types import Receive, Scope, Send

from containers.litellm.answering import events, whole
from containers.litellm.asking import Call, make_call, read_body
from containers.litellm.endpoints import Endpoint
from containers.litellm.errors import tell, without_secrets
from containers.litellm.presence import headers_of, read, while_here
from containers.litellm.replies import Reply
from containers.litellm.secret import OwnSecret
from containers.litellm.upstream import named_in
from lisa.domain.errors import Invalid
from lisa.ports.secrets import Secrets

log = logging.getLogger("lisa.litellm")


@dataclass(frozen=True)
class Door:
    """Answers one path by one function of the SDK."""

    litellm: Any
    endpoint: Endpoint
    secrets: Secrets
    own: OwnSecret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, unless the caller leaves."""
        reply = Reply(send)
        hidden: list[str] = []  # what must not be seen in the words of an error
        try:
            raw = await read(receive)
            await while_here(receive, self._answer(headers_of(scope), raw, reply, hidden))
        except Exception as error:  # noqa: BLE001  # the SDK raises whatever its providers' code does
            told = tell(error, self.endpoint.shape, hidden)
            words = without_secrets(str(error), hidden)
            log.warning("%s %s: %s", told.status, type(error).__name__, words)
            await reply.fail(told)

    async def _answer(
        self, headers: dict[str, str], raw: bytes, reply: Reply, hidden: list[str]
    ) -> None:
        upstream = named_in(headers)
        key = await self.secrets.resolve(upstream.key) if upstream.key else None
        hidden += [key or "", upstream.url]
        if key and await self.own.is_in(key):
            raise Invalid("LISA's own secret is no provider's key")
        call = make_call(self.litellm, self.endpoint, upstream, key, read_body(headers, raw))
        result = await getattr(self.litellm, call.function)(**call.arguments)
        if call.streams:
            await _stream(call, result, reply)
        else:
            answer = whole(call, result)
            await reply.whole(200, answer.content_type, answer.body)


async def _stream(call: Call, result: Any, reply: Reply) -> None:
    """Send no status before the first event is there: until then a failure has its own."""
    async with aclosing(events(call, result)) as flow:
        async for event in flow:
            await reply.piece(event)
    await reply.end()
