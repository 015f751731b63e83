"""Serves the gateway until told to stop; what is under way then may finish."""

import logging
import os
import sys
from typing import Final

import uvicorn

from containers.serve.protocol import GatewayProtocol
from lisa.bootstrap.serve import ServeApp, settings_of
from lisa.domain.errors import LisaError

QUEUE: Final = 4096
LINE: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def run() -> None:
    """Start as many processes as the settings say, all on one port."""
    logging.basicConfig(level=logging.INFO, format=LINE)
    try:
        settings = settings_of(os.environ)
    except LisaError as error:
        sys.exit(f"{error.message}\n{error.next_step}")
    uvicorn.run(
        "containers.serve.server:make_app",
        factory=True,
        host=settings.serve_host,
        port=settings.serve_port,
        workers=settings.serve_workers,
        http=GatewayProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=QUEUE,
        timeout_keep_alive=settings.serve_idle_seconds,
        timeout_graceful_shutdown=settings.serve_drain_seconds,
    )


def make_app() -> ServeApp:
    """Return the app of one process."""
    logging.basicConfig(level=logging.INFO, format=LINE)
    return ServeApp(os.environ)
