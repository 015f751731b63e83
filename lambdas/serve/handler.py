"""The gateway's door as a function: each answer as a whole, or run as a program in pieces."""

import asyncio
import logging
import os
from functools import cache
from typing import Any

from mangum.types import LambdaContext

from lambdas.serve.calls import whole
from lambdas.serve.streaming import serve
from lisa.bootstrap.serve_function import ServeFunction, build


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Serve one HTTP request that API Gateway passed on."""
    runner, function = _at_first_call()
    return runner.run(whole(function, event, context))


@cache
def _at_first_call() -> tuple[asyncio.Runner, ServeFunction]:
    return asyncio.Runner(), build(os.environ)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    asyncio.run(serve(os.environ))
