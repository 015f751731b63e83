"""Sending a turn's events to a caller, as fast as that caller reads."""

from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from typing import Final

from pydantic_core import from_json

from lisa.domain.errors import LisaError
from lisa.domain.turns.turn import Turn
from lisa.gateway.asgi import raw
from lisa.gateway.errors import body_of
from lisa.gateway.reply import Reply
from lisa.gateway.surface import Dialect
from lisa.usecases.turns.engine import Turns
from lisa.usecases.turns.live import Told, written

HEADERS: Final = {
    "content-type": "text/event-stream; charset=utf-8",
    "x-accel-buffering": "no",
}
STILL_HERE: Final = b": still here\n\n"
AS_WANTED: Final = '"image_generation_call"', '"file_search_call"'
WITH_ITEMS: Final = frozenset(
    {"response.output_item.done", "response.completed", "response.incomplete", "response.failed"}
)


async def send_events(
    turns: Turns, turn: Turn, events: AsyncIterator[list[Told]], reply: Reply
) -> None:
    """Send events until the turn has ended."""
    await reply.start(HTTPStatus.OK, raw(HEADERS))
    try:
        async for some in events:
            await reply.more(await _as_sent(turns, turn, some) if some else STILL_HERE)
    except LisaError as error:
        told = body_of(error, Dialect.OPENAI)
        await reply.end(b"event: error\ndata: %b\n\n" % written(told).encode())
    else:
        await reply.end()


async def _as_sent(turns: Turns, turn: Turn, events: Sequence[Told]) -> bytes:
    texts = [
        f"event: {event.name}\ndata: {await _as_wanted(turns, turn, event)}\n\n" for event in events
    ]
    return "".join(texts).encode()


async def _as_wanted(turns: Turns, turn: Turn, event: Told) -> str:
    """Put images in, which aren't in memory otherwise, and take results out, where unwanted."""
    if event.name not in WITH_ITEMS or not any(kind in event.text for kind in AS_WANTED):
        return event.text
    says = from_json(event.text)
    if "item" in says:
        (says["item"],) = await turns.as_wanted(turn, [says["item"]])
    else:
        response = says["response"]
        response["output"] = await turns.as_wanted(turn, response["output"])
    return written(says)
