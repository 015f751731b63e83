"""One call from its event to the end of all that it began: a gateway's whole life."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from mangum.handlers.api_gateway import APIGateway
from mangum.types import LambdaConfig, LambdaContext

from lambdas.serve.answering import Answer, WholeAnswer
from lambdas.serve.exchange import Exchange
from lisa.bootstrap.serve_function import ServeFunction
from lisa.declared.entry_points import STAGE
from lisa.domain.errors import LisaError
from lisa.gateway.service import GatewayService

TO_STORE: Final = 15.0  # seconds at the end, in which is stored what was counted
TO_TELL: Final = 10.0  # before that, in which turns say that they end
SHARE: Final = 0.2  # of a short time, each of both
PATIENCE: Final = 5.0
CONFIG: Final[LambdaConfig] = {
    "api_gateway_base_path": f"/{STAGE}",  # it stands in paths below a domain of one's own
    "text_mime_types": ["text/", "application/json"],
    "exclude_headers": [],
}
BROKE: Final = LisaError(
    "something broke on our side",
    next_step="try again; if it stays so, tell an administrator",
    code="internal",
)
log = logging.getLogger("lisa.serve")


async def whole(
    function: ServeFunction, event: Mapping[str, Any], context: LambdaContext
) -> dict[str, Any]:
    """Return the answer as a whole."""
    answer = WholeAnswer()
    seconds = context.get_remaining_time_in_millis() / 1000
    await pass_through(function, event, answer, seconds)
    told: dict[str, Any] = APIGateway(dict(event), context, CONFIG)(answer.response())
    return told


async def pass_through(
    function: ServeFunction, event: Mapping[str, Any], answer: Answer, seconds: float
) -> None:
    """Answer a call that has so many seconds; nothing of it is under way afterwards."""
    asked = APIGateway(dict(event), None, CONFIG)  # type: ignore[arg-type] # it only hands it on
    exchange = Exchange(asked.scope, asked.body, answer)
    for_calls = seconds - min(TO_STORE, seconds * SHARE)
    for_turns = for_calls - min(TO_TELL, seconds * SHARE)
    before = asyncio.all_tasks()
    try:
        gateway = function.gateway(for_turns)
        async with gateway.running():
            await _answered(gateway, exchange, for_calls)
    except Exception:
        log.exception("unexpected failure at %s", exchange.scope["path"])
        await exchange.end_early(HTTPStatus.INTERNAL_SERVER_ERROR, BROKE)
    if left := asyncio.all_tasks() - before:  # notes: who was refused, when a token was used
        await asyncio.wait(left, timeout=PATIENCE)


async def _answered(gateway: GatewayService, exchange: Exchange, seconds: float) -> None:
    """Let the gateway answer; what takes too long is ended."""
    work = asyncio.create_task(gateway(exchange.scope, exchange.receive, exchange.send))
    await asyncio.wait([work], timeout=seconds)
    if work.done():
        await work
        await exchange.end_early(HTTPStatus.INTERNAL_SERVER_ERROR, BROKE)  # if it didn't
        return
    work.cancel()
    await asyncio.wait([work], timeout=PATIENCE)
    with suppress(TimeoutError):  # who doesn't read doesn't read this either
        async with asyncio.timeout(PATIENCE):
            await exchange.end_for_time(seconds)
