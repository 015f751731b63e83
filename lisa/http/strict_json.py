"""Bodies are JSON in the strict sense: what could not be given back unchanged is refused."""

import json
from collections.abc import Callable, Coroutine
from math import isfinite
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic_core import from_json


class StrictRequest(Request):
    """A request whose JSON has no NaN, no number beyond range and no half of a character."""

    async def json(self) -> Any:
        """Return the parsed body; a `JSONDecodeError` is the framework's word for malformed."""
        return strictly_parsed(await self.body())


def strictly_parsed(text: bytes) -> Any:
    """Parse JSON in that sense; raises `JSONDecodeError`."""
    try:
        parsed = from_json(text, allow_inf_nan=False)
    except ValueError as fault:
        raise json.JSONDecodeError(str(fault), "", 0) from fault
    if not _is_finite(parsed):
        raise json.JSONDecodeError("a number is out of range", "", 0)
    return parsed


class StrictRoute(APIRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Hand the route a strict request."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly


def _is_finite(value: Any) -> bool:
    """Look for numbers such as 1e400, which parse to infinity."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, float) and not isfinite(each):
            return False
    return True
