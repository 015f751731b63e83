"""What the gateway's processes speak is HTTP, whatever an app answers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.gateway.running import serving

LENGTH = (b"content-length", b"5")
ANSWERS: dict[str, tuple[int, list[tuple[bytes, bytes]], list[bytes]]] = {
    "/document": (200, [LENGTH], [b"hello"]),
    "/pieces": (200, [LENGTH], [b"he", b"llo"]),
    "/stream": (200, [], [b"one", b"", b"two"]),
    "/nothing": (204, [], [b""]),
    "/short": (200, [LENGTH], [b"he"]),
    "/long": (200, [LENGTH], [b"hello you"]),
    "/two lines": (200, [(b"x-a", b"b\r\nx-c: d"), LENGTH], [b"hello"]),
}


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer by the path."""
    if scope["type"] == "lifespan":
        for said in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{said}.complete"})
        return
    status, headers, pieces = ANSWERS[scope["path"]]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for number, piece in enumerate(pieces, 1):
        more = number < len(pieces)
        await send({"type": "http.response.body", "body": piece, "more_body": more})


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with serving(app) as url:
        yield urlsplit(url).netloc


async def said(address: str, *requests: str) -> str:
    """Send requests in one go; return all that comes until the server hangs up."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for request in requests:
        writer.write(f"{request}\r\nhost: {address}\r\n\r\n".encode())
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer.decode()


CLOSING = "HTTP/1.1\r\nconnection: close"


@pytest.mark.parametrize("path", ["/document", "/pieces", "/%64ocument"])
async def test_a_document_comes_as_long_as_it_says(address: str, path: str) -> None:
    head, _, body = (await said(address, f"GET {path} {CLOSING}")).partition("\r\n\r\n")

    assert body == "hello"
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert "content-length: 5" in head
    assert "transfer-encoding" not in head


async def test_a_stream_comes_in_chunks_to_its_end(address: str) -> None:
    head, _, body = (await said(address, f"GET /stream {CLOSING}")).partition("\r\n\r\n")

    assert "transfer-encoding: chunked" in head
    assert body == "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"


@pytest.mark.parametrize("asked", ["HEAD /document", "HEAD /stream", "GET /nothing"])
async def test_where_no_body_belongs_none_comes(address: str, asked: str) -> None:
    head, _, body = (await said(address, f"{asked} {CLOSING}")).partition("\r\n\r\n")

    assert body == ""
    assert "transfer-encoding" not in head


async def test_requests_sent_together_are_answered_in_their_order(address: str) -> None:
    answer = await said(address, "GET /document HTTP/1.1", f"GET /stream {CLOSING}")

    assert answer.count("HTTP/1.1 200 OK") == 2
    assert answer.index("hello") < answer.index("one")


async def test_who_speaks_an_older_http_is_hung_up_on_after_the_answer(address: str) -> None:
    answer = await said(address, "GET /document HTTP/1.0")

    assert "connection: close" in answer
    assert answer.endswith("hello")


@pytest.mark.parametrize("path", ["/short", "/long", "/two%20lines"])
async def test_an_answer_that_would_not_be_http_is_broken_off(address: str, path: str) -> None:
    answer = await said(address, f"GET {path} HTTP/1.1")

    assert not answer.endswith(("hello", "hello you"))
    assert "x-c: d" not in answer
