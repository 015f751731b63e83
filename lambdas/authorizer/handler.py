"""The door API Gateway asks before every call whether it may pass."""

import asyncio
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from lambdas.authorizer.answers import allow, refuse
from lisa.bootstrap.authorizer import build
from lisa.domain.errors import LisaError
from lisa.usecases.authenticate import Authenticate


def handle(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer with a policy for the asked stage, or make API Gateway answer 401."""
    runner, authenticate = _at_first_call()
    headers = {name.lower(): value for name, value in (event["headers"] or {}).items()}
    try:
        principal = runner.run(authenticate(event["httpMethod"], headers))
    except LisaError as error:
        return refuse(error, event["methodArn"])
    return allow(principal, event["methodArn"])


@cache
def _at_first_call() -> tuple[asyncio.Runner, Authenticate]:
    return asyncio.Runner(), build(os.environ)
