"""The door API Gateway asks before every call whether it may pass."""

import asyncio
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from lambdas.authorizer.answers import allow, refuse
from lambdas.authorizer.notes import note_refusal, patiently
from lisa.bootstrap.authorizer import Gate, build
from lisa.domain.errors import Forbidden, LisaError


def handle(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer with a policy for the asked stage, or make API Gateway answer 401."""
    runner, gate = _at_first_call()
    return runner.run(_answer(gate, event))


async def _answer(gate: Gate, event: Mapping[str, Any]) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in (event["headers"] or {}).items()}
    try:
        principal = await gate.authenticate(event["httpMethod"], headers)
    except LisaError as error:
        if isinstance(error, Forbidden):
            await note_refusal(gate.refusals, event, error)
        return refuse(error, event["methodArn"])
    await patiently(gate.uses.settled())
    return allow(principal, event["methodArn"])


@cache
def _at_first_call() -> tuple[asyncio.Runner, Gate]:
    return asyncio.Runner(), build(os.environ)
