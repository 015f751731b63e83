"""OpenAI's vector stores, by OpenAI's own client."""

from typing import Any

import httpx
import pytest
from openai import APIStatusError, ConflictError, NotFoundError
from openai.types import VectorStore, VectorStoreDeleted
from openai.types.vector_store_search_response import VectorStoreSearchResponse
from openai.types.vector_stores import (
    VectorStoreFile,
    VectorStoreFileBatch,
    VectorStoreFileDeleted,
)

from tests.gateway.knowledge.running import (
    COFFEE,
    HANDBOOK,
    LEAVE,
    PARKING,
    Library,
    names_of,
    strictly,
    uploaded,
)


async def test_a_store_is_made_filled_searched_and_removed(library: Library) -> None:
    client = await library.client()
    file = await uploaded(client)
    made = await client.vector_stores.create(
        name="My files (v1)", file_ids=[file.id], metadata={"team": "x"}
    )
    strictly(VectorStore, made)
    assert made.id.startswith("local.")
    assert (made.name, made.metadata, made.status) == (
        "My files (v1)",
        {"team": "x"},
        "in_progress",
    )
    await library.work()
    now = strictly(VectorStore, await client.vector_stores.retrieve(made.id))
    assert (now.status, now.file_counts.completed, now.usage_bytes) == ("completed", 1, 195)

    found = await client.vector_stores.search(made.id, query="paid leave", rewrite_query=True)
    best = strictly(VectorStoreSearchResponse, found.data[0])
    assert (best.content[0].text, best.file_id, best.page) == (LEAVE, file.id, 2)
    several = await client.vector_stores.search(
        made.id,
        query=["coffee machine", "bicycles"],
        max_num_results=2,
        ranking_options={"score_threshold": 0.01},
    )
    assert {each.content[0].text for each in several.data} == {COFFEE, PARKING}
    gone = strictly(VectorStoreDeleted, await client.vector_stores.delete(made.id))
    assert gone.deleted
    with pytest.raises(NotFoundError):
        await client.vector_stores.retrieve(made.id)
    await library.work()
    assert made.id not in await names_of(client.vector_stores.list())
    assert (await client.files.retrieve(file.id)).id == file.id


async def test_stores_are_changed_and_listed_in_pages(library: Library) -> None:
    client = await library.client()
    ids = [(await client.vector_stores.create(name=f"n{n}")).id for n in range(4)]
    changed = await client.vector_stores.update(ids[0], name="Ü/9", metadata={"a": "b"})
    assert (changed.name, changed.metadata) == ("Ü/9", {"a": "b"})
    again = await client.vector_stores.update(ids[0], name="plain")
    assert (again.name, again.metadata) == ("plain", {"a": "b"})
    listed = await names_of(client.vector_stores.list(limit=2))
    assert listed == [*ids[::-1], "local.default"]
    assert await names_of(client.vector_stores.list(limit=3, order="asc")) == listed[::-1]
    before = await client.vector_stores.list(before=listed[2], limit=1)
    assert [each.id for each in before.data] == [listed[1]]


async def test_files_of_a_store_have_attributes_by_which_they_are_found(library: Library) -> None:
    client = await library.client()
    store = await client.vector_stores.create(name="Mine")
    old, new = await uploaded(client, LEAVE), await uploaded(client, f"{LEAVE} Since 2024.")
    for file, year in ((old, 2020), (new, 2024)):
        made = await client.vector_stores.files.create(
            vector_store_id=store.id, file_id=file.id, attributes={"year": year}
        )
        assert strictly(VectorStoreFile, made).status == "in_progress"
    await library.work()

    async def found(year: int) -> list[str]:
        answer = await client.vector_stores.search(
            store.id,
            query="leave",
            filters={"type": "and", "filters": [{"type": "eq", "key": "year", "value": year}]},
        )
        return [each.file_id for each in answer.data]

    assert await found(2024) == [new.id]
    await client.vector_stores.files.update(
        old.id, vector_store_id=store.id, attributes={"year": 2024}
    )
    await library.work()
    assert sorted(await found(2024)) == sorted([old.id, new.id])
    assert await found(2020) == []
    one = await client.vector_stores.files.retrieve(old.id, vector_store_id=store.id)
    assert (one.status, one.attributes) == ("completed", {"year": 2024})


