"""Where projects lie: an owner's in one partition, beside a row that counts them.

| partition      | sort key       | row                                                |
|----------------|----------------|----------------------------------------------------|
| `user#<owner>` | `project#<id>` | a project                                          |
| `user#<owner>` | `count`        | `projects`: how many there are that aren't deleted |

Which project a session is in stands on the session's own row.
"""

from dataclasses import dataclass
from typing import Final

from lisa.declared.tables import PROJECTS
from lisa.domain.project import Project
from lisa.ports.table import (
    ABSENT,
    Check,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Tables,
    Update,
    When,
    at_version,
)

PREFIX: Final = "project#"


@dataclass(frozen=True)
class Count:
    """How many projects an owner has, and the state of the row that says so."""

    projects: int
    state: When


@dataclass(frozen=True)
class ProjectStore:
    """Keeps projects."""

    tables: Tables

    async def by_id(self, owner: str, project_id: str) -> Project | None:
        """Return the owner's project of this id."""
        row = await self.tables.get(PROJECTS, _key(owner, project_id))
        return _from_row(row) if row else None

    async def page(self, owner: str, limit: int, cursor: str) -> tuple[list[Project], str]:
        """Return the owner's projects, those being deleted included."""
        page = await self.tables.query(
            Query(PROJECTS, f"user#{owner}", prefix=PREFIX, limit=limit, cursor=cursor)
        )
        return [_from_row(row) for row in page.rows], page.cursor

    async def count(self, owner: str) -> Count:
        """Return how many projects the owner has."""
        row = await self.tables.get(PROJECTS, _count_key(owner))
        if row is None:
            return Count(0, ABSENT)
        return Count(int(str(row["projects"])), at_version(int(str(row["version"]))))

    async def add(self, project: Project, count: Count) -> None:
        """Store a new project; raise `ConditionFailed` if the count isn't this any more."""
        counted = Update(
            PROJECTS,
            _count_key(project.owner),
            add={"projects": 1, "version": 1},
            when=count.state,
        )
        await self.tables.transact([Put(PROJECTS, _to_row(project), ABSENT), counted])

    async def rename(self, old: Project, new: Project) -> None:
        """Store another name; raise `ConditionFailed` if it was changed meanwhile."""
        await self.tables.apply(Put(PROJECTS, _to_row(new), at_version(old.version)))

    async def mark(self, old: Project, new: Project) -> None:
        """Store that it is being deleted, and count it no more."""
        counted = Update(PROJECTS, _count_key(old.owner), add={"projects": -1, "version": 1})
        marked = Put(PROJECTS, _to_row(new), at_version(old.version))
        await self.tables.transact([marked, counted])

    async def remove(self, project: Project) -> None:
        """Forget a project that was marked."""
        await self.tables.apply(Delete(PROJECTS, _key(project.owner, project.id)))


def unchanged(project: Project) -> Check:
    """Return the condition that the project is as it was read, and so isn't being deleted."""
    return Check(PROJECTS, _key(project.owner, project.id), at_version(project.version))


def _key(owner: str, project_id: str) -> Key:
    return Key(f"user#{owner}", f"{PREFIX}{project_id}")


def _count_key(owner: str) -> Key:
    return Key(f"user#{owner}", "count")


def _to_row(project: Project) -> Row:
    key = _key(project.owner, project.id)
    kept: Row = project.model_dump(mode="json")
    return {"pk": key.pk, "sk": key.sk, **kept}


def _from_row(row: Row) -> Project:
    return Project.model_validate(row, extra="ignore")
