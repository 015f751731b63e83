"""Projects: made, renamed, deleted; sessions are put into them and taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed, Conflict, Invalid, NotFound
from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.domain.project import Project
from lisa.domain.session import Session
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.stores.projects import ProjectStore, unchanged
from lisa.stores.sessions.heads import BURIED_AT_ONCE
from lisa.stores.sessions.places import Places
from lisa.usecases.configuration import Switches
from lisa.usecases.sessions import Sessions

MOST_TRIES: Final = 20
MOST_LOOKS: Final = 10


@dataclass(frozen=True)
class Projects:
    """What a caller can do with own projects."""

    store: ProjectStore
    places: Places
    sessions: Sessions
    switches: Switches
    clock: Clock
    ids: Ids

    async def create(self, caller: Principal, name: str) -> Project:
        """Make a project, if the caller hasn't as many as one may have."""
        _require(caller, Verb.CREATE)
        now = self.clock.now()
        project = Project(
            id=self.ids.new(f"project_{now:%Y%m%d%H%M%S%f}"),  # so they lie in the order made
            owner=caller.subject,
            name=name,
            created=now,
            updated=now,
        )
        most = (await self.switches.configuration()).max_projects_per_user
        for _ in range(MOST_TRIES):
            count = await self.store.count(caller.subject)
            if count.projects >= most:
                raise Invalid(
                    f"you have {count.projects} projects, and {most} is the most one may have",
                    next_step="delete one, or ask an administrator to allow more",
                    code="too_many_projects",
                )
            try:
                await self.store.add(project, count)
            except ConditionFailed:
                continue
            return project
        raise overtaken("the project")

    async def page(
        self, caller: Principal, *, limit: int, cursor: str
    ) -> tuple[list[Project], str]:
        """List the caller's projects in the order they were made."""
        _require(caller, Verb.LIST)
        return await self.store.page(caller.subject, limit, cursor)

    async def get(self, caller: Principal, project_id: str, verb: Verb = Verb.READ) -> Project:
        """Return the caller's project, to do this with it; other people's are not there."""
        _require(caller, verb)
        project = await self.store.by_id(caller.subject, project_id)
        if project is None:
            raise NotFound(
                f"there is no project {project_id[:100]}",
                next_step="list your projects to see which there are",
                code="project_not_found",
            )
        return project

    async def rename(self, caller: Principal, project_id: str, name: str) -> Project:
        """Give a project another name."""
        for _ in range(MOST_TRIES):
            old = await self._open(caller, project_id)
            new = _next(old, name=name, updated=self.clock.now())
            try:
                await self.store.rename(old, new)
            except ConditionFailed:
                continue
            return new
        raise overtaken("the project")

    async def delete(
        self, caller: Principal, project_id: str, sessions: Literal["keep", "delete"]
    ) -> None:
        """Delete a project and what is in it, or only the project.

        Whoever finds one half deleted deletes it again.
        """
        project = await self.get(caller, project_id, Verb.DELETE)
        if sessions == "delete":
            require(caller, Verb.DELETE, Thing(Kind.SESSION, owner=caller.subject))
            await self.switches.require("deleteSessionHistory")
        if not project.deleting:
            project = await self._marked(caller, project)
        async for found in self.places.inside(caller.subject, project_id):
            for start in range(0, len(found), BURIED_AT_ONCE):
                await self._empty(found[start : start + BURIED_AT_ONCE], project, sessions)
        await self.store.remove(project)

    async def sessions_of(
        self, caller: Principal, project_id: str, *, limit: int, cursor: str
    ) -> tuple[list[Session], str]:
        """List a project's sessions, last changed first."""
        await self.get(caller, project_id)
        return await self.places.page(caller.subject, project_id, limit, cursor)

    async def sessions_of_none(
        self, caller: Principal, *, limit: int, cursor: str
    ) -> tuple[list[Session], str]:
        """List sessions that are in no project; a page may be short where most are in one."""
        found: list[Session] = []
        for _ in range(MOST_LOOKS):
            page, cursor = await self.sessions.page(caller, limit=limit - len(found), cursor=cursor)
            found += [session for session in page if session.project_id is None]
            if not cursor or len(found) == limit:
                break
        return found, cursor

    async def put(self, caller: Principal, project_id: str, session_id: str) -> Session:
        """Put a session into a project, out of the one it was in."""
        for _ in range(MOST_TRIES):
            project = await self._open(caller, project_id)
            session = await self.sessions.get(caller, session_id, Verb.CHANGE)
            if session.project_id == project_id:
                return session
            try:
                await self.places.move([session], project_id, unchanged(project))
            except ConditionFailed:
                continue
            return await self.sessions.get(caller, session_id)
        raise overtaken("the project")

    async def take_out(self, caller: Principal, project_id: str, session_id: str) -> Session:
        """Take a session out of this project; one that isn't in it stays where it is."""
        await self._open(caller, project_id)
        for _ in range(MOST_TRIES):
            session = await self.sessions.get(caller, session_id, Verb.CHANGE)
            if session.project_id != project_id:
                return session
            try:
                await self.places.move([session], None)
            except ConditionFailed:
                continue
        raise overtaken("the project")

    async def _open(self, caller: Principal, project_id: str) -> Project:
        project = await self.get(caller, project_id, Verb.CHANGE)
        if project.deleting:
            raise Conflict(
                "this project is being deleted",
                next_step="use another one",
                code="project_deleting",
            )
        return project

    async def _marked(self, caller: Principal, project: Project) -> Project:
        for _ in range(MOST_TRIES):
            marked = _next(project, deleting=True, updated=self.clock.now())
            try:
                await self.store.mark(project, marked)
            except ConditionFailed:
                project = await self.get(caller, project.id)
                if project.deleting:
                    return project
                continue
            return marked
        raise overtaken("the project")

    async def _empty(
        self, sessions: Sequence[Session], project: Project, what: Literal["keep", "delete"]
    ) -> None:
        """Delete these sessions or take them out; nothing can come in any more."""
        heads = self.sessions.heads
        ids = [session.id for session in sessions]
        for _ in range(MOST_TRIES):
            now_inside = [
                session
                for session in await heads.get_many(project.owner, ids)
                if session.project_id == project.id
            ]
            try:
                if not now_inside:
                    return
                if what == "delete":
                    await heads.bury(now_inside, self.clock.now())
                else:
                    await self.places.move(now_inside, None)
            except ConditionFailed:
                continue
            return
        raise overtaken("the project")


def _next(project: Project, **changes: object) -> Project:
    return project.model_copy(update={**changes, "version": project.version + 1})


def _require(caller: Principal, verb: Verb) -> None:
    require(caller, verb, Thing(Kind.PROJECT, owner=caller.subject))
