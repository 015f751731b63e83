"""Stands in for Lambda's Runtime API, and for API Gateway behind it: strict about the protocol.

It hands out calls one after the other, and takes answers in pieces as they come. What breaks the
protocol is in `faults`.
"""

import asyncio
import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any, Self

ROOT = "/2018-06-01/runtime"
HEAD_ENDS = bytes(8)
LARGEST_HEAD = 16 * 1024
WANTED = {
    "content-type": "application/vnd.awslambda.http-integration-response",
    "lambda-runtime-function-response-mode": "streaming",
    "transfer-encoding": "chunked",
    "trailer": "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body",
}


@dataclass(eq=False)
class Call:
    """A call, and what came of it."""

    id: str
    event: dict[str, Any]
    seconds: float
    hangs_up_after: int | None = None  # bytes of the body
    head: dict[str, Any] | None = None
    body: bytes = b""
    trailers: dict[str, str] = field(default_factory=dict)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    change: asyncio.Event = field(default_factory=asyncio.Event)
    _raw: bytes = b""

    @property
    def status(self) -> int:
        assert self.head
        return int(self.head["statusCode"])

    @property
    def says(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, str]:
        """Return what the answer was broken off with."""
        coded = self.trailers["lambda-runtime-function-error-body"]
        said: dict[str, str] = json.loads(base64.b64decode(coded))
        return said

    async def until(self, text: bytes) -> None:
        """Wait until the body has this in it."""
        async with asyncio.timeout(10):
            while text not in self.body:
                self.change.clear()
                await self.change.wait()

    def take(self, piece: bytes) -> bool:
        """Take a piece; tell whether more of it is wanted."""
        if self.head is None:
            self._raw += piece
            head, ends, rest = self._raw.partition(HEAD_ENDS)
            if not ends:
                return len(self._raw) <= LARGEST_HEAD
            self.head = json.loads(head)
            self.began.set()
            piece = rest
        self.body += piece
        self.change.set()
        return self.hangs_up_after is None or len(self.body) < self.hangs_up_after


@dataclass
class LambdaRuntime:
    """Listens on loopback."""

    port: int = 0
    faults: list[str] = field(default_factory=list)
    failed_to_start: list[dict[str, str]] = field(default_factory=list)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)  # the function asks for a call
    _calls: asyncio.Queue[Call] = field(default_factory=asyncio.Queue)
    _open: dict[str, Call] = field(default_factory=dict)
    _waiting: list[asyncio.StreamWriter] = field(default_factory=list)
    _server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Hang up on the function, which ends as it can't get any more calls."""
        if self._server:
            self._server.close()
        for writer in self._waiting:
            writer.close()

    async def begin(self, event: dict[str, Any], seconds: float = 60, **more: Any) -> Call:
        """Hand a call to the function as soon as it asks for one."""
        call = Call(f"call-{time.monotonic_ns()}", event, seconds, **more)
        await self._calls.put(call)
        return call

    async def whole(self, event: dict[str, Any], seconds: float = 60, **more: Any) -> Call:
        """Hand out a call; return when the function is done with all of it and wants another."""
        call = await self.begin(event, seconds, **more)
        await self.done(call)
        return call

    async def done(self, call: Call) -> None:
        """Wait until a call is answered, and the function asks for the next one."""
        async with asyncio.timeout(30):
            await call.ended.wait()
            await self.waiting.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = (await reader.readline()).decode().split()
            headers = await _headers(reader)
            method, path = line[0], line[1]
            if (method, path) == ("GET", f"{ROOT}/invocation/next"):
                await self._next(reader, writer)
            elif (method, path) == ("POST", f"{ROOT}/init/error"):
                body = await reader.readexactly(int(headers["content-length"]))
                self.failed_to_start.append(json.loads(body))
                await _say(writer, 202, {}, b"{}")
            else:
                await self._response(method, path, headers, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _next(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._open:
            self.faults.append("asks for the next call before it answered the one it has")
        self._waiting = [writer]
        self.waiting.set()
        left, given = asyncio.create_task(reader.read(1)), asyncio.create_task(self._calls.get())
        await asyncio.wait((left, given), return_when=asyncio.FIRST_COMPLETED)
        left.cancel()
        if not given.done():
            given.cancel()
            return
        call = given.result()
        self.waiting.clear()
        self._open[call.id] = call
        told = {
            "Lambda-Runtime-Aws-Request-Id": call.id,
            "Lambda-Runtime-Invocation-Id": f"of-{call.id}",
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + call.seconds) * 1000)),
        }
        await _say(writer, 200, told, json.dumps(call.event).encode())

    async def _response(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        name = path.removeprefix(f"{ROOT}/invocation/").removesuffix("/response")
        call = self._open.get(name)
        if method != "POST" or not path.endswith("/response") or call is None:
            self.faults.append(f"{method} {path}")
            await _say(writer, 400, {}, b"{}")
            return
        wanted = WANTED | {"lambda-runtime-invocation-id": f"of-{name}"}
        self.faults += [
            f"{name}: {headers.get(name)}" for name in wanted if headers.get(name) != wanted[name]
        ]
        try:
            goes_on = True
            while goes_on and (piece := await _piece(reader)):
                goes_on = call.take(piece)
            if goes_on:
                call.trailers = await _headers(reader)
                self.faults += [] if call.head else ["an answer without a head"]
                await _say(writer, 202, {}, b"{}")
        except asyncio.IncompleteReadError:
            self.faults.append("an answer that doesn't end")
        finally:
            del self._open[name]
            call.ended.set()


async def _headers(reader: asyncio.StreamReader) -> dict[str, str]:
    found = {}
    while line := (await reader.readuntil(b"\r\n")).strip():
        name, _, value = line.decode().partition(":")
        found[name.lower()] = value.strip()
    return found


async def _piece(reader: asyncio.StreamReader) -> bytes:
    """Read a chunk; the last one is empty, and behind it come the trailers."""
    size = int((await reader.readuntil(b"\r\n")).strip(), 16)
    if not size:
        return b""
    piece = await reader.readexactly(size + 2)
    assert piece.endswith(b"\r\n")
    return piece[:-2]


async def _say(
    writer: asyncio.StreamWriter, status: int, headers: dict[str, str], body: bytes
) -> None:
    named = {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in named.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await writer.drain()
