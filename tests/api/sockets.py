"""An app behind a real server on loopback, for what only shows on the wire."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from socket import AF_INET, IPPROTO_TCP, SOCK_STREAM, create_connection, socket

import uvicorn
from starlette.types import ASGIApp

PATIENCE = 10


@contextmanager
def served(app: ASGIApp) -> Iterator[int]:
    """Serve the app as the local profile does, on a free port, until the block ends."""
    with socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) as listening:  # so asyncio sets TCP_NODELAY
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(app, lifespan="off", log_config=None, proxy_headers=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            _wait_for(server)
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


def _wait_for(server: uvicorn.Server) -> None:
    until = time.monotonic() + PATIENCE
    while not server.started:
        assert time.monotonic() < until, "the server doesn't start"
        time.sleep(0.01)


def exchange(port: int, request: bytes) -> tuple[int, bytes]:
    """Send these very bytes; return the status and whatever came, a refused connection as 400."""
    with create_connection(("127.0.0.1", port), PATIENCE) as connection:
        try:
            connection.sendall(request)
            came = b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionError:
            return HTTPStatus.BAD_REQUEST, b""
    line = came.split(b"\r\n", 1)[0].split(b" ")
    return int(line[1]) if len(line) > 1 else HTTPStatus.BAD_REQUEST, came
