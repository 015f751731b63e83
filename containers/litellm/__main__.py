"""Runs the LiteLLM service: `python -m containers.litellm [--socket PATH | --port N]`.

Where LISTENER names an open socket by its number, that one is listened on.
"""

import argparse
import logging
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvicorn

from containers.litellm import sdk
from containers.litellm.service import make_service
from lisa.bootstrap.litellm_service import Parts, build

GRACE_SECONDS: Final = 110  # as long as the balancer goes on waiting for its answers
QUEUE: Final = 1024
LISTENER: Final = "LITELLM_LISTENER"


def main() -> None:
    """Listen, load the SDK, serve until told to stop."""
    parts = build(_environ())
    logging.basicConfig(
        level=parts.settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    listener = _listen(parts)
    service = make_service(sdk.load(), parts.secrets, parts.settings.litellm_secret)
    config = uvicorn.Config(
        service,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _environ() -> dict[str, str]:
    """Let the command line say where to listen."""
    parser = argparse.ArgumentParser(prog="containers.litellm", description=__doc__)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--socket", help="path of a Unix socket")
    where.add_argument("--port", help="port of the host in LISA_LITELLM_HOST")
    given = parser.parse_args()
    said = {"LISA_LITELLM_SOCKET": given.socket, "LISA_LITELLM_PORT": given.port}
    return {**os.environ, **{name: value for name, value in said.items() if value}}


def _listen(parts: Parts) -> socket.socket:
    """Take connections before the SDK is there: they wait instead of failing."""
    if LISTENER in os.environ:
        return socket.socket(fileno=int(os.environ[LISTENER]))
    path = parts.settings.litellm_socket
    if path is None:
        address = (parts.settings.litellm_host, parts.settings.litellm_port)
        return socket.create_server(address, backlog=QUEUE)
    _remove_leftover(path)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)  # for its owner alone
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(QUEUE)
    return listener


def _remove_leftover(path: Path) -> None:
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.stat().st_mode):
            path.unlink()


if __name__ == "__main__":
    main()
