"""What a caller of upstreams may rely on, whichever client carries it: canned bytes on sockets."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lisa.adapters.httptools.upstreams import PooledUpstreams
from lisa.domain.errors import Unavailable
from lisa.domain.model import Timeouts
from tests.authorities import own_certificate

HASTY = Timeouts(connect=1, first_byte=0.3, idle=0.3, total=5)
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
async def upstreams() -> AsyncIterator[PooledUpstreams]:
    async with PooledUpstreams() as upstreams:
        yield upstreams


class Canned:
    """Answers each request with the next of these, then hangs up where told."""

    def __init__(self, *answers: bytes, hangs_up: bool = False) -> None:
        self.answers, self.hangs_up = list(answers), hangs_up
        self.heads: list[bytes] = []
        self.connections = 0
        self.writers: list[asyncio.StreamWriter] = []

    @asynccontextmanager
    async def listening(self, secure: ssl.SSLContext | None = None) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=secure)
        port = server.sockets[0].getsockname()[1]
        yield f"{'https' if secure else 'http'}://127.0.0.1:{port}/v1/x"
        server.close()
        for writer in self.writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        try:
            while self.answers:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(self.answers.pop(0))
                if self.hangs_up:
                    break
            else:
                await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


async def ask(upstreams: PooledUpstreams, url: str, **headers: str) -> tuple[int, bytes]:
    async with upstreams.send("POST", url, headers, b"", HASTY, "pool") as answer:
        return answer.status, await answer.whole(10**9)


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"content-length: 5\r\n\r\nhello",
        OK + b"transfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"content-length: 5\r\n\r\nhello",
    ],
)
async def test_a_connection_carries_one_call_after_the_other(
    upstreams: PooledUpstreams, answer: bytes
) -> None:
    server = Canned(answer, answer, answer)
    async with server.listening() as url:
        assert [await ask(upstreams, url) for _ in range(3)] == [(200, b"hello")] * 3
    assert server.connections == 1
    assert server.heads[0].startswith(b"POST /v1/x HTTP/1.1\r\n")


async def test_an_answer_may_end_with_the_connection(upstreams: PooledUpstreams) -> None:
    server = Canned(OK + b"connection: close\r\n\r\nhello", hangs_up=True)
    async with server.listening() as url:
        assert await ask(upstreams, url) == (200, b"hello")


@pytest.mark.parametrize(
    ("answer", "hangs_up", "code"),
    [
        (b"", True, "upstream_dropped"),
        (b"", False, "upstream_silent"),
        (b"220 mail.example ESMTP\r\n", False, "upstream_broke"),
        (OK + b"content-length: 9\r\n\r\nhello", True, "upstream_broke"),
        (OK + b"content-length: 9\r\n\r\nhello", False, "upstream_silent"),
        (OK + b"transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", True, "upstream_broke"),
    ],
)
async def test_a_bad_answer_has_its_own_name(
    upstreams: PooledUpstreams, answer: bytes, *, hangs_up: bool, code: str
) -> None:
    async with Canned(answer, b"", hangs_up=hangs_up).listening() as url:
        with pytest.raises(Unavailable) as caught:
            await ask(upstreams, url)
    assert caught.value.precise_code == code
    assert "127.0.0.1" not in caught.value.message


async def test_nobody_there_is_unreachable(upstreams: PooledUpstreams) -> None:
    with pytest.raises(Unavailable) as caught:
        await ask(upstreams, "http://127.0.0.1:9/v1")
    assert caught.value.precise_code == "upstream_unreachable"


async def test_a_redirect_is_not_followed(upstreams: PooledUpstreams) -> None:
    elsewhere = b"HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n"
    async with Canned(elsewhere).listening() as url:
        assert await ask(upstreams, url, authorization="Bearer k") == (307, b"")


async def test_a_call_that_is_left_hangs_up(upstreams: PooledUpstreams) -> None:
    server = Canned(OK + b"content-length: 9\r\n\r\nhello", OK + b"content-length: 0\r\n\r\n")
    async with server.listening() as url:
        async with upstreams.send("GET", url, {}, b"", HASTY, "pool") as answer:
            assert await anext(aiter(answer.chunks())) == b"hello"
        assert (await ask(upstreams, url))[0] == 200
    assert server.connections == 2


async def test_a_certificate_is_checked(upstreams: PooledUpstreams, tmp_path: Path) -> None:
    async with Canned(OK + b"content-length: 0\r\n\r\n").listening(
        own_certificate(tmp_path)
    ) as url:
        with pytest.raises(Unavailable) as caught:
            await ask(upstreams, url)
    assert caught.value.precise_code == "upstream_unreachable"


async def test_an_upstream_with_a_trusted_certificate_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only our own client reads the variable after it was imported."""
    secure = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    async with (
        PooledUpstreams() as upstreams,
        Canned(OK + b"content-length: 2\r\n\r\nhi").listening(secure) as url,
    ):
        assert await ask(upstreams, url) == (200, b"hi")