async def test_files_of_a_store_are_listed_read_and_taken_out(library: Library) -> None:
    client = await library.client()
    store = await library.store(client, *(f"{LEAVE} {n}" for n in range(4)), HANDBOOK)
    files = client.vector_stores.files
    listed = await names_of(files.list(store.id, limit=2))
    assert len(listed) == 5
    assert await names_of(files.list(store.id, limit=2, order="asc")) == listed[::-1]
    assert await names_of(files.list(store.id, filter="failed")) == []
    content = await files.content(listed[0], vector_store_id=store.id)
    assert [each.text for each in content.data] == [COFFEE, LEAVE, PARKING]
    gone = await files.delete(listed[0], vector_store_id=store.id)
    assert strictly(VectorStoreFileDeleted, gone).deleted
    with pytest.raises(NotFoundError):
        await files.retrieve(listed[0], vector_store_id=store.id)
    await library.work()
    assert await names_of(files.list(store.id)) == listed[1:]
    assert (await client.files.retrieve(listed[0])).id == listed[0]


async def test_a_file_that_can_not_be_read_says_why(library: Library) -> None:
    client = await library.client()
    store = await library.store(client, "  \n ")
    (file,) = (await client.vector_stores.files.list(store.id)).data
    assert (file.status, file.last_error.code) == ("failed", "invalid_file")
    assert "no text" in file.last_error.message
    assert (await client.vector_stores.retrieve(store.id)).file_counts.failed == 1


async def test_files_come_in_batches(library: Library) -> None:
    client = await library.client()
    store = await client.vector_stores.create(name="Mine")
    batches = client.vector_stores.file_batches
    ids = [(await uploaded(client, f"{LEAVE} {n}")).id for n in range(3)]
    sizes = {"max_chunk_size_tokens": 200, "chunk_overlap_tokens": 20}
    made = await batches.create(
        store.id,
        file_ids=ids,
        attributes={"kind": "x"},
        chunking_strategy={"type": "static", "static": sizes},
    )
    strictly(VectorStoreFileBatch, made)
    assert (made.status, made.file_counts.in_progress) == ("in_progress", 3)
    await library.work()
    now = await batches.retrieve(made.id, vector_store_id=store.id)
    assert (now.status, now.file_counts.completed) == ("completed", 3)
    files = await batches.list_files(made.id, vector_store_id=store.id)
    assert {each.id for each in files.data} == {*ids}
    assert {each.attributes["kind"] for each in files.data} == {"x"}
    assert files.data[0].chunking_strategy.static.max_chunk_size_tokens == 200

    more = [(await uploaded(client, f"{COFFEE} {n}")).id for n in range(2)]
    second = await batches.create(
        store.id, files=[{"file_id": each, "attributes": {"n": n}} for n, each in enumerate(more)]
    )
    cancelled = await batches.cancel(second.id, vector_store_id=store.id)
    assert (cancelled.status, cancelled.file_counts.cancelled) == ("cancelled", 2)
    await library.work()
    assert (await client.vector_stores.retrieve(store.id)).file_counts.total == 3


