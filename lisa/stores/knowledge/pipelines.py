"""Where lies what pipelines did, and what they are to do: a repository's together.

| partition           | sort key                | row                                           |
|---------------------|-------------------------|-----------------------------------------------|
| `runs#<repository>` | `state#<pipeline>`      | since when it waits, and who is at it         |
| `runs#<repository>` | `run#<pipeline>#<run>`  | a run; runs' ids sort as they were made       |

`<repository>` is the repository's uid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lisa.declared.tables import REPOSITORIES
from lisa.domain.knowledge.pipeline import PipelineRun
from lisa.ports.table import (
    ABSENT,
    MAX_PAGE,
    Key,
    Put,
    Query,
    Row,
    Tables,
    at_version,
)
from lisa.stores.sessions.heads import stamp

MOST_KEPT: Final = 100  # runs of a pipeline


@dataclass(frozen=True)
class PipelineState:
    """Since when a pipeline waits for its next time; nobody else is at it before `free`.

    `source` is the one that was compared as a whole.
    """

    pipeline_id: str
    since: datetime
    free: datetime
    asked: bool = False  # somebody wants it to look at once
    source: str = ""
    version: int = 0  # 0: not stored yet


@dataclass(frozen=True)
class PipelineStore:
    """Keeps runs and states of pipelines."""

    tables: Tables

    async def state(self, uid: str, pipeline_id: str) -> PipelineState | None:
        """Return a pipeline's state, if it has one already."""
        row = await self.tables.get(REPOSITORIES, _state_key(uid, pipeline_id))
        return _state_from_row(row) if row else None

    async def change(self, uid: str, old: PipelineState, new: PipelineState) -> PipelineState:
        """Store a state, if nobody changed it meanwhile, else raise `ConditionFailed`."""
        new = replace(new, version=old.version + 1)
        key = _state_key(uid, new.pipeline_id)
        row: Row = {
            **key._asdict(),
            "pipeline_id": new.pipeline_id,
            "since": stamp(new.since),
            "free": stamp(new.free),
            "asked": new.asked,
            "source": new.source,
            "version": new.version,
        }
        when = at_version(old.version) if old.version else ABSENT
        await self.tables.apply(Put(REPOSITORIES, row, when))
        return new

    async def write(self, uid: str, run: PipelineRun) -> None:
        """Store a run as far as it has come."""
        key = Key(_partition(uid), f"{_runs(run.pipeline_id)}{run.id}")
        kept: Row = run.model_dump(mode="json", exclude_defaults=True)
        await self.tables.apply(Put(REPOSITORIES, {**key._asdict(), "run": kept}))

    async def runs(
        self, uid: str, pipeline_id: str, limit: int, cursor: str
    ) -> tuple[list[PipelineRun], str]:
        """List a pipeline's runs, newest first."""
        page = await self.tables.query(
            Query(
                REPOSITORIES,
                _partition(uid),
                prefix=_runs(pipeline_id),
                newest_first=True,
                limit=limit,
                cursor=cursor,
            )
        )
        return [_run_from_row(row) for row in page.rows], page.cursor

    async def forget_old(self, uid: str, pipeline_id: str) -> None:
        """Forget runs of which there are newer ones enough."""
        query = Query(
            REPOSITORIES,
            _partition(uid),
            prefix=_runs(pipeline_id),
            newest_first=True,
            limit=2 * MOST_KEPT,
        )
        rows = (await self.tables.query(query)).rows
        await self._delete(rows[MOST_KEPT:])

    async def forget(self, uid: str) -> None:
        """Forget all that a repository's pipelines did."""
        query = Query(REPOSITORIES, _partition(uid), limit=MAX_PAGE)
        while rows := (await self.tables.query(query)).rows:
            await self._delete(rows)

    async def _delete(self, rows: Sequence[Row]) -> None:
        keys = [Key(str(row["pk"]), str(row["sk"])) for row in rows]
        await self.tables.delete_many(REPOSITORIES, keys)


def _partition(uid: str) -> str:
    return f"runs#{uid}"


def _runs(pipeline_id: str) -> str:
    return f"run#{pipeline_id}#"


def _state_key(uid: str, pipeline_id: str) -> Key:
    return Key(_partition(uid), f"state#{pipeline_id}")


def _state_from_row(row: Row) -> PipelineState:
    return PipelineState(
        pipeline_id=str(row["pipeline_id"]),
        since=datetime.fromisoformat(str(row["since"])),
        free=datetime.fromisoformat(str(row["free"])),
        asked=bool(row["asked"]),
        source=str(row.get("source", "")),
        version=int(str(row["version"])),
    )


def _run_from_row(row: Row) -> PipelineRun:
    """Read a run; a field of another release of LISA is passed over."""
    return PipelineRun.model_validate(row["run"], extra="ignore")
