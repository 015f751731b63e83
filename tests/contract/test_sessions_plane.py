"""Sessions, projects, prompts and search over each store there is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.system.ids import RandomIds
from lisa.domain.errors import NotFound
from lisa.domain.identity import Principal
from lisa.domain.prompt import PromptType
from lisa.domain.session import Draft
from lisa.ports.table import Tables
from lisa.stores.audit import AuditStore
from lisa.stores.configuration import ConfigurationStore
from lisa.stores.projects import ProjectStore
from lisa.stores.prompts import PromptStore
from lisa.stores.sessions.appends import Appends
from lisa.stores.sessions.contents import Contents
from lisa.stores.sessions.heads import Heads
from lisa.stores.sessions.items import Items
from lisa.stores.sessions.places import Places
from lisa.stores.sessions.texts import Texts
from lisa.usecases.audit import Audit
from lisa.usecases.configuration import Switches
from lisa.usecases.projects import Projects
from lisa.usecases.prompts import Prompts, Wording
from lisa.usecases.removed_items import RemovedItems
from lisa.usecases.search import Search
from lisa.usecases.sessions import Sessions

ALICE = Principal(subject="alice", groups=frozenset({"research"}))
BOB = Principal(subject="bob")


@dataclass
class Counted:
    """The table port, counting calls and the rows they bring."""

    inner: Tables
    calls: list[str] = field(default_factory=list)
    rows: int = 0

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self.inner, name)

        async def counted(*given: Any) -> Any:
            self.calls.append(name)
            answer = await asked(*given)
            found = getattr(answer, "rows", answer)
            self.rows += len(found) if isinstance(found, list) else 0
            return answer

        return counted


@dataclass
class Plane:
    """The use cases over one store."""

    tables: Tables
    clock: ManualClock

    def __post_init__(self) -> None:
        ids, tables, clock = RandomIds(), self.tables, self.clock
        contents = Contents(MemoryBlobs(), ids)
        self.heads, items = Heads(tables), Items(tables, contents)
        appends = Appends(tables, self.heads, items, contents, clock, ids)
        self.sessions = Sessions(self.heads, items, appends, clock, ids)
        self.removed = RemovedItems(self.sessions)
        self.search = Search(Texts(tables), self.heads, clock)
        switches = Switches(ConfigurationStore(tables), clock)
        self.projects = Projects(
            ProjectStore(tables), Places(tables), self.sessions, switches, clock, ids
        )
        audit = Audit(AuditStore(tables), clock, ids)
        self.prompts = Prompts(PromptStore(tables), clock, ids, audit)


@pytest.fixture
def plane(tables: Tables, clock: ManualClock) -> Plane:
    return Plane(tables, clock)


def said(item_id: str, text: str = "hello") -> Draft:
    return Draft(id=item_id, role="user", parts=({"type": "input_text", "text": text},))


async def ids_in(plane: Plane, session_id: str) -> list[str]:
    return [item.id for item in (await plane.sessions.read(ALICE, session_id, limit=1000)).items]


async def test_concurrent_appends_of_many_tabs_all_survive(plane: Plane) -> None:
    await plane.sessions.create(ALICE, session_id="chat")

    async def write(tab: int) -> None:
        for turn in range(3):
            await plane.sessions.append(ALICE, "chat", [said(f"{tab}-{turn}")])

    await asyncio.gather(*(write(tab) for tab in range(6)))
    found = await ids_in(plane, "chat")
    assert sorted(found) == sorted(f"{tab}-{turn}" for tab in range(6) for turn in range(3))
    assert (await plane.sessions.get(ALICE, "chat")).item_count == 18


async def test_anothers_session_is_not_there_whatever_is_asked(plane: Plane) -> None:
    await plane.sessions.create(ALICE, session_id="chat", name="needle")
    await plane.sessions.append(ALICE, "chat", [said("a", "needle")])
    project = await plane.projects.create(BOB, "mine")
    for attempt in (
        plane.sessions.read(BOB, "chat"),
        plane.removed.remove(BOB, "chat", "a"),
        plane.removed.read(BOB, "chat"),
        plane.projects.put(BOB, project.id, "chat"),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await plane.search.find(BOB, "needle", limit=10, cursor="") == ([], "")


async def test_a_project_gathers_sessions_and_lets_them_go(plane: Plane) -> None:
    project = await plane.projects.create(ALICE, "plans")
    for name in ("a", "b", "c"):
        await plane.sessions.create(ALICE, session_id=name)
        plane.clock.advance(1)
    await plane.projects.put(ALICE, project.id, "a")
    await plane.projects.put(ALICE, project.id, "b")
    await plane.sessions.append(ALICE, "a", [said("i")])
    assert await names(plane, project.id) == ["a", "b"]
    await plane.projects.take_out(ALICE, project.id, "b")
    assert await names(plane, project.id) == ["a"]
    loose, _ = await plane.projects.sessions_of_none(ALICE, limit=10, cursor="")
    assert [each.id for each in loose] == ["c", "b"]
    await plane.projects.delete(ALICE, project.id, "delete")
    left, _ = await plane.sessions.page(ALICE, limit=10, cursor="")
    assert [each.id for each in left] == ["c", "b"]
    assert (await plane.projects.page(ALICE, limit=10, cursor=""))[0] == []


async def names(plane: Plane, project_id: str) -> list[str]:
    found, _ = await plane.projects.sessions_of(ALICE, project_id, limit=10, cursor="")
    return [each.id for each in found]


async def test_prompts_are_revised_shared_and_deleted(plane: Plane) -> None:
    wording = Wording("t", PromptType.PERSONA, "b", frozenset({"research"}))
    prompt = await plane.prompts.create(ALICE, wording)
    erin = Principal(subject="erin", groups=frozenset({"research"}))
    assert [each.id for each in await shared(plane, erin)] == [prompt.id]
    private = Wording("t2", PromptType.PERSONA, "b")
    await plane.prompts.revise(ALICE, prompt.id, private, 1)
    assert await shared(plane, erin) == []
    kept, _ = await plane.prompts.revisions(ALICE, prompt.id, limit=10, cursor="")
    assert [each.revision for each in kept] == [2, 1]
    await plane.prompts.delete(ALICE, prompt.id)
    assert (await plane.prompts.owned(ALICE, limit=10, cursor=""))[0] == []


async def shared(plane: Plane, caller: Principal) -> Sequence[Any]:
    return (await plane.prompts.shared(caller, limit=10, cursor=""))[0]


async def test_what_is_said_is_found_until_it_is_removed_or_deleted(plane: Plane) -> None:
    await plane.sessions.create(ALICE, session_id="chat")
    await plane.sessions.append(ALICE, "chat", [said("a"), said("b", "Needle"), said("c")])
    assert await found(plane) == ["b"]
    await plane.removed.remove(ALICE, "chat", "b")
    assert await found(plane) == []
    shown = (await plane.removed.read(ALICE, "chat")).items
    assert [(item.id, item.parent_id) for item in shown] == [("a", None), ("c", "a")]
    await plane.removed.restore(ALICE, "chat", "b")
    assert await found(plane) == ["b"]
    await plane.sessions.delete(ALICE, "chat")
    assert await found(plane) == []


async def test_of_messages_removed_at_once_none_names_the_session(plane: Plane) -> None:
    await plane.sessions.create(ALICE, session_id="chat")
    names = [f"m{n}" for n in range(6)]
    await plane.sessions.append(ALICE, "chat", [said(name, name) for name in names])
    await asyncio.gather(*(plane.removed.remove(ALICE, "chat", name) for name in names[:5]))
    assert (await plane.sessions.get(ALICE, "chat")).first_message == "m5"
    await plane.removed.restore(ALICE, "chat", "m3")
    assert (await plane.sessions.get(ALICE, "chat")).first_message == "m3"


async def found(plane: Plane) -> list[str | None]:
    hits, _ = await plane.search.find(ALICE, "needle", limit=10, cursor="")
    return [hit.item_id for hit in hits]


async def test_a_huge_chat_adds_nothing_to_what_others_cost(plane: Plane) -> None:
    for name in ("huge", "small"):
        await plane.sessions.create(ALICE, session_id=name)
    await plane.sessions.append(ALICE, "small", [said("a")])

    async def cost() -> tuple[list[str], int]:
        counted = Counted(plane.tables)
        watched = Plane(counted, plane.clock)
        await watched.sessions.page(ALICE, limit=50, cursor="")
        await watched.removed.read(ALICE, "small")
        await watched.sessions.read(ALICE, "huge", newest_first=True, limit=1)
        return counted.calls, counted.rows

    await plane.sessions.append(ALICE, "huge", [said("b0")])
    before = await cost()
    await plane.sessions.append(
        ALICE, "huge", [said(f"b{number}", "x" * 20_000) for number in range(1, 60)]
    )
    assert await cost() == before
