"""The Runtime API of Lambda: the next call is fetched there, and its answer sent piece by piece."""

import asyncio
import base64
import http.client
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json

from lambdas.serve.answering import Head, NotTaken

VERSION: Final = "2018-06-01"
HTTP_ANSWER: Final = "application/vnd.awslambda.http-integration-response"
END_OF_HEAD: Final = bytes(8)  # between status with headers, and the body
SENT_MODE: Final = {
    "Content-Type": HTTP_ANSWER,
    "Lambda-Runtime-Function-Response-Mode": "streaming",
    "Transfer-Encoding": "chunked",
    "Trailer": "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body",
}
ECHOED: Final = ("Lambda-Runtime-Invocation-Id",)
PATIENCE: Final = 10.0  # with what listens on this machine


@dataclass(frozen=True)
class Invocation:
    """One call: what API Gateway says of it, and until when it must be answered."""

    id: str
    deadline: float  # seconds of the clock on the wall
    event: Mapping[str, Any]
    echoed: Mapping[str, str]  # headers that its answer must have, too


class StreamedAnswer:
    """An answer on its way; whoever sends waits until the pieces before are taken."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def begin(self, head: Head) -> None:
        """Send status and headers."""
        await self.send(to_json(head.told()) + END_OF_HEAD)

    async def send(self, piece: bytes) -> None:
        """Send a piece."""
        if piece:
            await self._write(b"%x\r\n%b\r\n" % (len(piece), piece))

    async def end(self) -> None:
        """Say that this was all."""
        await self._finish(b"0\r\n\r\n")

    async def break_off(self, kind: str, message: str) -> None:
        """Say that it ends too early, and why."""
        says = json.dumps({"errorType": kind, "errorMessage": message}).encode()
        body = base64.b64encode(says).decode()
        trailers = (
            f"Lambda-Runtime-Function-Error-Type: {kind}\r\n"
            f"Lambda-Runtime-Function-Error-Body: {body}\r\n"
        )
        await self._finish(b"0\r\n" + trailers.encode() + b"\r\n")

    def hang_up(self) -> None:
        """Forget about it."""
        self._writer.close()

    async def _finish(self, last: bytes) -> None:
        await self._write(last)
        try:
            async with asyncio.timeout(PATIENCE):
                status = (await self._reader.readline()).split()
        except (OSError, TimeoutError) as error:
            raise NotTaken("it doesn't say that it took the answer") from error
        finally:
            self.hang_up()
        if len(status) < 2 or not status[1].startswith(b"2"):  # noqa: PLR2004 - version, status
            raise NotTaken(f"it says {b' '.join(status).decode('latin-1')!r}")

    async def _write(self, text: bytes) -> None:
        try:
            self._writer.write(text)
            await self._writer.drain()
        except OSError as error:
            raise NotTaken("it hung up") from error


@dataclass(frozen=True)
class RuntimeApi:
    """Where a sandbox finds it."""

    address: str  # host and port

    async def next(self) -> Invocation:
        """Wait for a call; the whole process may be frozen meanwhile."""
        return await asyncio.to_thread(self._next)

    async def answer(self, invocation: Invocation) -> StreamedAnswer:
        """Begin to answer."""
        host, _, port = self.address.partition(":")
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(host, int(port))
        head = [f"POST /{VERSION}/runtime/invocation/{invocation.id}/response HTTP/1.1"]
        sent = {"Host": self.address, **SENT_MODE, **invocation.echoed}
        head += [f"{name}: {value}" for name, value in sent.items()]
        writer.write("\r\n".join([*head, "", ""]).encode())
        return StreamedAnswer(reader, writer)

    async def refuse_to_start(self, error: Exception) -> None:
        """Say that this function can't be started, and why."""
        says = {"errorType": type(error).__name__, "errorMessage": str(error)}
        with suppress(OSError):
            await asyncio.to_thread(self._post, "init/error", json.dumps(says))

    def _next(self) -> Invocation:
        connection = http.client.HTTPConnection(self.address)  # no timeout: it may take hours
        try:
            connection.request("GET", f"/{VERSION}/runtime/invocation/next")
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise NotTaken(f"it gives no call, but {answer.status}")
        name = answer.headers["Lambda-Runtime-Aws-Request-Id"]
        deadline = int(answer.headers["Lambda-Runtime-Deadline-Ms"]) / 1000
        echoed = {each: answer.headers[each] for each in ECHOED if each in answer.headers}
        return Invocation(name, deadline, json.loads(body), echoed)

    def _post(self, place: str, body: str) -> None:
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        try:
            headers = {"Lambda-Runtime-Function-Error-Type": "Runtime.InitError"}
            connection.request("POST", f"/{VERSION}/runtime/{place}", body, headers)
            connection.getresponse().read()
        finally:
            connection.close()
