"""Where ingestion jobs lie: a repository's together, in order of their ids, which is that of time.

| partition         | sort key | row                                              |
|-------------------|----------|--------------------------------------------------|
| `in#<repository>` | `<id>`   | a job, with counters of its own for what is done |

A counter is added to in the very transaction that settles a document, so each counts once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lisa.declared.tables import EXPIRES, RAG_JOBS
from lisa.domain.knowledge.job import Job
from lisa.ports.table import ABSENT, MAX_PAGE, PRESENT, Delete, Key, Put, Query, Row, Tables, Update
from lisa.stores.sessions.heads import stamp

KEPT_FOR: Final = timedelta(days=90)
LONGEST_CAUSE: Final = 500
CHANGING: Final = frozenset({"total", "done", "failed", "skipped", "cause", "updated"})


@dataclass(frozen=True)
class Tally:
    """What a job's counters grow by."""

    total: int = 0
    done: int = 0
    failed: int = 0
    skipped: int = 0
    cause: str = ""


@dataclass(frozen=True)
class JobStore:
    """Keeps jobs."""

    tables: Tables

    async def by_id(self, repository_id: str, job_id: str) -> Job | None:
        """Return the repository's job of this id."""
        row = await self.tables.get(RAG_JOBS, _key(repository_id, job_id))
        return _from_row(row) if row else None

    async def page(self, repository_id: str, limit: int, cursor: str) -> tuple[list[Job], str]:
        """List a repository's jobs, newest first."""
        place = _partition(repository_id)
        return await self._listed(
            Query(RAG_JOBS, place, newest_first=True, limit=limit, cursor=cursor)
        )

    async def of_owner(
        self, repository_id: str, owner: str, limit: int, cursor: str
    ) -> tuple[list[Job], str]:
        """List a repository's jobs of one owner, newest first."""
        return await self._listed(
            Query(
                RAG_JOBS,
                _owner(repository_id, owner),
                index="by_owner",
                newest_first=True,
                limit=limit,
                cursor=cursor,
            )
        )

    async def remove(self, repository_id: str, job_id: str) -> None:
        """Forget a job; one that isn't there is forgotten already."""
        await self.tables.apply(Delete(RAG_JOBS, _key(repository_id, job_id)))

    async def forget(self, repository_id: str) -> None:
        """Forget all of a repository's jobs."""
        query = Query(RAG_JOBS, _partition(repository_id), limit=MAX_PAGE)
        while rows := (await self.tables.query(query)).rows:
            keys = [Key(query.partition, str(row["sk"])) for row in rows]
            await self.tables.delete_many(RAG_JOBS, keys)

    async def _listed(self, query: Query) -> tuple[list[Job], str]:
        page = await self.tables.query(query)
        return [_from_row(row) for row in page.rows], page.cursor


def job_begun(job: Job) -> Put:
    """Return what stores a new job."""
    return Put(RAG_JOBS, _to_row(job), ABSENT)


def job_counted(repository_id: str, job_id: str, tally: Tally, now: datetime) -> Update:
    """Return what counts for a job; it fails where the job is forgotten."""
    values: Row = {"updated": stamp(now)}
    if tally.cause:
        values["cause"] = tally.cause[:LONGEST_CAUSE]
    counters = {"total": tally.total, "done": tally.done, "failed": tally.failed}
    counters["skipped"] = tally.skipped
    add = {name: number for name, number in counters.items() if number}
    return Update(RAG_JOBS, _key(repository_id, job_id), values=values, add=add, when=PRESENT)


def _partition(repository_id: str) -> str:
    return f"in#{repository_id}"


def _owner(repository_id: str, owner: str) -> str:
    return f"{repository_id}#{owner}"


def _key(repository_id: str, job_id: str) -> Key:
    return Key(_partition(repository_id), job_id)


def _to_row(job: Job) -> Row:
    changing: Row = job.model_dump(mode="json", include=set(CHANGING))
    return {
        **_key(job.repository_id, job.id)._asdict(),
        **changing,
        "job": job.model_dump(mode="json", exclude=set(CHANGING)),
        "owner": _owner(job.repository_id, job.owner),
        "created": stamp(job.created),
        EXPIRES: int((job.created + KEPT_FOR).timestamp()),
    }


def _from_row(row: Row) -> Job:
    """Read a job; a field of another release of LISA is passed over."""
    kept = row["job"] if isinstance(row["job"], dict) else {}
    counted = {name: row[name] for name in CHANGING if name in row}
    return Job.model_validate(kept | counted, extra="ignore")
