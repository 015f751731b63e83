"""The scheduled door that looks after pipelines, and tells of documents that wait."""

import asyncio
import os
from functools import cache

from lisa.bootstrap.pipelines_door import PipelinesDoor, build


def handle(_event: object, _context: object) -> None:
    """Look once."""
    runner, door = _at_first_call()
    runner.run(door.look())


@cache
def _at_first_call() -> tuple[asyncio.Runner, PipelinesDoor]:
    return asyncio.Runner(), build(os.environ)
