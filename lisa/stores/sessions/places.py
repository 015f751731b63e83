"""In which project a session is: two attributes of its head, one of them for the index."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from lisa.declared.tables import SESSIONS
from lisa.domain.session import Session
from lisa.ports.table import MAX_PAGE, Query, Step, Tables, Update, at_version
from lisa.stores.sessions.heads import from_row, head_key


@dataclass(frozen=True)
class Places:
    """Moves sessions into projects and out of them."""

    tables: Tables

    async def page(
        self, owner: str, project_id: str, limit: int, cursor: str
    ) -> tuple[list[Session], str]:
        """Return a project's sessions, last changed first."""
        page = await self.tables.query(
            Query(
                SESSIONS,
                project_id,
                index="by_project",
                newest_first=True,
                limit=limit,
                cursor=cursor,
            )
        )
        found = [from_row(row) for row in page.rows]
        return [session for session in found if session.owner == owner], page.cursor

    async def inside(self, owner: str, project_id: str) -> AsyncIterator[list[Session]]:
        """Yield all of a project's sessions, straight from the table and not from an index."""
        query = Query(SESSIONS, f"user#{owner}", prefix="session#", limit=MAX_PAGE)
        while True:
            page = await self.tables.query(query)
            yield [from_row(row) for row in page.rows if row.get("project_id") == project_id]
            if not page.cursor:
                return
            query = replace(query, cursor=page.cursor)

    async def move(self, sessions: Sequence[Session], project_id: str | None, *steps: Step) -> None:
        """Put them into this project or none; raise `ConditionFailed` if one has changed."""
        await self.tables.transact([*(_moved(each, project_id) for each in sessions), *steps])


def _moved(session: Session, project_id: str | None) -> Update:
    return Update(
        SESSIONS,
        head_key(session.owner, session.id),
        values={"project_id": project_id, "project": project_id} if project_id else {},
        add={"version": 1},
        remove=() if project_id else ("project_id", "project"),
        when=at_version(session.revision),
    )
