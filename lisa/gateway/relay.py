"""One attempt at one upstream: the request out, the answer back, byte by byte as it comes."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from lisa.domain.errors import LisaError, Unavailable
from lisa.domain.model import Model, Upstream
from lisa.domain.usage import Counts
from lisa.gateway.asgi import RawHeaders
from lisa.gateway.asking import Asked, Outcome
from lisa.gateway.errors import body_of
from lisa.gateway.passing import Document, Events, Passing
from lisa.gateway.reply import Reply
from lisa.gateway.surface import Dialect
from lisa.gateway.targets import Target, Targets
from lisa.ports.upstreams import Answer, Upstreams

LONGEST_ERROR: Final = 1024 * 1024
ELSEWHERE: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
OUR_KEY_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
PASSED_BACK: Final = (
    "content-type",
    "content-encoding",
    "content-disposition",
    "openai-processing-ms",
    "retry-after",
)
REFUSES_US: Final = "upstream_refuses_us"
EVENTS: Final = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An upstream's answer that isn't what was asked for, whole."""

    status: int
    headers: RawHeaders
    body: bytes

    @property
    def may_do_elsewhere(self) -> bool:
        """Tell whether another upstream may do better."""
        return self.status in ELSEWHERE


@dataclass(frozen=True)
class Relay:
    """Sends calls to upstreams and passes answers back."""

    upstreams: Upstreams
    targets: Targets

    async def attempt(
        self, asked: Asked, model: Model, upstream: Upstream, reply: Reply, outcome: Outcome
    ) -> Refusal | None:
        """Answer the caller, or return why not; `Unavailable` means that nothing came at all.

        An upstream that refuses our key is asked once more if the key was replaced meanwhile.
        """
        outcome.model, outcome.upstream = model.id, upstream.id
        target = await self.targets.of(asked.endpoint, model, upstream, asked.headers)
        try:
            return await self._ask(asked, model, target, reply, outcome)
        except Unavailable as error:
            if error.precise_code != REFUSES_US or not await self.targets.has_other_secret(target):
                raise
        target = await self.targets.of(asked.endpoint, model, upstream, asked.headers)
        return await self._ask(asked, model, target, reply, outcome)

    async def _ask(
        self, asked: Asked, model: Model, target: Target, reply: Reply, outcome: Outcome
    ) -> Refusal | None:
        target.headers["x-request-id"] = asked.id
        body = asked.body.rewritten(target.name, ask_for_usage=asked.usage_is_unasked)
        sending = self.upstreams.send(
            "POST", target.url, target.headers, body, model.timeouts, model.id
        )
        outcome.reached = True
        async with sending as answer:
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                return await _refusal(answer, target)
            await _pass_on(asked, answer, reply, outcome)
            return None


async def _refusal(answer: Answer, target: Target) -> Refusal:
    """Read an error; whose key it refuses is not told to callers, whose own keys are well."""
    if answer.status in OUR_KEY_REFUSED or answer.status < HTTPStatus.BAD_REQUEST:
        raise Unavailable(
            f"the upstream refuses us with status {answer.status}",
            next_step="ask an administrator to check the model's address and key",
            code=REFUSES_US,
        )
    body = await answer.whole(LONGEST_ERROR)
    for private in (target.secret, target.url, target.url.partition("://")[2].partition("/")[0]):
        if private:
            body = body.replace(private.encode(), b"[upstream]")
    headers = [*_passed_back(answer), (b"content-length", str(len(body)).encode())]
    return Refusal(answer.status, headers, body)


async def _pass_on(asked: Asked, answer: Answer, reply: Reply, outcome: Outcome) -> None:
    """Pass the answer on; it begins with its first piece, so that until then others may help."""
    events = answer.headers.get("content-type", "").startswith(EVENTS)
    passing = Events(drops_usage=asked.usage_is_unasked) if events else Document()
    chunks = answer.chunks()
    first = await anext(chunks, b"")
    outcome.first_byte_ms = (time.perf_counter() - asked.started) * 1000
    outcome.status, outcome.streamed = answer.status, events
    outcome.ended = "cut"  # until it has ended otherwise
    await reply.start(answer.status, _headers(answer, outcome, events=events))
    try:
        if answer.headers.get("content-length") == str(len(first)) and not events:
            await reply.end(passing.through(first))
        else:
            await _body(first, chunks, passing, reply)
        outcome.ended = "done"
    except Unavailable as error:
        if events:
            await reply.end(_error_event(error, asked))
        raise
    finally:
        outcome.counts = _counts(asked, passing)


async def _body(first: bytes, chunks: AsyncIterator[bytes], passing: Passing, reply: Reply) -> None:
    if first and (sent := passing.through(first)):
        await reply.more(sent)
    async for chunk in chunks:
        if sent := passing.through(chunk):
            await reply.more(sent)
    await reply.end(passing.rest())


def _counts(asked: Asked, passing: Passing) -> Counts:
    """Take the upstream's word for what was used, else estimate it."""
    if not asked.endpoint.counted:
        return Counts()
    reported = passing.counts()
    if reported is None:
        completion = passing.completion_estimate() if asked.endpoint.completes else 0
        reported = Counts(prompt=asked.prompt_estimate, completion=completion, estimated=True)
    if asked.endpoint.images:
        return reported.model_copy(update={"images": asked.images})
    return reported


def _headers(answer: Answer, outcome: Outcome, *, events: bool) -> RawHeaders:
    milliseconds = round(outcome.first_byte_ms or 0)
    headers = [
        *_passed_back(answer),
        (b"x-lisa-model", outcome.model.encode()),
        (b"x-lisa-upstream", outcome.upstream.encode()),
        (b"x-lisa-tries", b"%d" % outcome.tries),
        (b"x-lisa-ms", b"%d" % milliseconds),
    ]
    if events:
        headers.append((b"x-accel-buffering", b"no"))
    elif length := answer.headers.get("content-length"):
        headers.append((b"content-length", length.encode()))
    return headers


def _passed_back(answer: Answer) -> RawHeaders:
    headers = answer.headers
    return [
        (name.encode(), headers[name].encode("latin-1")) for name in PASSED_BACK if name in headers
    ]


def _error_event(error: LisaError, asked: Asked) -> bytes:
    """Tell a stream's reader that what came is not the whole."""
    says = json.dumps(body_of(error, asked.dialect, asked.request_id))
    name = "event: error\n" if asked.dialect is Dialect.ANTHROPIC else ""
    return f"{name}data: {says}\n\n".encode()
