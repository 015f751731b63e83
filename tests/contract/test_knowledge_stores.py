"""Repositories and collections on every store: unique, conditional, listed for whom they are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lisa.domain.errors import ConditionFailed, Invalid
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.repository import Collection, Repository, RepositoryStatus
from lisa.ports.table import Tables
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.collections import unchanged as same_collection
from lisa.stores.knowledge.repositories import RepositoryStore, unchanged

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def repository(name: str = "papers", **fields: Any) -> Repository:
    about: dict[str, Any] = {
        "id": name,
        "uid": f"r_{name}",
        "name": "Papers",
        "store": {"kind": "pgvector"},
    }
    about |= {"status": RepositoryStatus.READY, "created": NOW, "created_by": "ann"}
    return Repository.model_validate(about | {"updated": NOW} | fields)


def collection(name: str, title: str = "", **fields: Any) -> Collection:
    about: dict[str, Any] = {
        "id": name,
        "repository_id": "papers",
        "uid": f"c_{name}",
        "name": title or name,
    }
    about |= {"embedding_model": "m", "chunking": Chunking(), "created": NOW, "updated": NOW}
    return Collection.model_validate(about | {"created_by": "ann"} | fields)


async def listed(store: CollectionStore, subject: str, place: str = "", limit: int = 1) -> str:
    found, cursor = await store.everywhere(subject, limit, "", place)
    while cursor:
        page, cursor = await store.everywhere(subject, limit, cursor, place)
        found += page
    return " ".join(f"{each.repository_id}.{each.id}" for each in found)


async def test_a_repository_is_kept_as_it_is(tables: Tables) -> None:
    store = RepositoryStore(tables)
    pipeline = {"id": "p", "source": "s3://b/p", "facts": {"year": 2024, "draft": False}}
    made = repository(groups=["b", "a"], tags=["x"], facts={"n": 1.5}, pipelines=[pipeline])
    await store.add(made)
    assert await store.by_id("papers") == made
    assert await store.by_id("other") is None
    with pytest.raises(ConditionFailed):
        await store.add(made)


async def test_of_two_changes_of_one_version_the_second_fails(tables: Tables) -> None:
    store, old = RepositoryStore(tables), repository()
    await store.add(old)
    new = await store.change(old, old.model_copy(update={"name": "New"}))
    assert (new.version, await store.by_id("papers")) == (2, new)
    for late in (store.change(old, old), store.remove(old)):
        with pytest.raises(ConditionFailed):
            await late
    with pytest.raises(ConditionFailed):
        await tables.transact([unchanged(old)])
    await tables.transact([unchanged(new)])
    await store.remove(new)
    assert await store.page(10, "") == ([], "")


async def test_repositories_are_listed_in_order_of_their_ids(tables: Tables) -> None:
    store = RepositoryStore(tables)
    for name in ("bbb", "aaa", "ccc"):
        await store.add(repository(name))
    first, cursor = await store.page(2, "")
    rest, end = await store.page(2, cursor)
    assert [each.id for each in first + rest] == ["aaa", "bbb", "ccc"]
    assert end == ""


async def test_a_collection_is_kept_as_it_is(tables: Tables) -> None:
    store = CollectionStore(tables)
    made = collection("one", groups=[], tags=["x"], dimension=384, private=True)
    await store.add(made)
    assert await store.by_id("papers", "one") == made
    assert await store.by_id("others", "one") is None


async def test_a_list_has_what_is_shared_and_ones_own_and_nobody_elses(tables: Tables) -> None:
    store = CollectionStore(tables)
    await store.add(collection("anns", private=True))
    await store.add(collection("bobs", private=True, created_by="bob"))
    await store.add(collection("all"))
    await store.add(collection("all", repository_id="papers2", uid="c_2"))
    assert await listed(store, "ann") == "papers.all papers2.all papers.anns"
    assert await listed(store, "bob", limit=5) == "papers.all papers2.all papers.bobs"
    assert await listed(store, "ann", "papers") == "papers.all papers.anns"
    assert await listed(store, "eve", "papers2") == "papers2.all"
    every, end = await store.of_repository("papers", 10, "")
    assert ([each.id for each in every], end) == (["all", "anns", "bobs"], "")


async def test_a_name_is_taken_by_one_shared_collection(tables: Tables) -> None:
    store = CollectionStore(tables)
    one, two = collection("one", title="Reports"), collection("two", title="Letters")
    await store.add(one)
    await store.add(two)
    with pytest.raises(ConditionFailed) as failure:
        await store.add(collection("three", title="REPORTS"))
    assert failure.value.failed == (1,)
    with pytest.raises(ConditionFailed) as failure:
        await store.change(two, two.model_copy(update={"name": "reports"}))
    assert failure.value.failed == (1,)
    await store.add(collection("own", title="Reports", private=True))
    renamed = await store.change(one, one.model_copy(update={"name": "REPORTS"}))
    free = await store.change(renamed, renamed.model_copy(update={"name": "Other"}))
    await store.change(two, two.model_copy(update={"name": "reports"}))
    await store.remove(free)
    await store.add(collection("four", title="other"))


async def test_what_was_removed_is_listed_nowhere(tables: Tables) -> None:
    store = CollectionStore(tables)
    one, own = collection("one"), collection("own", private=True)
    await store.add(one)
    await store.add(own)
    changed = await store.change(one, one.model_copy(update={"description": "d"}))
    with pytest.raises(ConditionFailed):
        await store.remove(one)
    with pytest.raises(ConditionFailed):
        await tables.transact([same_collection(one)])
    await store.remove(changed)
    await store.remove(own)
    assert await listed(store, "ann") == ""
    assert await store.of_repository("papers", 10, "") == ([], "")


async def test_a_cursor_of_another_list_is_refused(tables: Tables) -> None:
    store = CollectionStore(tables)
    for wrong in ("bm9uc2Vuc2U=", "W10=", "WyJvd24jYm9iIiwgIiJd", "\u00e9"):
        with pytest.raises(Invalid, match="cursor"):
            await store.everywhere("ann", 10, wrong)
