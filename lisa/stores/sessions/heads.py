"""The heads of sessions, and the tombstones that take their place."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lisa.declared.tables import EXPIRES, SESSIONS
from lisa.domain.errors import ConditionFailed, Conflict, NotFound
from lisa.domain.session import Session
from lisa.ports.table import (
    ABSENT,
    PRESENT,
    Check,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Step,
    Tables,
    Update,
    at_version,
)

BURIED_AT_ONCE: Final = 40
REMEMBER_DELETED: Final = timedelta(days=30)
UNLISTED: Final = "unlisted"


@dataclass(frozen=True)
class Removal:
    """A deleted session whose items and blobs are still to be removed."""

    owner: str
    session_id: str
    uid: str
    since: datetime


def head_key(owner: str, session_id: str) -> Key:
    """Return where a session's head lies."""
    return Key(f"user#{owner}", f"session#{session_id}")


def activity(session_id: str, updated: datetime) -> str:
    """Return the sort key that lists sessions by their last change."""
    return f"{stamp(updated)}#{session_id}"


def stamp(moment: datetime) -> str:
    """Write a time so that the order of texts is the order of times."""
    return moment.isoformat(timespec="microseconds")


@dataclass(frozen=True)
class Heads:
    """Keeps the heads of sessions."""

    tables: Tables

    async def create(self, session: Session) -> None:
        """Store a new head; a `Conflict` where there is one, `NotFound` where it was deleted."""
        try:
            await self.tables.transact(_creating(session))
        except ConditionFailed as failure:
            if 1 in failure.failed:
                raise deleted(session.id) from failure
            raise Conflict(
                f"there is a session {session.id} already",
                next_step="append to it, or leave the id out and get a new one",
                code="session_exists",
            ) from failure

    async def get(self, owner: str, session_id: str) -> Session | None:
        """Return the owner's session of that id, if there is one."""
        row = await self.tables.get(SESSIONS, head_key(owner, session_id))
        return from_row(row) if row else None

    async def get_many(self, owner: str, session_ids: Sequence[str]) -> list[Session]:
        """Return those of the owner's sessions that there are."""
        keys = [head_key(owner, session_id) for session_id in session_ids]
        return [from_row(row) for row in await self.tables.get_many(SESSIONS, keys)]

    async def page(self, owner: str, limit: int, cursor: str) -> tuple[list[Session], str]:
        """Return the owner's sessions, last changed first."""
        page = await self.tables.query(
            Query(
                SESSIONS, owner, index="by_activity", newest_first=True, limit=limit, cursor=cursor
            )
        )
        return [from_row(row) for row in page.rows], page.cursor

    async def some(self, owner: str) -> list[Session]:
        """Return some of the owner's sessions, straight from the table."""
        query = Query(SESSIONS, f"user#{owner}", prefix="session#", limit=BURIED_AT_ONCE)
        return [from_row(row) for row in (await self.tables.query(query)).rows]

    async def change(self, session: Session, changed: Session) -> Session:
        """Store another name and configuration, if the head is still as read."""
        values: Row = {
            "name": changed.name,
            "configuration": json.dumps(changed.configuration),
            "updated": stamp(changed.updated),
            "settings_version": session.version + 1,
        }
        update = Update(
            SESSIONS,
            head_key(session.owner, session.id),
            values=values | in_lists(session, changed.updated),
            add={"version": 1},
            when=at_version(session.revision),
        )
        row = await self.tables.apply(update)
        return from_row(row or {})

    async def bury(self, sessions: Sequence[Session], now: datetime) -> None:
        """Turn heads into tombstones, all or none: from now on these sessions are not found."""
        steps: list[Step] = []
        for session in sessions:
            steps.append(Delete(SESSIONS, head_key(session.owner, session.id), PRESENT))
            steps.append(Put(SESSIONS, _tombstone(session, now)))
        await self.tables.transact(steps)

    async def unlisted(self, before: datetime, limit: int) -> list[Session]:
        """Return sessions made before then for a single response, oldest first."""
        query = Query(SESSIONS, UNLISTED, index="by_removal", last=stamp(before), limit=limit)
        return [from_row(row) for row in (await self.tables.query(query)).rows]

    async def removals(self, limit: int, cursor: str) -> tuple[list[Removal], str]:
        """Return deleted sessions that may still have items or blobs, oldest first."""
        page = await self.tables.query(
            Query(SESSIONS, "pending", index="by_removal", limit=limit, cursor=cursor)
        )
        return [_to_removal(row) for row in page.rows], page.cursor

    async def close(self, removal: Removal, now: datetime) -> None:
        """Note that nothing is left; the tombstone itself goes after a month."""
        forget = int((now + REMEMBER_DELETED).timestamp())
        await self.tables.apply(
            Update(
                SESSIONS,
                _gone_key(removal.owner, removal.session_id),
                values={EXPIRES: forget},
                remove=("removal", "removal_since"),
                when=PRESENT,
            )
        )


