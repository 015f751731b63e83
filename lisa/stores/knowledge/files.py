"""Where uploaded files lie: an owner's together, in order of their ids, which is that of time.

| partition       | sort key | row    |
|-----------------|----------|--------|
| `files#<owner>` | `<id>`   | a file |

One that goes unless it becomes a document has `open` and `due`: it can go from then on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lisa.declared.tables import RAG_DOCUMENTS
from lisa.domain.knowledge.rag_file import RagFile
from lisa.ports.table import ABSENT, Delete, Key, Put, Query, Row, Tables, at_version
from lisa.stores.sessions.contents import owner_prefix
from lisa.stores.sessions.heads import stamp

IDLE: Final = "idle files"


@dataclass(frozen=True)
class FileStore:
    """Keeps what is known of files; their content lies in the blob port."""

    tables: Tables

    async def by_id(self, owner: str, file_id: str) -> RagFile | None:
        """Return the owner's file of this id, also one that is being removed."""
        found = await self.get_many(owner, [file_id])
        return found.get(file_id)

    async def get_many(self, owner: str, file_ids: Sequence[str]) -> dict[str, RagFile]:
        """Return those of the owner's files that there are, by their ids."""
        keys = [_key(owner, each) for each in file_ids]
        rows = await self.tables.get_many(RAG_DOCUMENTS, keys)
        return {file.id: file for file in map(_from_row, rows)}

    async def page(self, owner: str, limit: int, cursor: str) -> tuple[list[RagFile], str]:
        """List the owner's files, newest first, also those that are being removed."""
        query = Query(
            RAG_DOCUMENTS, _partition(owner), newest_first=True, limit=limit, cursor=cursor
        )
        page = await self.tables.query(query)
        return [_from_row(row) for row in page.rows], page.cursor

    async def idle(self, now: datetime, limit: int) -> list[RagFile]:
        """Return files whose time is over, as an index knows them."""
        query = Query(RAG_DOCUMENTS, IDLE, index="by_work", last=stamp(now), limit=limit)
        return [_from_row(row) for row in (await self.tables.query(query)).rows]

    async def add(self, file: RagFile) -> None:
        """Store a new file."""
        await self.tables.apply(Put(RAG_DOCUMENTS, _to_row(file), ABSENT))

    async def change(self, old: RagFile, new: RagFile) -> RagFile:
        """Replace it if nobody did so meanwhile, else raise `ConditionFailed`."""
        new = new.model_copy(update={"version": old.version + 1})
        await self.tables.apply(Put(RAG_DOCUMENTS, _to_row(new), at_version(old.version)))
        return new

    async def remove(self, file: RagFile) -> None:
        """Forget it; raise `ConditionFailed` if it was changed meanwhile."""
        await self.tables.apply(file_removed(file))


def blob_key(owner: str, file_id: str) -> str:
    """Return where the content of an owner's file lies."""
    return f"{owner_prefix(owner)}/knowledge/{file_id}"


def file_changed(old: RagFile, new: RagFile) -> Put:
    """Return what replaces a file if it is still as it was read."""
    new = new.model_copy(update={"version": old.version + 1})
    return Put(RAG_DOCUMENTS, _to_row(new), at_version(old.version))


def file_removed(file: RagFile) -> Delete:
    """Return what forgets a file if it is still as it was read."""
    return Delete(RAG_DOCUMENTS, _key(file.owner, file.id), at_version(file.version))


def _partition(owner: str) -> str:
    return f"files#{owner}"


def _key(owner: str, file_id: str) -> Key:
    return Key(_partition(owner), file_id)


def _to_row(file: RagFile) -> Row:
    kept: Row = file.model_dump(mode="json", exclude={"version"})
    row: Row = {**_key(file.owner, file.id)._asdict(), "file": kept, "version": file.version}
    if until := file.idle_until:
        row |= {"open": IDLE, "due": stamp(until)}
    return row


def _from_row(row: Row) -> RagFile:
    """Read a file; a field of another release of LISA is passed over."""
    kept = row["file"] if isinstance(row["file"], dict) else {}
    return RagFile.model_validate(kept | {"version": row["version"]}, extra="ignore")
