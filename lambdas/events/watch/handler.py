"""The scheduled door that looks after models that we run."""

import asyncio
import os
from functools import cache

from lisa.bootstrap.watch_door import build
from lisa.usecases.lifecycle.watching import Watching


def handle(_event: object, _context: object) -> None:
    """Look once."""
    runner, watching = _at_first_call()
    runner.run(watching.look())


@cache
def _at_first_call() -> tuple[asyncio.Runner, Watching]:
    return asyncio.Runner(), build(os.environ)
