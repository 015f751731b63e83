"""Leads from a port on loopback to one database of a server that listens on a Unix socket only."""

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PIECE = 65536
ENCRYPTION = {80877103, 80877104}  # by TLS, by GSSAPI
HEAD = struct.Struct("!II")


class _Forwarding(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *of: object) -> None:
        """Stay silent where either side hung up."""


@contextmanager
def forwarded(to: str, suffix: str) -> Iterator[int]:
    """Forward while entered; return the port.

    The names of database and login that callers know get this suffix, so that a server has room
    for several of the same name.
    """

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX) as server:
                server.connect(to)
                server.sendall(_renamed(_first_words(self.request), suffix.encode()))
                back = threading.Thread(target=_pass_on, args=(server, self.request), daemon=True)
                back.start()
                _pass_on(self.request, server)
                back.join()

    with _Forwarding(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield listening.server_address[1]
        finally:
            listening.shutdown()
            thread.join()


def _first_words(caller: socket.socket) -> bytes:
    """Refuse encryption; return what the caller says then."""
    while True:
        length, code = HEAD.unpack(_exactly(caller, HEAD.size))
        if code not in ENCRYPTION:
            return HEAD.pack(length, code) + _exactly(caller, length - HEAD.size)
        caller.sendall(b"N")


def _renamed(words: bytes, suffix: bytes) -> bytes:
    _, code = HEAD.unpack(words[: HEAD.size])
    pairs = words[HEAD.size :].rstrip(b"\0").split(b"\0")
    for name in (b"user", b"database"):
        pairs[pairs.index(name) + 1] += suffix
    told = b"\0".join(pairs) + b"\0\0"
    return HEAD.pack(HEAD.size + len(told), code) + told


def _exactly(caller: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        piece = caller.recv(count - len(received))
        if not piece:
            raise ConnectionError
        received += piece
    return received


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
