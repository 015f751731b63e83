"""Stands in for an application load balancer of AWS: one address before several targets.

It does what the Elastic Load Balancing guides say of one (read 2026-11): a new request goes to the
healthy target with the fewest outstanding ones, and to any where none is healthy; without a target
the answer is 503; a target that refuses the connection or hangs up before it answers is 502, which
is not tried elsewhere; one that hangs up in its answer ends the caller's connection, too. A target
that was taken out gets nothing new and finishes what it has. Its health checks come every
`check_every` seconds, where AWS takes five at least: time is shorter here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from tests.standins.balancer.messages import PIECE, Caller, Message

CHECK_SECONDS: Final = 5.0
NOBODY: Final = (503, "Service Temporarily Unavailable")
BROKEN: Final = (502, "Bad Gateway")
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Target:
    """One process that answers, and how it is."""

    port: int
    is_well: bool = False
    failures: int = 0  # checks in a row
    under_way: int = 0
    answering: int = 0  # of those, the answers that have begun
    sent: int = 0
    idle: list[Connection] = field(default_factory=list)

    async def connection(self) -> Connection:
        """Take one that is open, or open one."""
        while self.idle:
            reader, writer = self.idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.port)

    def hang_up(self) -> None:
        """Close what nobody uses."""
        while self.idle:
            self.idle.pop()[1].close()


@dataclass
class Balancer:
    """Listens on loopback; `refused` counts its own 502 and 503, `cut` answers that broke off."""

    health_path: str
    check_every: float = 0.05
    unwell_after: int = 2
    targets: dict[int, Target] = field(default_factory=dict)
    port: int = 0
    refused: int = 0
    cut: int = 0
    _callers: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, port: int) -> Target:
        """Register a target; it gets requests once it is well."""
        return self.targets.setdefault(port, Target(port))

    def drain(self, port: int) -> Target:
        """Deregister a target: what it has, it may finish."""
        target = self.targets.pop(port)
        target.hang_up()
        return target

    def sends_to(self, *ports: int) -> bool:
        """Tell whether these are well, and no others."""
        return {each.port for each in self.targets.values() if each.is_well} == {*ports}

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Balancer"]:
        """Serve meanwhile."""
        server = await asyncio.start_server(self._come, "127.0.0.1", self.port, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        checks = asyncio.create_task(self._keep_checking())
        try:
            yield self
        finally:
            server.close()
            for task in (checks, *self._callers):
                task.cancel()
            await asyncio.gather(checks, *self._callers, return_exceptions=True)
            for target in self.targets.values():
                target.hang_up()

    async def _keep_checking(self) -> None:
        """Ask each target by itself: a slow one keeps no other from being found dead."""
        checking: dict[int, asyncio.Task[None]] = {}
        try:
            while True:
                for port, target in self.targets.items():
                    if port not in checking or checking[port].done():
                        checking[port] = asyncio.create_task(self._check(target))
                await asyncio.sleep(self.check_every)
        finally:
            for task in checking.values():
                task.cancel()
            await asyncio.gather(*checking.values(), return_exceptions=True)

    async def _check(self, target: Target) -> None:
        if await _answers_well(target.port, self.health_path):
            target.failures, target.is_well = 0, True
            return
        target.failures += 1
        if target.failures >= self.unwell_after:
            target.is_well = False

    def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(Caller(reader), writer))
        self._callers.add(task)
        task.add_done_callback(self._callers.discard)

    async def _serve(self, caller: Caller, writer: asyncio.StreamWriter) -> None:
        """Answer one request after the other, until either side has enough."""
        try:
            while request := await caller.request():
                answering = asyncio.create_task(self._answer(request, writer))
                await _while_here(caller, answering)
                if answering.cancelled() or not answering.result():
                    break
        finally:
            caller.leave()
            writer.close()

    async def _answer(self, request: bytes, writer: asyncio.StreamWriter) -> bool:
        """Let a target answer; tell whether the connection goes on."""
        well = [each for each in self.targets.values() if each.is_well]
        candidates = well or [*self.targets.values()]
        if not candidates:
            return self._refuse(*NOBODY, writer)
        target = min(candidates, key=lambda each: (each.under_way, each.sent))
        target.under_way += 1
        target.sent += 1
        try:
            return await self._through(target, request, writer)
        finally:
            target.under_way -= 1

    async def _through(self, target: Target, request: bytes, writer: asyncio.StreamWriter) -> bool:
        try:
            connection = await target.connection()
        except OSError:
            return self._refuse(*BROKEN, writer)
        answer = Message(is_request=False)
        try:
            connection[1].write(request)
            await _pass_on(target, connection[0], answer, writer)
        finally:
            if answer.is_whole and answer.keeps_alive and target.port in self.targets:
                target.idle.append(connection)
            else:
                connection[1].close()
        if answer.is_whole:
            return answer.keeps_alive
        if not answer.has_begun:
            return self._refuse(*BROKEN, writer)
        self.cut += 1
        writer.transport.abort()
        return False

    def _refuse(self, status: int, words: str, writer: asyncio.StreamWriter) -> bool:
        self.refused += 1
        body = f"<html><body><h1>{status} {words}</h1></body></html>".encode()
        head = f"HTTP/1.1 {status} {words}\r\ncontent-type: text/html\r\n"
        writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        return True


async def _pass_on(
    target: Target, reader: asyncio.StreamReader, answer: Message, writer: asyncio.StreamWriter
) -> None:
    """Pass on what comes, as it comes, to the answer's end or as far as it gets."""
    with suppress(OSError):
        piece = await reader.read(PIECE)
        target.answering += 1
        try:
            while piece:
                answer.take(piece)
                writer.write(piece)
                await writer.drain()
                piece = b"" if answer.is_whole else await reader.read(PIECE)
        finally:
            target.answering -= 1


async def _while_here(caller: Caller, answering: asyncio.Task[bool]) -> None:
    """Wait for the answer, unless the caller leaves."""
    ahead = caller.look_ahead()
    await asyncio.wait({answering, ahead}, return_when=asyncio.FIRST_COMPLETED)
    if not answering.done() and ahead.done() and not ahead.result():
        answering.cancel()
    await asyncio.wait({answering})


async def _answers_well(port: int, path: str) -> bool:
    """Ask a target how it is."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(
                    f"GET {path} HTTP/1.1\r\nhost: check\r\nconnection: close\r\n\r\n".encode()
                )
                return (await reader.readline()).split()[1:2] == [b"200"]
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