async def test_others_stores_are_not_there(library: Library) -> None:
    alice, bob = await library.client("alice", "a"), await library.client("bob", "b")
    repository = await library.repository("secret", groups=frozenset({"a"}))
    await library.collection(repository, id="more", name="more", groups=frozenset({"a"}))
    own = await library.store(alice, HANDBOOK)
    file = (await alice.files.list()).data[0].id
    mine = await bob.vector_stores.create(name="Bob's")
    assert await names_of(bob.vector_stores.list()) == [mine.id, "local.default"]
    assert len(await names_of(alice.vector_stores.list())) == 4
    for store in (own.id, "secret.default", "secret.more", "secret", "", "a.b.c", "\x00", "local."):
        for call in (
            bob.vector_stores.retrieve(store or "-"),
            bob.vector_stores.update(store or "-", name="x"),
            bob.vector_stores.delete(store or "-"),
            bob.vector_stores.search(store or "-", query="x"),
            bob.vector_stores.files.list(store or "-"),
            bob.vector_stores.files.create(store or "-", file_id=file),
            bob.vector_stores.file_batches.create(store or "-", file_ids=[file]),
            bob.vector_stores.files.content(file, vector_store_id=store or "-"),
            bob.vector_stores.file_batches.retrieve("job_1", vector_store_id=store or "-"),
        ):
            with pytest.raises(NotFoundError):
                await call
    with pytest.raises(NotFoundError):
        await bob.vector_stores.files.create(mine.id, file_id=file)
    shared = await bob.vector_stores.retrieve("local.default")
    with pytest.raises(APIStatusError) as refused:
        await bob.vector_stores.delete(shared.id)
    assert refused.value.status_code == 403


STATIC = {"type": "static", "static": {"max_chunk_size_tokens": 100}}
OVERLAP = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 60}
EXPIRES = {"anchor": "last_active_at", "days": 1}
LIKE = {"type": "like"}


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "", {"name": "x" * 300}, "name"),
        ("POST", "", {"name": 7}, "name"),
        ("POST", "", {"file_ids": "x"}, "file_ids"),
        ("POST", "", {"metadata": {"a b": "c"}}, "metadata"),
        ("POST", "", {"metadata": {f"k{n}": "v" for n in range(17)}}, "metadata"),
        ("POST", "", {"expires_after": EXPIRES}, "expires_after"),
        ("POST", "/ID/search", {"query": ""}, "query"),
        ("POST", "/ID/search", {"query": "x", "max_num_results": 51}, "max_num_results"),
        ("POST", "/ID/search", {"query": "x", "filters": LIKE}, "filters.type"),
        ("POST", "/ID/files", {"file_id": "../x"}, "no file id"),
        ("POST", "/ID/files", {"file_id": "file_1", "chunking_strategy": STATIC}, "chunk_overlap"),
        (
            "POST",
            "/ID/files",
            {"file_id": "file_1", "chunking_strategy": {"type": "static", "static": OVERLAP}},
            "chunk_overlap_tokens",
        ),
        ("POST", "/ID/files", {"file_id": "file_1", "attributes": {"a": "x" * 600}}, "attributes"),
        ("POST", "/ID/file_batches", {}, "file_ids"),
        ("GET", "/ID/files?filter=odd", None, "filter"),
        ("GET", "?limit=0", None, "limit"),
        ("GET", "?order=up", None, "order"),
        ("POST", "", b"[]", "object"),
        ("POST", "", b"{", "JSON"),
        ("POST", "", b"\xff", "JSON"),
        ("POST", "", b'{"name": "\\ud800"}', ""),
    ],
)
async def test_nonsense_is_refused_by_name(
    library: Library, method: str, path: str, body: Any, field: str
) -> None:
    path = f"/vector_stores{path.replace('ID', 'local.default')}"
    headers = {"authorization": f"Bearer {await library.turning.token()}"}
    sent = {"content": body} if isinstance(body, bytes) else {"json": body} if body else {}
    async with httpx.AsyncClient(base_url=library.turning.openai, headers=headers) as client:
        answer = await client.request(method, path, **sent)
    assert answer.status_code == 400, answer.text
    assert field in answer.json()["error"]["message"]


async def test_a_collection_that_is_put_away_is_not_searched(library: Library) -> None:
    client = await library.client()
    repository = await library.repository("old")
    await library.collection(repository, id="away", name="away", status="ARCHIVED")
    with pytest.raises(ConflictError):
        await client.vector_stores.search("old.away", query="x")
    empty = await client.vector_stores.search("old.default", query="x")
    assert empty.data == []
