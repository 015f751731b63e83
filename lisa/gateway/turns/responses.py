"""OpenAI's Responses: a turn is asked for, watched, cancelled, shown and deleted."""

from dataclasses import dataclass
from http import HTTPStatus

from lisa.domain.turns.conversation import item_list
from lisa.domain.turns.found import RESULTS, without_results
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.response import shown
from lisa.domain.turns.turn import Turn
from lisa.gateway.asked import Asked
from lisa.gateway.bodies import CallerGone
from lisa.gateway.reply import Reply
from lisa.gateway.turns.sending import send_events
from lisa.usecases.turns.engine import Turns
from lisa.usecases.turns.live import LiveTurn


@dataclass(frozen=True)
class Responses:
    """Answers what is asked of `/responses`."""

    turns: Turns

    async def create(self, asked: Asked, reply: Reply) -> None:
        """Begin a turn; a caller who hangs up ends it only where it isn't kept."""
        request = TurnRequest.read(await asked.model_request())
        started = await self.turns.start(asked.caller, request)
        turn = started.turn if isinstance(started, LiveTurn) else started
        if request.background and not request.stream:
            await reply.document(HTTPStatus.OK, shown(turn, []))
            return
        try:
            with reply:
                reply.listen()
                await self._told(started, turn, reply, stream=request.stream)
        except CallerGone:
            if isinstance(started, LiveTurn) and not turn.stored:
                started.cancelled = True
                started.stop()
            raise

    async def get(self, asked: Asked, reply: Reply) -> None:
        """Show a turn, or follow it from any of its events on."""
        asked.refuse_unknown_includes()
        turn = await self.turns.get(asked.caller, asked.name)
        if not asked.flag("stream"):
            response = await self.turns.response(turn, results=asked.includes(RESULTS))
            await reply.document(HTTPStatus.OK, response)
            return
        number = asked.number("starting_after", -1, least=-1) + 1
        with reply:
            reply.listen()
            await send_events(self.turns, turn, self.turns.watch(turn, number), reply)

    async def cancel(self, asked: Asked, reply: Reply) -> None:
        """Stop a turn; one that has ended stays as it is."""
        turn = await self.turns.cancel(asked.caller, asked.name)
        await reply.document(HTTPStatus.OK, await self.turns.response(turn))

    async def delete(self, asked: Asked, reply: Reply) -> None:
        """Forget a turn."""
        await self.turns.delete(asked.caller, asked.name)
        gone = {"id": asked.name, "object": "response", "deleted": True}
        await reply.document(HTTPStatus.OK, gone)

    async def input_items(self, asked: Asked, reply: Reply) -> None:
        """List what a turn answers."""
        asked.refuse_unknown_includes()
        turn = await self.turns.get(asked.caller, asked.name)
        page = asked.page()
        items = await self.turns.input_of(turn)
        seen = items if asked.includes(RESULTS) else without_results(items)
        shown_items, more = page.cut(seen)
        await reply.document(HTTPStatus.OK, item_list(shown_items, has_more=more))

    async def _told(
        self, started: LiveTurn | Turn, turn: Turn, reply: Reply, *, stream: bool
    ) -> None:
        if stream:
            await send_events(self.turns, turn, self.turns.watch(turn, 0), reply)
        else:
            await reply.document(HTTPStatus.OK, await self.turns.result(started))
