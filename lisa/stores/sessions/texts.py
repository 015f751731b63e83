"""What is searched: names of sessions on their heads, texts of messages in rows of their own.

| partition      | sort key                        | row                           |
|----------------|---------------------------------|-------------------------------|
| `text#<owner>` | `<created>#<uid>#<sequence>`    | the beginning of what is said |

A text is written and removed in the very transaction that does so with its message. Messages kept
by an earlier LISA have none, so their sessions are found by name and first message only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lisa.declared.tables import SESSIONS
from lisa.domain.session import Item, Session, plain
from lisa.ports.table import Delete, Key, Put, Query, Row, Tables
from lisa.stores.sessions.heads import activity, from_row, stamp

SEARCHED_BYTES: Final = 32 * 1024


@dataclass(frozen=True)
class Said:
    """A text that may be what somebody looks for, and where it lies."""

    place: str
    session_id: str
    uid: str
    text: str
    item_id: str | None = None


@dataclass(frozen=True)
class Texts:
    """Reads what an owner may search, newest first."""

    tables: Tables

    async def titles(self, owner: str, before: str, limit: int) -> list[Said]:
        """Return names and first messages of sessions that changed before this place."""
        query = Query(
            SESSIONS,
            owner,
            index="by_activity",
            last=before,
            newest_first=True,
            limit=limit + 1,
        )
        sessions = [from_row(row) for row in (await self.tables.query(query)).rows]
        said = [_title(session) for session in sessions]
        return [each for each in said if each.place != before][:limit]

    async def said(self, owner: str, before: str, limit: int) -> list[Said]:
        """Return texts that were written before this place."""
        query = Query(SESSIONS, _partition(owner), last=before, newest_first=True, limit=limit + 1)
        rows = (await self.tables.query(query)).rows
        return [_from_row(row) for row in rows if row["sk"] != before][:limit]


def text_steps(session: Session, items: Sequence[Item]) -> list[Put]:
    """Return what makes these items found, if they say anything and their session is listed."""
    rows = [_row(session, item) for item in items if session.listed and item.type == "message"]
    return [Put(SESSIONS, row) for row in rows if row["text"]]


def no_text(session: Session, item: Item) -> Delete:
    """Return what makes this item found no more."""
    return Delete(SESSIONS, text_key(session.owner, session.uid, item.created, item.sequence))


def text_key(owner: str, uid: str, created: datetime, sequence: int) -> Key:
    """Return where the text of an item lies."""
    return Key(_partition(owner), f"{stamp(created)}#{uid}#{sequence:012d}")


def _partition(owner: str) -> str:
    return f"text#{owner}"


def _row(session: Session, item: Item) -> Row:
    key = text_key(session.owner, session.uid, item.created, item.sequence)
    text = plain(item.text()).encode()[:SEARCHED_BYTES].decode(errors="ignore")
    return {
        "pk": key.pk,
        "sk": key.sk,
        "session_id": session.id,
        "uid": session.uid,
        "item_id": item.id,
        "text": text,
    }


def _from_row(row: Row) -> Said:
    place, session_id, uid, item_id, text = (
        str(row[name]) for name in ("sk", "session_id", "uid", "item_id", "text")
    )
    return Said(place, session_id, uid, text, item_id)


def _title(session: Session) -> Said:
    place = activity(session.id, session.updated)
    text = "\n".join(filter(None, (session.name, session.first_message)))
    return Said(place, session.id, session.uid, text)
