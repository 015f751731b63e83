"""Where collections lie: a repository's together, and a list of those that one can come across.

| partition            | sort key                    | row                                  |
|----------------------|-----------------------------|--------------------------------------|
| `in#<repository>`    | `<collection>`              | a collection                         |
| `shared`             | `<repository>#<collection>` | that it isn't one person's alone     |
| `own#<creator>`      | `<repository>#<collection>` | that it is this person's alone       |
| `named#<repository>` | `<name>`                    | which shared collection is called so |
| `owned#<creator>`    | `count`                     | how many this person has alone       |

So a list costs nothing for what others keep to themselves.
"""

from dataclasses import dataclass
from typing import Final

from lisa.declared.tables import REPOSITORIES
from lisa.domain.knowledge.repository import Collection
from lisa.ports.table import (
    ABSENT,
    ALWAYS,
    Check,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Step,
    Tables,
    Update,
    When,
    at_version,
)
from lisa.stores.cursors import read_cursor, write_cursor, wrong_cursor

SHARED: Final = "shared"


@dataclass(frozen=True)
class Count:
    """How many collections somebody has alone, and the state of the row that says so."""

    collections: int
    state: When


@dataclass(frozen=True)
class CollectionStore:
    """Keeps collections."""

    tables: Tables

    async def by_id(self, repository_id: str, collection_id: str) -> Collection | None:
        """Return the repository's collection of this id, as last written."""
        row = await self.tables.get(REPOSITORIES, _key(repository_id, collection_id))
        return _from_row(row) if row else None

    async def of_repository(
        self, repository_id: str, limit: int, cursor: str
    ) -> tuple[list[Collection], str]:
        """List all of a repository's collections in order of their ids, whosever they are."""
        page = await self.tables.query(
            Query(REPOSITORIES, _partition(repository_id), limit=limit, cursor=cursor)
        )
        return [_from_row(row) for row in page.rows], page.cursor

    async def everywhere(
        self, subject: str, limit: int, cursor: str, repository_id: str = ""
    ) -> tuple[list[Collection], str]:
        """List shared collections and then this person's own: of all repositories, or of one.

        A page may be short and yet not be the last.
        """
        sources = [SHARED, f"own#{subject}"]
        source, inner = read_cursor(cursor) if cursor else (SHARED, "")
        if source not in sources:
            raise wrong_cursor()
        prefix = f"{repository_id}#" if repository_id else ""
        page = await self.tables.query(
            Query(REPOSITORIES, source, prefix=prefix, limit=limit, cursor=inner)
        )
        keys = [_key(*str(row["sk"]).split("#", 1)) for row in page.rows]
        found = [_from_row(row) for row in await self.tables.get_many(REPOSITORIES, keys)]
        if page.cursor:
            return found, write_cursor(source, page.cursor)
        return found, write_cursor(sources[1], "") if source == SHARED else ""

    async def count(self, subject: str) -> Count:
        """Return how many collections this person has alone, those being deleted included."""
        row = await self.tables.get(REPOSITORIES, _count(subject))
        if row is None:
            return Count(0, ABSENT)
        return Count(int(str(row["collections"])), at_version(int(str(row["version"]))))

    async def add(self, collection: Collection, *steps: Step) -> None:
        """Store a new collection; raise `ConditionFailed` if there is one of this id or name.

        The first step is that of the id, the second that of the name.
        """
        await self.tables.transact([*added(collection), *steps])

    async def change(self, old: Collection, new: Collection, *steps: Step) -> Collection:
        """Replace the collection if nobody did so meanwhile, else raise `ConditionFailed`.

        Whether it is one person's alone never changes. The second step is that of a new name.
        """
        new = new.model_copy(update={"version": old.version + 1})
        put = Put(REPOSITORIES, _to_row(new), at_version(old.version))
        renamed = _name(new) != _name(old)
        names: list[Step] = (
            [Put(REPOSITORIES, {**_name(new)._asdict()}, ABSENT), Delete(REPOSITORIES, _name(old))]
            if renamed
            else []
        )
        await self.tables.transact([put, *names, *steps])
        return new

    async def remove(self, collection: Collection, *steps: Step) -> None:
        """Forget the collection; raise `ConditionFailed` if it was changed meanwhile."""
        key = _key(collection.repository_id, collection.id)
        gone = Delete(REPOSITORIES, key, at_version(collection.version))
        listed = Delete(REPOSITORIES, _listed(collection))
        forgotten: list[Step] = [gone, listed, Delete(REPOSITORIES, _name(collection)), *steps]
        if collection.private:
            forgotten.append(_counted(collection.created_by, -1))
        await self.tables.transact(forgotten)


def added(collection: Collection) -> list[Step]:
    """Return the steps that store a new collection."""
    listed = Put(REPOSITORIES, {**_listed(collection)._asdict()})
    return [
        Put(REPOSITORIES, _to_row(collection), ABSENT),
        Put(REPOSITORIES, {**_name(collection)._asdict()}, ABSENT),
        listed,
    ]


def one_more(subject: str, count: Count) -> Step:
    """Return what counts a further one of this person's, on condition that this is the count."""
    return _counted(subject, 1, count.state)


def unchanged(collection: Collection) -> Check:
    """Return the condition that the collection is as it was read, and so isn't being deleted."""
    key = _key(collection.repository_id, collection.id)
    return Check(REPOSITORIES, key, at_version(collection.version))


def _partition(repository_id: str) -> str:
    return f"in#{repository_id}"


def _key(repository_id: str, collection_id: str) -> Key:
    return Key(_partition(repository_id), collection_id)


def _listed(collection: Collection) -> Key:
    place = f"own#{collection.created_by}" if collection.private else SHARED
    return Key(place, f"{collection.repository_id}#{collection.id}")


def _count(subject: str) -> Key:
    return Key(f"owned#{subject}", "count")


def _counted(subject: str, by: int, when: When = ALWAYS) -> Update:
    add = {"collections": by, "version": 1}
    return Update(REPOSITORIES, _count(subject), add=add, when=when)


def _name(collection: Collection) -> Key:
    """Return where its name is kept free of others; own ones may be called as they like."""
    if collection.private:
        return Key(f"unnamed#{collection.repository_id}", collection.id)
    return Key(f"named#{collection.repository_id}", collection.name.casefold())


def _to_row(collection: Collection) -> Row:
    """Return the row; a list in it has one order, so that equal collections are equal rows."""
    kept = collection.model_dump(mode="json", exclude={"version"}, exclude_none=True)
    if collection.groups is not None:
        kept["groups"] = sorted(collection.groups)
    key = _key(collection.repository_id, collection.id)
    return {**key._asdict(), "collection": kept, "version": collection.version}


def _from_row(row: Row) -> Collection:
    """Read a collection; a field of another release of LISA is passed over."""
    kept = row["collection"] if isinstance(row["collection"], dict) else {}
    return Collection.model_validate(kept | {"version": row["version"]}, extra="ignore")
