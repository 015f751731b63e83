"""The app process: API and user interface, on the socket the supervisor listens on."""

import logging
import os

import uvicorn

from lisa.bootstrap.local_app import build
from local.handover import Handover

GRACE_SECONDS = 5


def main() -> None:
    """Serve until told to stop."""
    given = Handover.read(os.environ)
    logging.basicConfig(
        level=given.settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    config = uvicorn.Config(
        build(given.settings, given.conninfo),
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
