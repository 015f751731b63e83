"""Opens the socket on which LISA listens, before anything else that takes time."""

import errno
import socket
import time
from typing import Final

from lisa.domain.errors import Conflict, Unavailable

QUEUE: Final = 2048
PATIENCE_SECONDS: Final = 1.0  # a killed process holds its sockets a little longer
LOOK_EVERY_SECONDS: Final = 0.02


def listen(host: str, port: int) -> socket.socket:
    """Return a socket on which connections wait until an app takes them; port 0 takes any."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return socket.create_server((host, port), backlog=QUEUE)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Unavailable(
                    f"cannot listen on {host}:{port}: {error.strerror}",
                    next_step="choose another address by LISA_HOST, another port by --port N",
                ) from error
            if time.monotonic() > deadline:
                raise Conflict(
                    f"another program listens on port {port} of {host}",
                    next_step="choose another port with --port N, or any free one with --port 0",
                ) from error
            time.sleep(LOOK_EVERY_SECONDS)
