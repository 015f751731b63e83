"""The door that the state machines of stores call for each of their steps."""

import asyncio
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from lisa.bootstrap.stores_door import Do, build


def handle(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Do one step; return the state after it, or fail by the name that the machine knows."""
    runner, do = _at_first_call()
    return runner.run(do(event))


@cache
def _at_first_call() -> tuple[asyncio.Runner, Do]:
    return asyncio.Runner(), build(os.environ)
