"""The process of the built-in models, on the socket the supervisor listens on."""

import logging
import os
from typing import Final

import uvicorn

from local.builtin.encoder import load
from local.builtin.handover import BuiltInHandover
from local.builtin.service import make_service

GRACE_SECONDS: Final = 5


def main() -> None:
    """Load MiniLM, then serve until told to stop."""
    given = BuiltInHandover.read(os.environ)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    config = uvicorn.Config(
        make_service(load(given.cache), given.secret),
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[given.socket()])


if __name__ == "__main__":
    main()
