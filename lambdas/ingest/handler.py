"""The door that is fed with what happened to sources, and with word that documents wait."""

import asyncio
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from lisa.bootstrap.ingest_door import IngestDoor, build


def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Take in messages and work on documents; tell which messages are to come again."""
    runner, door = _at_first_call()
    seconds = context.get_remaining_time_in_millis() / 1000
    failed = runner.run(door.handle(event["Records"], seconds))
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


@cache
def _at_first_call() -> tuple[asyncio.Runner, IngestDoor]:
    return asyncio.Runner(), build(os.environ)
