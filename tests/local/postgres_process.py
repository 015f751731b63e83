"""Runs embedded Postgres in a process of its own, which a test may kill."""

import sys
import time
from pathlib import Path

from local.postgres import EmbeddedPostgres

if __name__ == "__main__":
    server = EmbeddedPostgres(Path(sys.argv[1]))
    server.start()
    print(server.conninfo, server.pid, sep="\n", flush=True)  # noqa: T201 - the test reads it
    while True:
        time.sleep(60)
