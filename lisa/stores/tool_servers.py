"""Where tool servers lie, by whom they are found, and what each person made of them.

| partition         | sort key        | row                              | index `by_share`  |
|-------------------|-----------------|----------------------------------|-------------------|
| `server#<id>`     | `server`        | a tool server                    | `all`             |
| `server#<id>`     | `share#<group>` | that it is shared with this one  | `shared#<group>`  |
| `person#<owner>`  | `own#<id>`      | that it is theirs                |                   |
| `person#<who>`    | `choices#<id>`  | what this person made of it      |                   |

A person's list is their own servers, then those of each of their groups. A server that stands in
several of these is listed in the first one only, which its own row tells.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from lisa.declared.tables import TOOL_SERVERS
from lisa.domain.tool_server import ToolChoices, ToolServer
from lisa.ports.table import (
    ABSENT,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Step,
    Tables,
    at_version,
)
from lisa.stores.cursors import read_cursor, write_cursor

SERVER: Final = "server"
EVERY: Final = "all"
BY_SHARE: Final = "by_share"
MOST_QUERIES: Final = 25  # for one page, which may then be shorter than asked for
NEVER_CHOSEN: Final = 0  # the version of choices that nobody made


@dataclass(frozen=True)
class Reach:
    """Whose list it is: their own servers and those shared with these groups."""

    owner: str
    groups: frozenset[str]

    def sources(self) -> list[str]:
        """Return the partitions that make up the list, in their own order."""
        return [f"person#{self.owner}", *(f"shared#{group}" for group in sorted(self.groups))]

    def first_source_of(self, server: ToolServer) -> str:
        """Return the partition in which the list shows the server."""
        if server.owner == self.owner:
            return f"person#{self.owner}"
        return f"shared#{min(server.groups & self.groups, default='')}"


@dataclass(frozen=True)
class ToolServerStore:
    """Keeps tool servers."""

    tables: Tables

    async def by_id(self, server_id: str) -> ToolServer | None:
        """Return the server of this id, as last written."""
        row = await self.tables.get(TOOL_SERVERS, _place(server_id))
        return _from_row(row) if row else None

    async def add(self, server: ToolServer, *steps: Step) -> None:
        """Store a new server; raise `ConditionFailed` if there is one of this id."""
        own = Put(TOOL_SERVERS, {"pk": f"person#{server.owner}", "sk": f"own#{server.id}"})
        shares = [_share(server, group) for group in server.groups]
        await self.tables.transact([Put(TOOL_SERVERS, _row(server), ABSENT), own, *shares, *steps])

    async def change(self, old: ToolServer, new: ToolServer, *steps: Step) -> ToolServer:
        """Replace the server if nobody did so meanwhile, else raise `ConditionFailed`."""
        new = new.model_copy(update={"version": old.version + 1})
        gone = [Delete(TOOL_SERVERS, _share_place(old, each)) for each in old.groups - new.groups]
        added = [_share(new, each) for each in new.groups - old.groups]
        put = Put(TOOL_SERVERS, _row(new), at_version(old.version))
        await self.tables.transact([put, *gone, *added, *steps])
        return new

    async def remove(self, server: ToolServer, *steps: Step) -> None:
        """Forget the server; raise `ConditionFailed` if it was changed meanwhile."""
        places = [
            Key(f"person#{server.owner}", f"own#{server.id}"),
            Key(f"person#{server.owner}", f"choices#{server.id}"),
            *(_share_place(server, group) for group in server.groups),
        ]
        gone = [Delete(TOOL_SERVERS, place) for place in places]
        itself = Delete(TOOL_SERVERS, _place(server.id), at_version(server.version))
        await self.tables.transact([itself, *gone, *steps])

    async def page_of_all(self, limit: int, cursor: str) -> tuple[list[ToolServer], str]:
        """List everybody's servers, oldest first."""
        page = await self.tables.query(
            Query(TOOL_SERVERS, EVERY, index=BY_SHARE, limit=limit, cursor=cursor)
        )
        return [_from_row(row) for row in page.rows], page.cursor

    async def page(self, reach: Reach, limit: int, cursor: str) -> tuple[list[ToolServer], str]:
        """List the servers within reach; a page may be short and yet not be the last."""
        found: list[ToolServer] = []
        source, inner = read_cursor(cursor) if cursor else ("", "")
        waiting = [each for each in reach.sources() if each >= source]
        if source not in waiting:
            inner = ""
        for _ in range(MOST_QUERIES):
            if not waiting or len(found) >= limit:
                break
            servers, inner = await self._of(waiting[0], limit - len(found), inner)
            found += [each for each in servers if reach.first_source_of(each) == waiting[0]]
            if not inner:
                waiting.pop(0)
        return found, write_cursor(waiting[0], inner) if waiting else ""

    async def choices(self, subject: str, server_id: str) -> tuple[ToolChoices, int]:
        """Return what this person made of a server, and that row's version."""
        row = await self.tables.get(TOOL_SERVERS, _choices_place(subject, server_id))
        return _choices_from(row) if row else (ToolChoices(), NEVER_CHOSEN)

    async def all_choices(
        self, subject: str, server_ids: Collection[str]
    ) -> dict[str, ToolChoices]:
        """Return what this person made of these servers."""
        keys = [_choices_place(subject, each) for each in server_ids]
        rows = await self.tables.get_many(TOOL_SERVERS, keys)
        return {str(row["sk"]).removeprefix("choices#"): _choices_from(row)[0] for row in rows}

    async def choose(
        self, subject: str, server_id: str, choices: ToolChoices, version: int
    ) -> None:
        """Keep choices in place of those at that version, else raise `ConditionFailed`."""
        place = _choices_place(subject, server_id)
        kept = {
            "enabled": choices.enabled,
            "disabled_tools": sorted(choices.disabled_tools),
            "approved_tools": sorted(choices.approved_tools),
        }
        row = {**place._asdict(), "choices": kept, "version": version + 1}
        when = at_version(version) if version != NEVER_CHOSEN else ABSENT
        await self.tables.apply(Put(TOOL_SERVERS, row, when))

    async def _of(self, source: str, limit: int, cursor: str) -> tuple[Sequence[ToolServer], str]:
        """Read a page of one source, which only points to the servers."""
        if source.startswith("person#"):
            query = Query(TOOL_SERVERS, source, prefix="own#", limit=limit, cursor=cursor)
        else:
            query = Query(TOOL_SERVERS, source, index=BY_SHARE, limit=limit, cursor=cursor)
        page = await self.tables.query(query)
        keys = [_place(_pointed_to(row)) for row in page.rows]
        rows = await self.tables.get_many(TOOL_SERVERS, keys)
        return [_from_row(row) for row in rows], page.cursor


