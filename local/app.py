"""The app process: API and user interface, on the socket the supervisor listens on."""

import logging
import os
from collections.abc import Mapping

import uvicorn

from lisa.bootstrap.local_app import build
from lisa.bootstrap.local_gateway import LocalUpstreams
from local.builtin_models import built_in_models
from local.handover import Handover
from local.litellm_process import SECRET, URL

GRACE_SECONDS = 5


def beside(environ: Mapping[str, str]) -> LocalUpstreams:
    """Return what the supervisor runs beside the app."""
    url = environ.get(URL, "")
    return LocalUpstreams(built_in_models(environ), url, f"env:{SECRET}" if url else "")


def main() -> None:
    """Serve until told to stop."""
    given = Handover.read(os.environ)
    logging.basicConfig(
        level=given.settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    config = uvicorn.Config(
        build(given.settings, given.conninfo, beside(os.environ)),
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
