"""The door by which a gateway asks that a model is started for a caller."""

import asyncio
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from lisa.bootstrap.wake_door import build
from lisa.domain.identity import Principal
from lisa.usecases.lifecycle.orders import Lifecycle


def handle(event: Mapping[str, Any], _context: object) -> None:
    """Begin to start the model, unless it is on its way."""
    runner, lifecycle = _at_first_call()
    caller = Principal.model_validate(event["caller"])
    runner.run(lifecycle.wake(caller, event["model"]))


@cache
def _at_first_call() -> tuple[asyncio.Runner, Lifecycle]:
    return asyncio.Runner(), build(os.environ)
