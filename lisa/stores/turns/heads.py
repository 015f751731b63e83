"""The heads of turns: who works on them, until when, and how they ended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lisa.declared.tables import SESSIONS
from lisa.domain.errors import ConditionFailed
from lisa.domain.turns.turn import Turn
from lisa.ports.table import (
    ABSENT,
    MAX_PAGE,
    MAX_STEPS,
    PRESENT,
    Key,
    Put,
    Query,
    Row,
    Tables,
    Update,
    at_version,
)
from lisa.stores.sessions.heads import stamp
from lisa.stores.sessions.rows import partition
from lisa.stores.turns.places import asked_key, head_key, session_uid

OPEN: Final = "turn"
OWN_ATTRIBUTES: Final = frozenset({"request", "lease_until", "cancel_requested", "version"})


@dataclass(frozen=True)
class TurnHeads:
    """Keeps the heads of turns."""

    tables: Tables

    async def begin(self, turn: Turn) -> None:
        """Store a new turn, open and leased."""
        await self.tables.transact(beginning(turn))

    async def get(self, turn_id: str) -> Turn | None:
        """Return a turn with what was asked."""
        if not session_uid(turn_id):
            return None
        keys = [head_key(turn_id), asked_key(turn_id)]
        rows = {str(row["sk"]): row for row in await self.tables.get_many(SESSIONS, keys)}
        head, asked = (rows.get(key.sk) for key in keys)
        if head is None:
            return None
        request = json.loads(str(asked["request"])) if asked else {}
        return _from_row(head).model_copy(update={"request": request})

    async def get_many(self, turn_ids: Sequence[str]) -> dict[str, Turn]:
        """Return those that there are, without what was asked."""
        rows = await self.tables.get_many(SESSIONS, [head_key(each) for each in turn_ids])
        return {turn.id: turn for turn in map(_from_row, rows)}

    async def renew(self, turns: Sequence[Turn], until: datetime) -> None:
        """Lease these for longer; those that were changed meanwhile are left as they are."""
        for start in range(0, len(turns), MAX_STEPS):
            waiting = list(turns[start : start + MAX_STEPS])
            while waiting:
                try:
                    await self.tables.transact([_renewed(turn, until) for turn in waiting])
                except ConditionFailed as failure:
                    failed = set(failure.failed)
                    waiting = [each for n, each in enumerate(waiting) if n not in failed]
                else:
                    break

    async def request_cancel(self, turn: Turn) -> None:
        """Ask whoever works on it to stop; `ConditionFailed` where it is gone."""
        update = Update(
            SESSIONS,
            head_key(turn.id),
            values={"cancel_requested": True},
            add={"version": 1},
            when=PRESENT,
        )
        await self.tables.apply(update)

    async def close(self, turn: Turn, version: int) -> None:
        """Store how it ended, if it is still as it was read, else raise `ConditionFailed`."""
        await self.tables.apply(closing(turn, version))

    async def expired(self, now: datetime, limit: int = 100) -> list[Turn]:
        """Return open turns whose lease has run out, as an index knows them: read them again."""
        query = Query(SESSIONS, OPEN, index="by_lease", last=stamp(now), limit=limit)
        return [_from_row(row) for row in (await self.tables.query(query)).rows]

    async def are_in(self, uid: str) -> bool:
        """Tell whether a session has turns."""
        query = Query(SESSIONS, partition(uid), prefix="turn#", limit=1)
        return bool((await self.tables.query(query)).rows)

    async def forget(self, turn_id: str) -> None:
        """Remove head, what was asked and events."""
        keys = [head_key(turn_id), asked_key(turn_id)]
        query = Query(SESSIONS, keys[0].pk, prefix=f"log#{turn_id}#", limit=MAX_PAGE)
        while rows := (await self.tables.query(query)).rows:
            await self.tables.delete_many(
                SESSIONS, [Key(query.partition, _sk(row)) for row in rows]
            )
        await self.tables.delete_many(SESSIONS, keys)


def beginning(turn: Turn) -> list[Put]:
    """Return what stores a new turn, open and leased."""
    key = asked_key(turn.id)
    asked: Row = {"pk": key.pk, "sk": key.sk, "request": json.dumps(turn.request)}
    return [Put(SESSIONS, _to_row(turn), ABSENT), Put(SESSIONS, asked, ABSENT)]


def closing(turn: Turn, version: int) -> Put:
    """Return what stores how a turn ended, if it is still as it was read."""
    row = _to_row(turn.model_copy(update={"version": version + 1}))
    return Put(SESSIONS, row, at_version(version))


def _sk(row: Row) -> str:
    return str(row["sk"])


def _renewed(turn: Turn, until: datetime) -> Update:
    return Update(
        SESSIONS,
        head_key(turn.id),
        values={"lease_until": stamp(until)},
        add={"version": 1},
        when=at_version(turn.version),
    )


def _to_row(turn: Turn) -> Row:
    key = head_key(turn.id)
    row: Row = {
        "pk": key.pk,
        "sk": key.sk,
        "turn": turn.model_dump_json(exclude=set(OWN_ATTRIBUTES), exclude_defaults=True),
        "cancel_requested": turn.cancel_requested,
        "version": turn.version,
    }
    if turn.is_open and turn.lease_until:
        row |= {"open": OPEN, "lease_until": stamp(turn.lease_until)}
    return row


def _from_row(row: Row) -> Turn:
    own = {name: row[name] for name in OWN_ATTRIBUTES if name in row}
    return Turn.model_validate(json.loads(str(row["turn"])) | own)