def _place(server_id: str) -> Key:
    return Key(f"server#{server_id}", SERVER)


def _share_place(server: ToolServer, group: str) -> Key:
    return Key(f"server#{server.id}", f"share#{group}")


def _choices_place(subject: str, server_id: str) -> Key:
    return Key(f"person#{subject}", f"choices#{server_id}")


def _pointed_to(row: Row) -> str:
    named = row["sk"] if str(row["pk"]).startswith("person#") else row["pk"]
    return str(named).partition("#")[2]


def _since(server: ToolServer) -> str:
    return f"{server.created.isoformat(timespec='microseconds')}#{server.id}"


def _share(server: ToolServer, group: str) -> Put:
    place = _share_place(server, group)
    shared: Row = {"share": f"shared#{group}", "share_since": _since(server)}
    return Put(TOOL_SERVERS, {**place._asdict(), **shared})


def _row(server: ToolServer) -> Row:
    """Return the row; a list in it has one order, so that equal servers are equal rows."""
    kept = server.model_dump(mode="json", exclude={"version"})
    kept["groups"] = sorted(server.groups)
    own: Row = {"share": EVERY, "share_since": _since(server)}
    return {**_place(server.id)._asdict(), **own, "server": kept, "version": server.version}


def _from_row(row: Row) -> ToolServer:
    """Read a server; a field of another release of LISA is passed over."""
    kept = row["server"] if isinstance(row["server"], dict) else {}
    return ToolServer.model_validate(kept | {"version": row["version"]}, extra="ignore")


def _choices_from(row: Row) -> tuple[ToolChoices, int]:
    choices = ToolChoices.model_validate(row["choices"], extra="ignore")
    return choices, int(str(row["version"]))
