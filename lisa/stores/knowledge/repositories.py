"""Where repositories lie: all in one partition, in order of their ids.

| partition    | sort key | row          |
|--------------|----------|--------------|
| `repository` | `<id>`   | a repository |
"""

from dataclasses import dataclass
from typing import Final

from lisa.declared.tables import REPOSITORIES
from lisa.domain.knowledge.repository import Repository
from lisa.ports.table import (
    ABSENT,
    Check,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Step,
    Tables,
    at_version,
)

PARTITION: Final = "repository"


@dataclass(frozen=True)
class RepositoryStore:
    """Keeps repositories."""

    tables: Tables

    async def by_id(self, repository_id: str) -> Repository | None:
        """Return the repository of this id, as last written."""
        row = await self.tables.get(REPOSITORIES, Key(PARTITION, repository_id))
        return _from_row(row) if row else None

    async def page(self, limit: int, cursor: str) -> tuple[list[Repository], str]:
        """List repositories in order of their ids."""
        page = await self.tables.query(Query(REPOSITORIES, PARTITION, limit=limit, cursor=cursor))
        return [_from_row(row) for row in page.rows], page.cursor

    async def add(self, repository: Repository, *steps: Step) -> None:
        """Store a new repository; raise `ConditionFailed` if there is one of this id."""
        await self.tables.transact([Put(REPOSITORIES, _to_row(repository), ABSENT), *steps])

    async def change(self, old: Repository, new: Repository, *steps: Step) -> Repository:
        """Replace the repository if nobody did so meanwhile, else raise `ConditionFailed`."""
        new = new.model_copy(update={"version": old.version + 1})
        put = Put(REPOSITORIES, _to_row(new), at_version(old.version))
        await self.tables.transact([put, *steps])
        return new

    async def remove(self, repository: Repository, *steps: Step) -> None:
        """Forget the repository; raise `ConditionFailed` if it was changed meanwhile."""
        key = Key(PARTITION, repository.id)
        gone = Delete(REPOSITORIES, key, at_version(repository.version))
        await self.tables.transact([gone, *steps])


def unchanged(repository: Repository) -> Check:
    """Return the condition that the repository is as it was read, and so isn't being deleted."""
    return Check(REPOSITORIES, Key(PARTITION, repository.id), at_version(repository.version))


def _to_row(repository: Repository) -> Row:
    """Return the row; a list in it has one order, so that equal repositories are equal rows."""
    kept = repository.model_dump(mode="json", exclude={"version"}, exclude_none=True)
    kept["groups"] = sorted(repository.groups)
    version = repository.version
    return {"pk": PARTITION, "sk": repository.id, "repository": kept, "version": version}


def _from_row(row: Row) -> Repository:
    """Read a repository; a field of another release of LISA is passed over."""
    kept = row["repository"] if isinstance(row["repository"], dict) else {}
    return Repository.model_validate(kept | {"version": row["version"]}, extra="ignore")
