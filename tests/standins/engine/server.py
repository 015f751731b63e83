"""Stands in for an inference engine: quick, exact about chunk boundaries, and bad on demand.

A request's own field `engine` says how to behave: `delay`, `status`, `hang`, `drop`, `tokens`,
`pause` between events, `size` of the answer in bytes, `split` (bytes per write), `break_after` so
many events or `end_after` them as if that were all, `held` after so many until it may `go_on`,
`silent_on_usage`, `stamp` each event with the time, `tool` and `arguments` of a call, several
`calls` at once, each a name and arguments, `stubborn` about calling again. For callers that can't
say so, `Engine.usually` does.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import httptools
from pydantic_core import from_json, to_json

from tests.standins.engine import answers, anthropic_answers

Whole = Callable[[dict[str, Any]], object]
WHOLE: dict[str, Whole] = {
    "/v1/chat/completions": answers.chat,
    "/v1/completions": answers.completion,
    "/v1/embeddings": answers.embeddings,
    "/v1/images/generations": answers.images,
    "/v1/rerank": lambda says: {
        "id": "rerank-1",
        "results": [{"index": i, "relevance_score": 0.5} for i in range(len(says["documents"]))],
        "usage": {"total_tokens": 5},
    },
    "/v1/audio/transcriptions": lambda _: {"text": "Grüezi"},
    "/tokenize": lambda _: {"tokens": [1, 2], "count": 2, "max_model_len": 4096},
    "/v1/messages": anthropic_answers.message,
    "/v1/messages/count_tokens": lambda _: {"input_tokens": 9},
}


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def says(self) -> dict[str, Any]:
        return from_json(self.body)  # type: ignore[no-any-return] # tests know what they sent


@dataclass
class Engine:
    """Listens on loopback, and remembers what it saw where `remembers`.

    Where it `wants` a key, it answers 401 to whoever shows another one.
    """

    remembers: bool = True
    usually: dict[str, Any] = field(default_factory=dict)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    wants: str = ""
    seen: list[Seen] = field(default_factory=list)
    under_way: int = 0
    hung_up_on: int = 0
    connections: set["_Connection"] = field(default_factory=set)
    port: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def come(self) -> None:
        """Listen, after the first time on the same port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self), "127.0.0.1", self.port, backlog=4096
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def quiet(self) -> bool:
        """Wait a while until nobody asks anything any more; tell whether that came about."""
        for _ in range(300):
            if not self.under_way:
                return True
            await asyncio.sleep(0.01)
        return False

    async def go(self) -> None:
        """Hang up, and refuse connections from now on."""
        if self._server:
            self._server.close()
        for connection in [*self.connections]:
            connection.hang_up()
        await asyncio.sleep(0)
        self._server = None


class _Connection(asyncio.Protocol):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._work: asyncio.Task[None] | None = None
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._engine.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._engine.connections.discard(self)
        if self._work and not self._work.done():
            self._engine.hung_up_on += 1
            self._work.cancel()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url, self._headers, self._body = url, {}, bytearray()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        body = bytes(self._body)
        path = self._url.decode()
        if self._engine.remembers:
            method = self._parser.get_method().decode()
            self._engine.seen.append(Seen(method, path, self._headers, body))
        if self._engine.wants and self._headers.get("authorization") != self._engine.wants:
            self.write(_response(401, {"error": {"message": "wrong key"}}))
            return
        if not self._engine.usually and b'"engine"' not in body and b'"stream"' not in body:
            self.write(_whole(path, body))
            return
        self._work = asyncio.get_running_loop().create_task(self._answer(path, body))

    def write(self, data: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)

    def hang_up(self) -> None:
        if self._transport:
            self._transport.abort()

    async def _answer(self, path: str, body: bytes) -> None:
        self._engine.under_way += 1
        try:
            await self._behave(path, body)
        finally:
            self._engine.under_way -= 1

    async def _behave(self, path: str, body: bytes) -> None:
        says = from_json(body)
        how = says["engine"] = self._engine.usually | says.get("engine", {})
        if how.get("drop"):
            self.hang_up()
            return
        if how.get("hang"):
            await asyncio.Event().wait()
        if "delay" in how:
            await asyncio.sleep(how["delay"])
        if "status" in how:
            error = {"message": "the engine says no", "type": "engine_error", "code": "no"}
            self.write(_response(how["status"], {"error": error}))
        elif "size" in how:
            self.write(_bytes(200, b"audio/mpeg", bytes(how["size"])))
        elif says.get("stream"):
            await self._stream(path, says, how)
        else:
            self.write(_whole(path, body))

    async def _stream(self, path: str, says: dict[str, Any], how: dict[str, Any]) -> None:
        self.write(HEAD_OF_STREAM)
        split = how.get("split")
        for number, event in enumerate(_events(path, says)):
            if number == how.get("break_after"):
                self.hang_up()
                return
            if number == how.get("end_after"):
                break
            if number == how.get("held"):
                await self._engine.go_on.wait()
            if number and (pause := how.get("pause")):
                await asyncio.sleep(pause)
            for piece in _pieces(_stamped(event) if how.get("stamp") else event, split):
                self.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                if split:
                    await asyncio.sleep(0.001)
        self.write(b"0\r\n\r\n")


HEAD_OF_STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"transfer-encoding: chunked\r\nset-cookie: engine=secret\r\n\r\n"
)


def _events(path: str, says: dict[str, Any]) -> Iterator[bytes]:
    if path == "/v1/messages":
        for name, event in anthropic_answers.events(says):
            yield b"event: %b\ndata: %b\n\n" % (name.encode(), to_json({"type": name, **event}))
        return
    yield from _chunks(path, json.dumps(says))
    yield b"data: [DONE]\n\n"


@lru_cache(maxsize=64)
def _chunks(path: str, says: str) -> list[bytes]:
    made = answers.completion_chunks if path == "/v1/completions" else answers.chunks
    return [b"data: " + to_json(chunk) + b"\n\n" for chunk in made(json.loads(says))]


def _stamped(event: bytes) -> bytes:
    return event.replace(b'"content":"', b'"content":"@%d ' % time.perf_counter_ns())


def _pieces(event: bytes, split: int | None) -> list[bytes]:
    size = split or len(event)
    return [event[i : i + size] for i in range(0, len(event), size)]


@lru_cache(maxsize=64)
def _whole(path: str, body: bytes) -> bytes:
    if path == "/v1/models":
        return _response(200, answers.models())
    if path == "/v1/audio/speech":
        return _bytes(200, b"audio/mpeg", b"\xff\xf3" * 1000)
    if path not in WHOLE:
        return _response(404, {"error": {"message": f"no {path}"}})
    says = from_json(body) if body.startswith(b"{") else {}
    return _response(200, WHOLE[path](says))


def _response(status: int, content: object) -> bytes:
    return _bytes(status, b"application/json", to_json(content))


def _bytes(status: int, kind: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %d Status\r\ncontent-type: %b\r\ncontent-length: %d\r\nserver: engine\r\n\r\n"
    return head % (status, kind, len(body)) + body
