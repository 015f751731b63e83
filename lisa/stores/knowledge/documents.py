"""Where documents lie: a collection's together, in order of their ids; and what is to be done.

| partition         | sort key | row                                                  |
|-------------------|----------|------------------------------------------------------|
| `in#<collection>` | `<id>`   | a document; `<collection>` is the collection's uid   |
| `emptying`        | `<uid>`  | that a collection is to be emptied                   |

While there is something to do, a row has `open` and `due`: from then on anybody may claim it by
writing a later `due` and its own name as `holder`, at the version that was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lisa.declared.tables import RAG_DOCUMENTS
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.ports.table import (
    ABSENT,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Tables,
    at_version,
)
from lisa.stores.sessions.heads import stamp

WORK: Final = "documents"
EMPTYING: Final = "emptying"


@dataclass(frozen=True)
class Entry:
    """A document as it lies: in the collection of this uid, and what is to be done with it when.

    Nobody claims it before `due`; without one nothing is to be done. `holder` is who works on it,
    and `since` when it works on content of this digest.
    """

    uid: str
    document: RagDocument
    due: datetime | None = None
    holder: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class ToEmpty:
    """A collection that is to be emptied, and who is at it."""

    uid: str
    repository_id: str
    collection_id: str
    job_id: str
    due: datetime
    version: int = 1


@dataclass(frozen=True)
class DocumentStore:
    """Keeps documents."""

    tables: Tables

    async def by_id(self, uid: str, document_id: str) -> Entry | None:
        """Return a collection's document of this id, as last written."""
        return (await self.get_many(uid, [document_id])).get(document_id)

    async def get_many(self, uid: str, document_ids: Sequence[str]) -> dict[str, Entry]:
        """Return those that there are, by their ids."""
        keys = [_key(uid, each) for each in document_ids]
        rows = await self.tables.get_many(RAG_DOCUMENTS, keys)
        return {entry.document.id: entry for entry in map(_from_row, rows)}

    async def page(self, uid: str, limit: int, before: str = "") -> list[Entry]:
        """List a collection's documents from the one of this id on, newest uploads first."""
        query = Query(RAG_DOCUMENTS, _partition(uid), last=before, newest_first=True, limit=limit)
        return [_from_row(row) for row in (await self.tables.query(query)).rows]

    async def due(self, now: datetime, limit: int, cursor: str = "") -> tuple[list[Entry], str]:
        """Return documents that may be claimed, as an index knows them, and where it goes on."""
        query = Query(
            RAG_DOCUMENTS, WORK, index="by_work", last=stamp(now), limit=limit, cursor=cursor
        )
        page = await self.tables.query(query)
        return [_from_row(row) for row in page.rows], page.cursor

    async def with_digest(self, repository_id: str, digest: str, limit: int) -> list[Entry]:
        """Return the repository's documents of the same content, as an index knows them."""
        query = Query(
            RAG_DOCUMENTS, _digest_in(repository_id, digest), index="by_digest", limit=limit
        )
        return [_from_row(row) for row in (await self.tables.query(query)).rows]

    async def change(self, old: Entry, new: Entry) -> Entry:
        """Replace it if nobody did so meanwhile, else raise `ConditionFailed`."""
        put, stored = entry_changed(old, new)
        await self.tables.apply(put)
        return stored

    async def to_empty(self, now: datetime, limit: int) -> list[ToEmpty]:
        """Return collections that may be claimed to be emptied, as an index knows them."""
        query = Query(RAG_DOCUMENTS, EMPTYING, index="by_work", last=stamp(now), limit=limit)
        return [_to_empty_from_row(row) for row in (await self.tables.query(query)).rows]

    async def claim_emptying(self, wanted: ToEmpty, due: datetime) -> ToEmpty:
        """Let nobody else claim it before `due`; `ConditionFailed` where somebody was faster."""
        claimed = replace(wanted, due=due, version=wanted.version + 1)
        put = Put(RAG_DOCUMENTS, _to_empty_row(claimed), at_version(wanted.version))
        await self.tables.apply(put)
        return claimed


def entry_added(entry: Entry) -> Put:
    """Return what stores a new document."""
    return Put(RAG_DOCUMENTS, _to_row(entry), ABSENT)


def entry_changed(old: Entry, new: Entry) -> tuple[Put, Entry]:
    """Return what replaces a document if it is still as it was read, and how it then lies."""
    document = new.document.model_copy(update={"version": old.document.version + 1})
    stored = replace(new, document=document)
    return Put(RAG_DOCUMENTS, _to_row(stored), at_version(old.document.version)), stored


def entry_removed(entry: Entry) -> Delete:
    """Return what forgets a document if it is still as it was read."""
    key = _key(entry.uid, entry.document.id)
    return Delete(RAG_DOCUMENTS, key, at_version(entry.document.version))


def emptying_begun(wanted: ToEmpty) -> Put:
    """Return what has a collection emptied."""
    return Put(RAG_DOCUMENTS, _to_empty_row(wanted))


def emptying_ended(wanted: ToEmpty) -> Delete:
    """Return what tells that a collection was emptied, if nobody else is at it."""
    return Delete(RAG_DOCUMENTS, Key(EMPTYING, wanted.uid), at_version(wanted.version))


def _partition(uid: str) -> str:
    return f"in#{uid}"


def _key(uid: str, document_id: str) -> Key:
    return Key(_partition(uid), document_id)


def _digest_in(repository_id: str, digest: str) -> str:
    return f"{repository_id}#{digest}"


def _to_row(entry: Entry) -> Row:
    document = entry.document
    row: Row = {
        **_key(entry.uid, document.id)._asdict(),
        "document": document.model_dump(mode="json", exclude={"version"}, exclude_defaults=True),
        "version": document.version,
    }
    if entry.due:
        row |= {"open": WORK, "due": stamp(entry.due), "holder": entry.holder}
    if entry.since:
        row["since"] = stamp(entry.since)
    if document.digest:
        row["digest_in"] = _digest_in(document.repository_id, document.digest)
    return row


def _from_row(row: Row) -> Entry:
    """Read a document; a field of another release of LISA is passed over."""
    kept = row["document"] if isinstance(row["document"], dict) else {}
    document = RagDocument.model_validate(kept | {"version": row["version"]}, extra="ignore")
    due, since = (
        datetime.fromisoformat(str(row[name])) if name in row else None for name in ("due", "since")
    )
    uid = str(row["pk"]).removeprefix(_partition(""))
    return Entry(uid, document, due, str(row.get("holder", "")), since)


def _to_empty_row(wanted: ToEmpty) -> Row:
    return {
        **Key(EMPTYING, wanted.uid)._asdict(),
        "open": EMPTYING,
        "due": stamp(wanted.due),
        "repository_id": wanted.repository_id,
        "collection_id": wanted.collection_id,
        "job_id": wanted.job_id,
        "version": wanted.version,
    }


def _to_empty_from_row(row: Row) -> ToEmpty:
    return ToEmpty(
        uid=str(row["sk"]),
        repository_id=str(row["repository_id"]),
        collection_id=str(row["collection_id"]),
        job_id=str(row["job_id"]),
        due=datetime.fromisoformat(str(row["due"])),
        version=int(str(row["version"])),
    )
