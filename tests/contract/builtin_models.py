"""The process of the built-in models, in the environment that is its own."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from local.builtin.handover import PYTHON, BuiltInHandover

SECRET: Final = "made-up-secret-of-the-supervisor"


@contextmanager
def running(cache: Path) -> Iterator[httpx.Client]:
    """Start it as the supervisor does; the client shows its secret."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        given = BuiltInHandover(listener.fileno(), url, SECRET, cache)
        process = subprocess.Popen(
            [PYTHON, "-m", "local.builtin"], env=given.environ(), pass_fds=[given.listener]
        )
    headers = {"authorization": f"Bearer {SECRET}"}
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            yield client
    finally:
        process.terminate()
        process.wait()
