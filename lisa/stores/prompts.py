"""Where prompts lie.

| partition     | sort key             | row                                                    |
|---------------|----------------------|--------------------------------------------------------|
| `prompt#<id>` | `head`               | the newest revision; in `by_share` under `all`         |
| `prompt#<id>` | `revision#<number>`  | a revision                                             |
| `prompt#<id>` | `share#<group>`      | that a group sees it; in `by_share` under `group#...`  |
| `user#<owner>`| `prompt#<since>#<id>`| that the owner has it                                  |

Lists find ids and read the heads, so what they show is as last written.
"""

from dataclasses import dataclass
from typing import Final

from lisa.declared.tables import PROMPTS
from lisa.domain.prompt import Prompt
from lisa.ports.table import (
    ABSENT,
    MAX_PAGE,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Step,
    Tables,
    at_version,
)

HEAD: Final = "head"
REVISION: Final = "revision#"
ALL: Final = "all"


@dataclass(frozen=True)
class PromptStore:
    """Keeps prompts and their revisions."""

    tables: Tables

    async def by_id(self, prompt_id: str) -> Prompt | None:
        """Return the newest revision, as last written."""
        row = await self.tables.get(PROMPTS, _head_key(prompt_id))
        return _from_row(row) if row else None

    async def add(self, prompt: Prompt, *steps: Step) -> None:
        """Store a new prompt."""
        owned = _owned_key(prompt)
        await self.tables.transact(
            [
                Put(PROMPTS, _head_row(prompt), ABSENT),
                Put(PROMPTS, _revision_row(prompt)),
                Put(PROMPTS, {"pk": owned.pk, "sk": owned.sk, "id": prompt.id}),
                *(Put(PROMPTS, _share_row(prompt, group)) for group in sorted(prompt.groups)),
                *steps,
            ]
        )

    async def revise(self, old: Prompt, new: Prompt, *steps: Step) -> None:
        """Store the next revision; raise `ConditionFailed` if somebody else did so meanwhile."""
        await self.tables.transact(
            [
                Put(PROMPTS, _head_row(new), at_version(old.revision)),
                Put(PROMPTS, _revision_row(new)),
                *(
                    Delete(PROMPTS, _share_key(old.id, group))
                    for group in sorted(old.groups - new.groups)
                ),
                *(
                    Put(PROMPTS, _share_row(new, group))
                    for group in sorted(new.groups - old.groups)
                ),
                *steps,
            ]
        )

    async def remove(self, prompt: Prompt, *steps: Step) -> None:
        """Remove all revisions, the newest one last; raise `ConditionFailed` as `revise` does."""
        while True:
            query = Query(PROMPTS, _partition(prompt.id), prefix=REVISION, limit=MAX_PAGE)
            page = await self.tables.query(query)
            keys = [Key(str(row["pk"]), str(row["sk"])) for row in page.rows]
            await self.tables.delete_many(PROMPTS, keys)
            if not page.cursor:
                break
        await self.tables.transact(
            [
                Delete(PROMPTS, _head_key(prompt.id), at_version(prompt.revision)),
                Delete(PROMPTS, _owned_key(prompt)),
                *(Delete(PROMPTS, _share_key(prompt.id, group)) for group in sorted(prompt.groups)),
                *steps,
            ]
        )

    async def revisions(self, prompt_id: str, limit: int, cursor: str) -> tuple[list[Prompt], str]:
        """Return revisions, newest first."""
        query = Query(
            PROMPTS,
            _partition(prompt_id),
            prefix=REVISION,
            newest_first=True,
            limit=limit,
            cursor=cursor,
        )
        page = await self.tables.query(query)
        return [_from_row(row) for row in page.rows], page.cursor

    async def owned(self, owner: str, limit: int, cursor: str) -> tuple[list[Prompt], str]:
        """Return the owner's prompts, newest first."""
        query = Query(
            PROMPTS,
            f"user#{owner}",
            prefix="prompt#",
            newest_first=True,
            limit=limit,
            cursor=cursor,
        )
        return await self._heads_of(query)

    async def shared(self, group: str, limit: int, cursor: str) -> tuple[list[Prompt], str]:
        """Return prompts shared with this group, newest first."""
        found, cursor = await self._shared_as(_share(group), limit, cursor)
        return [prompt for prompt in found if group in prompt.groups], cursor

    async def everybodys(self, limit: int, cursor: str) -> tuple[list[Prompt], str]:
        """Return the prompts of all, newest first."""
        return await self._shared_as(ALL, limit, cursor)

    async def _shared_as(self, partition: str, limit: int, cursor: str) -> tuple[list[Prompt], str]:
        query = Query(
            PROMPTS, partition, index="by_share", newest_first=True, limit=limit, cursor=cursor
        )
        return await self._heads_of(query)

    async def _heads_of(self, query: Query) -> tuple[list[Prompt], str]:
        page = await self.tables.query(query)
        keys = [_head_key(str(row["id"])) for row in page.rows]
        heads = await self.tables.get_many(PROMPTS, keys) if keys else []
        return [_from_row(row) for row in heads], page.cursor


def _partition(prompt_id: str) -> str:
    return f"prompt#{prompt_id}"


def _head_key(prompt_id: str) -> Key:
    return Key(_partition(prompt_id), HEAD)


def _owned_key(prompt: Prompt) -> Key:
    return Key(f"user#{prompt.owner}", f"prompt#{_since(prompt)}")


def _share_key(prompt_id: str, group: str) -> Key:
    return Key(_partition(prompt_id), f"share#{group}")


def _share(group: str) -> str:
    return f"group#{group}"


def _since(prompt: Prompt) -> str:
    return f"{prompt.created.isoformat(timespec='microseconds')}#{prompt.id}"


def _head_row(prompt: Prompt) -> Row:
    key = _head_key(prompt.id)
    shared: Row = {"share": ALL, "share_since": _since(prompt), "version": prompt.revision}
    return {"pk": key.pk, "sk": key.sk, **shared, **_attributes(prompt)}


def _revision_row(prompt: Prompt) -> Row:
    place = f"{REVISION}{prompt.revision:09d}"
    return {"pk": _partition(prompt.id), "sk": place, **_attributes(prompt)}


def _share_row(prompt: Prompt, group: str) -> Row:
    key = _share_key(prompt.id, group)
    shared: Row = {"share": _share(group), "share_since": _since(prompt)}
    return {"pk": key.pk, "sk": key.sk, "id": prompt.id, **shared}


def _attributes(prompt: Prompt) -> Row:
    kept: Row = prompt.model_dump(mode="json")
    return kept | {"groups": [*sorted(prompt.groups)]}


def _from_row(row: Row) -> Prompt:
    return Prompt.model_validate(row, extra="ignore")
