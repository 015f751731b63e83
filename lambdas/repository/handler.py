"""The door of repositories, documents and search on AWS."""

import asyncio
import os
from functools import cache
from typing import Any, cast

from mangum import Mangum
from mangum.types import ASGI, LambdaContext

from lisa.bootstrap.repository import build


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Serve one HTTP request that API Gateway passed on."""
    return _at_first_call()(event, context)


@cache
def _at_first_call() -> Mangum:
    # One event loop for the life of the process; Mangum takes the current one.
    asyncio.set_event_loop(asyncio.new_event_loop())
    return Mangum(cast("ASGI", build(os.environ)), lifespan="off")
