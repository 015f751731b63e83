"""How turns end: their output goes into the session, once, and then the head says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lisa.domain.errors import ConditionFailed, Conflict, NotFound
from lisa.domain.session import Draft
from lisa.domain.turns.events import partial
from lisa.domain.turns.items import to_draft, to_wire
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.turn import Turn, TurnStatus
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import Step
from lisa.stores.sessions.appends import Appends, Known
from lisa.stores.sessions.heads import Heads
from lisa.stores.sessions.items import Items
from lisa.stores.turns.heads import TurnHeads, closing
from lisa.stores.turns.log import TurnLog

INTERRUPTED = "interrupted"


class Lost(Exception):
    """The turn was closed by somebody else, or its session is gone."""


@dataclass(frozen=True)
class Closing:
    """Closes turns."""

    heads: TurnHeads
    log: TurnLog
    sessions: Heads
    items: Items
    appends: Appends
    clock: Clock
    ids: Ids

    async def close(
        self,
        turn: Turn,
        output: Sequence[Wire],
        how: Mapping[str, object],
        version: int,
        rest: Sequence[Step] = (),
    ) -> Turn:
        """Keep what came of a turn that is ours; raise `Lost` where it isn't any more.

        What is to be done for the `rest` of its log is done with it.
        """
        closed = self.closed(turn, output, how)
        while True:
            try:
                await self._keep(closed, output, version, rest)
            except NotFound as error:
                raise Lost from error
            except ConditionFailed as error:
                head = (await self.heads.get_many([turn.id])).get(turn.id)
                if head is None or not head.is_open or head.lease != turn.lease:
                    raise Lost from error
                version = head.version  # somebody asked to cancel it, too late
            else:
                return closed

    def closed(self, turn: Turn, output: Sequence[Wire], how: Mapping[str, object]) -> Turn:
        """Return a turn as it is when it has ended."""
        ended = {"lease_until": None, "completed": self.clock.now()}
        ids = tuple(str(item["id"]) for item in output)
        return turn.model_copy(update={**how, **ended, "output_ids": ids})

    async def close_expired(self, given_up: Turn) -> Turn | None:
        """Close a turn whose owner is gone, with what the log has of it; return it as it is."""
        turn = await self.heads.get(given_up.id)
        now = self.clock.now()
        if turn is None or not turn.is_open or (turn.lease_until and turn.lease_until > now):
            return turn
        events = await self.log.all(turn.id)
        how: dict[str, object] = {"last_sequence": len(events)}
        if turn.cancel_requested:
            how["status"] = TurnStatus.CANCELLED
        else:
            how |= {"status": TurnStatus.INCOMPLETE, "incomplete_reason": INTERRUPTED}
        output = partial(events)
        try:
            await self._keep(self.closed(turn, output, how), output, turn.version)
        except ConditionFailed:
            pass  # its owner is alive after all, or somebody else was faster
        except NotFound:
            await self.heads.forget(turn.id)  # its session was deleted, or never made
        return await self.heads.get(turn.id)

    async def output_of(self, turn: Turn) -> list[Wire]:
        """Return the output of a turn that has ended."""
        return await self.items_of(turn, turn.output_ids)

    async def items_of(self, turn: Turn, ids: Sequence[str]) -> list[Wire]:
        """Return items of a turn's session as they are on the wire, in this order."""
        session = await self.sessions.get(turn.owner, turn.session_id) if ids else None
        if session is None or session.uid != turn.session_uid:
            return []
        marks = await self.items.marks_of(session, ids)
        wanted = [marks[name] for name in ids if name in marks]
        return [to_wire(item) for item in await self.items.get_many(session, wanted)]

    async def _keep(
        self, closed: Turn, output: Sequence[Wire], version: int, rest: Sequence[Step] = ()
    ) -> None:
        """Append the output and say so in the head, together."""
        end = [closing(closed, version), *rest]
        drafts = self._drafts(closed, output)
        known = await self._read(closed, drafts)
        try:
            await self.appends.append_to(known, drafts, end)
        except Conflict:  # another one closes it too, and was faster: what is there holds
            there = await self.items.marks_of(known.session, [draft.id for draft in drafts])
            missing = [draft for draft in drafts if draft.id not in there]
            await self.appends.append_to(await self._read(closed, missing), missing, end)

    async def _read(self, turn: Turn, drafts: Sequence[Draft]) -> Known:
        return await self.appends.read(turn.owner, turn.session_id, turn.session_uid, drafts)

    def _drafts(self, turn: Turn, output: Sequence[Wire]) -> list[Draft]:
        drafts: list[Draft] = []
        parent = turn.input_ids[-1] if turn.input_ids else None
        for item in output:
            fresh = self.ids.new("item")
            drafts.append(to_draft(item, response_id=turn.id, new_id=fresh, parent_id=parent))
            parent = drafts[-1].id
        return drafts