def deleted(session_id: str) -> NotFound:
    """Say that a session was deleted, and for good."""
    return NotFound(
        f"session {session_id} was deleted",
        next_step="create another one under a new id",
        code="session_deleted",
    )


def in_lists(session: Session, updated: datetime) -> Row:
    """Return what puts a head in its owner's list, or in that of those forgotten after a while."""
    if session.listed:
        return {"activity": activity(session.id, updated)}
    return {"removal": UNLISTED, "removal_since": f"{stamp(session.created)}#{session.uid}"}


def advancing(before: Session, after: Session) -> list[Step]:
    """Return what moves a head on that is still as read, or makes it where it isn't there yet."""
    if not before.revision:
        return _creating(after)
    values: Row = in_lists(after, after.updated)
    values |= {"updated": stamp(after.updated), "last_item_id": after.last_item_id}
    if after.first_message != before.first_message:
        values["first_message"] = after.first_message
    return [
        Update(
            SESSIONS,
            head_key(before.owner, before.id),
            values=values,
            add={"version": 1, "item_count": after.item_count - before.item_count},
            when=at_version(before.revision),
        )
    ]


def _creating(session: Session) -> list[Step]:
    return [
        Put(SESSIONS, _to_row(session), ABSENT),
        Check(SESSIONS, _gone_key(session.owner, session.id), ABSENT),
    ]


def from_row(row: Row) -> Session:
    """Read a head."""
    fields = {name: row.get(name) for name in ("id", "uid", "owner", "name", "first_message")}
    return Session.model_validate(
        fields
        | {
            "configuration": json.loads(str(row["configuration"])),
            "item_count": row["item_count"],
            "last_item_id": row.get("last_item_id"),
            "created": row["created"],
            "updated": row["updated"],
            "version": row["settings_version"],
            "revision": row["version"],
            "project_id": row.get("project_id"),
            "has_removed": row.get("has_removed", False),
            "listed": row.get("removal") != UNLISTED,
        }
    )


def _to_row(session: Session) -> Row:
    key = head_key(session.owner, session.id)
    return in_lists(session, session.updated) | {
        "pk": key.pk,
        "sk": key.sk,
        "id": session.id,
        "uid": session.uid,
        "owner": session.owner,
        "name": session.name,
        "configuration": json.dumps(session.configuration),
        "first_message": session.first_message,
        "item_count": session.item_count,
        "last_item_id": session.last_item_id,
        "created": stamp(session.created),
        "updated": stamp(session.updated),
        "settings_version": session.version,
        "version": session.revision,
    }


def _gone_key(owner: str, session_id: str) -> Key:
    return Key(f"user#{owner}", f"gone#{session_id}")


def _tombstone(session: Session, now: datetime) -> Row:
    key = _gone_key(session.owner, session.id)
    return {
        "pk": key.pk,
        "sk": key.sk,
        "session_id": session.id,
        "uid": session.uid,
        "gone_owner": session.owner,
        "removal": "pending",
        "removal_since": f"{stamp(now)}#{session.uid}",
    }


def _to_removal(row: Row) -> Removal:
    since, _, _ = str(row["removal_since"]).partition("#")
    return Removal(
        owner=str(row["gone_owner"]),
        session_id=str(row["session_id"]),
        uid=str(row["uid"]),
        since=datetime.fromisoformat(since),
    )
