"""The completions of turns: calls like anybody's, through the same limits, meters and fallbacks."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final

from pydantic import JsonValue
from pydantic_core import from_json, to_json

from lisa.domain.errors import Invalid, LimitReached, LisaError, TooLarge, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.usage import Call
from lisa.gateway.asgi import Message
from lisa.gateway.asking import Asked, read_body
from lisa.gateway.bodies import CallerGone
from lisa.gateway.calls import Calls, usable
from lisa.gateway.estimate import prompt_tokens
from lisa.gateway.form_body import FormBody
from lisa.gateway.json_body import JsonBody
from lisa.gateway.relay import EVENTS
from lisa.gateway.reply import Reply
from lisa.gateway.surface import CHAT, ENDPOINTS, Dialect, Endpoint
from lisa.gateway.turns.stream import EventReader, chunk_of, chunk_of_whole
from lisa.ports.calls import Ask, Meter
from lisa.ports.completions import Chunks, Spent

IMAGES: Final = next(each for each in ENDPOINTS if each.images)
HEADERS: Final = {"content-type": "application/json"}
NOWHERE: Final = (0, 0)  # no bytes of such a body are ever sent
PIECES_AHEAD: Final = 64
LARGEST_ANSWER: Final = 64 * 1024 * 1024
LONGEST_ERROR: Final = 2000
PATIENCE_WITH_THE_END: Final = 5.0


@dataclass(frozen=True)
class GatewayCompletions:
    """Asks models as the gateway does for callers from outside."""

    calls: Calls

    def model(self, caller: Principal, name: str) -> Model:
        """Return a model that the caller may use."""
        return usable(self.calls.registry, caller, name)

    async def check(self, caller: Principal, call_id: str, body: dict[str, JsonValue]) -> None:
        """Raise `LimitReached` where the caller would be refused by now."""
        endpoint = CHAT if "messages" in body else IMAGES
        prompt = prompt_tokens(body)
        await self.calls.check(
            _asked(endpoint, caller, call_id, JsonBody(b"", body, NOWHERE), prompt)
        )

    @asynccontextmanager
    async def chat(
        self, caller: Principal, call_id: str, body: dict[str, JsonValue]
    ) -> AsyncIterator[Chunks]:
        """Ask by the body of a chat completion; leaving early ends the upstream's work."""
        async with self._asking(CHAT, caller, call_id, body) as answer:
            yield answer

    async def images(
        self, caller: Principal, call_id: str, body: dict[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Ask for images; return the body of the answer."""
        async with self._asking(IMAGES, caller, call_id, body) as answer:
            says = from_json(await answer.whole())
        if not isinstance(says, dict):
            raise Unavailable("the model's answer isn't an object", code="upstream_broke")
        return says

    @asynccontextmanager
    async def _asking(
        self, endpoint: Endpoint, caller: Principal, call_id: str, body: dict[str, JsonValue]
    ) -> AsyncIterator["Answer"]:
        read, prompt = await read_body(endpoint, _written(body), HEADERS)
        asked = _asked(endpoint, caller, call_id, read, prompt)
        answer = Answer()
        calls = replace(self.calls, meter=Telling(self.calls.meter, answer.spent))
        work = asyncio.create_task(answer.serve(calls, asked))
        try:
            yield answer
        finally:
            answer.leave()
            await _ended(work)


@dataclass(frozen=True)
class Telling:
    """The gateway's meter, which also tells the turn what its call took."""

    meter: Meter
    spent: Spent

    def begin(self, ask: Ask) -> None:
        """Pass it on."""
        self.meter.begin(ask)

    def note(self, call: Call) -> None:
        """Pass it on, and take note."""
        self.meter.note(call)
        self.spent.cost = call.cost
        self.spent.price_source, self.spent.served_by = call.price_source, call.served_by


@dataclass
class Answer:
    """One answer on its way from the gateway's call to the turn; neither runs far ahead."""

    spent: Spent = field(default_factory=Spent)
    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    _pieces: asyncio.Queue[bytes | None] = field(
        default_factory=lambda: asyncio.Queue(PIECES_AHEAD)
    )
    _left: asyncio.Event = field(default_factory=asyncio.Event)
    _failure: Exception | None = None

    async def serve(self, calls: Calls, asked: Asked) -> None:
        """Let the gateway answer; what fails is told to the reader."""
        try:
            await calls.serve(asked, Reply(self._take, self._gone, []))
        except CallerGone:
            return
        except LisaError as error:
            self._failure = error
        finally:
            await self._pieces.put(None)  # there is room: whoever left takes nothing more

    def leave(self) -> None:
        """Hang up, as a caller would who wants no more."""
        self._left.set()
        while not self._pieces.empty():
            self._pieces.get_nowait()

    async def __aiter__(self) -> AsyncIterator[dict[str, JsonValue]]:
        """Yield chunks; raise what the answer broke off with."""
        pieces = self._bodies()
        first = await anext(pieces, b"")
        if not self.headers.get(b"content-type", b"").startswith(EVENTS.encode()):
            yield chunk_of_whole(_object(await _joined(first, pieces)))
            return
        reader = EventReader()
        for chunk in _chunks(reader.take(first)):
            yield chunk
        async for piece in pieces:
            for chunk in _chunks(reader.take(piece)):
                yield chunk
        for chunk in _chunks(reader.rest()):
            yield chunk

    async def whole(self) -> bytes:
        """Return the whole body."""
        pieces = self._bodies()
        return await _joined(await anext(pieces, b""), pieces)

    async def _bodies(self) -> AsyncIterator[bytes]:
        while (piece := await self._pieces.get()) is not None:
            if self.status >= HTTPStatus.BAD_REQUEST:
                raise self._refusal(await _joined(piece, self._bodies_left()))
            yield piece
        if self._failure:
            raise self._failure

    async def _bodies_left(self) -> AsyncIterator[bytes]:
        while (piece := await self._pieces.get()) is not None:
            yield piece

    async def _take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        elif message.get("body") and not self._left.is_set():
            await self._pieces.put(message["body"])

    async def _gone(self) -> Message:
        await self._left.wait()
        return {"type": "http.disconnect"}

    def _refusal(self, body: bytes) -> LisaError:
        """Say in the upstream's words why there is no answer."""
        message = _words_of(body) or f"the model refuses with status {self.status}"
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = self.headers.get(b"retry-after", b"")
            return LimitReached(message, retry_after=float(wait) if wait.isdigit() else 1)
        if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Unavailable(message, code="upstream_broke")
        return Invalid(message, code="refused_by_model")


def _asked(
    endpoint: Endpoint, caller: Principal, call_id: str, body: JsonBody | FormBody, prompt: int
) -> Asked:
    return Asked(
        id=call_id,
        request_id=call_id,
        endpoint=endpoint,
        dialect=Dialect.OPENAI,
        caller=caller,
        headers=HEADERS,
        body=body,
        prompt_estimate=prompt,
        started=time.perf_counter(),
    )


def _chunks(events: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    return (chunk for data in events if (chunk := chunk_of(data)) is not None)


def _written(body: dict[str, JsonValue]) -> bytes:
    try:
        return to_json(body)
    except ValueError:  # half of a surrogate pair, which only escapes can write
        return json.dumps(body).encode()


def _object(body: bytes) -> dict[str, Any]:
    try:
        says = from_json(body)
    except ValueError as error:
        raise Unavailable("the model's answer isn't JSON", code="upstream_broke") from error
    if not isinstance(says, dict):
        raise Unavailable("the model's answer isn't an object", code="upstream_broke")
    return says


def _words_of(body: bytes) -> str:
    try:
        says = from_json(body)
    except ValueError:
        return ""
    error = says.get("error", says) if isinstance(says, dict) else says
    words = error.get("message", "") if isinstance(error, dict) else error
    return str(words)[:LONGEST_ERROR]


async def _joined(first: bytes, pieces: AsyncIterator[bytes]) -> bytes:
    found, size = [first], len(first)
    async for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise TooLarge("the model's answer is too large", code="answer_too_large")
    return b"".join(found)


async def _ended(work: asyncio.Task[None]) -> None:
    """Wait until the call has been settled and noted; one that doesn't end is ended."""
    done, _ = await asyncio.wait([work], timeout=PATIENCE_WITH_THE_END)
    if not done:
        work.cancel()
        await asyncio.wait([work], timeout=PATIENCE_WITH_THE_END)
    elif not work.cancelled() and (error := work.exception()):
        raise error
