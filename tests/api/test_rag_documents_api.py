"""Documents through the API: brought in, looked at, found, removed, and by whom."""

from pathlib import Path
from typing import Any

import httpx

from lisa.adapters.memory.vectors import MemoryStores
from lisa.declared.tables import RAG_DOCUMENTS
from lisa.ports.table import Query
from tests.api.conftest import Api
from tests.api.knowledge import (
    DEFAULT,
    JSON,
    code,
    collection,
    ingested,
    repository,
    somebody,
    uploaded,
    work,
)

DOCUMENTS = f"{DEFAULT}/documents"
GREETING = "hello there world"


async def found(client: httpx.AsyncClient, **asked: Any) -> list[JSON]:
    answer = await client.post("/search", json={"collections": ["papers.default"]} | asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["hits"])


async def names(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(DOCUMENTS, params=query)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["documents"]]


async def test_a_file_becomes_a_document_that_is_found(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    document_id = await uploaded(api, api.alice, "greeting.txt", GREETING)
    begun = await api.alice.post(DOCUMENTS, json={"documentIds": [document_id]})
    assert begun.status_code == 202, begun.text
    (document,) = begun.json()["documents"]
    assert (document["status"], document["hasContent"]) == ("INGESTION_PENDING", True)
    job = begun.json()["job"]
    assert (job["total"], job["done"], job["isOver"]) == (1, 0, False)
    await work(api, tmp_path)
    seen = (await api.bob.get(f"{DOCUMENTS}/{document_id}")).json()
    assert (seen["status"], seen["passages"], seen["owner"]) == ("INGESTION_COMPLETED", 1, "alice")
    assert (seen["mayChange"], seen["pages"]) == (False, 1)
    over = (await api.alice.get(f"/repositories/papers/jobs/{job['jobId']}")).json()
    assert (over["done"], over["isOver"]) == (1, True)
    (hit,) = await found(api.bob, query="hello")
    assert (hit["text"], hit["documentId"], hit["name"]) == (GREETING, document_id, "greeting.txt")
    assert (hit["page"], hit["start"], hit["end"]) == (1, 0, len(GREETING))
    passages = (await api.bob.get(f"{DOCUMENTS}/{document_id}/passages")).json()["passages"]
    assert [each["text"] for each in passages] == [GREETING]
    content = (await api.bob.get(f"{DOCUMENTS}/{document_id}/content")).json()
    assert content["url"].startswith("memory:")
    contents = (await api.bob.get(f"{DEFAULT}/contents")).json()
    assert contents == {"documents": 1, "passages": 1}


async def test_only_ones_own_files_become_documents(api: Api) -> None:
    await repository(api.admin)
    document_id = await uploaded(api, api.alice, "a.txt", GREETING)
    wanted = {"documentIds": [document_id]}
    assert code(await api.bob.post(DOCUMENTS, json=wanted)) == (404, "file_not_found")
    nothing = {"name": "b.txt", "size": 3, "contentType": "text/plain"}
    announced = (await api.alice.post(f"{DEFAULT}/uploads", json=nothing)).json()["documentId"]
    early = await api.alice.post(DOCUMENTS, json={"documentIds": [announced]})
    assert code(early) == (400, "not_uploaded")


async def test_what_is_too_big_or_empty_gets_no_link(api: Api) -> None:
    await repository(api.admin)
    for size, refused in ((0, (400, "empty_file")), (513 * 1024**2, (413, "file_too_large"))):
        answer = await api.alice.post(f"{DEFAULT}/uploads", json={"name": "a", "size": size})
        assert code(answer) == refused


async def test_a_document_is_reached_by_its_own_collection_only(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    await repository(api.admin, repositoryId="others")
    await collection(api.admin, collectionId="more", name="More")
    (document_id,) = await ingested(api, api.alice, tmp_path, GREETING)
    for place in ("papers/collections/more", "others/collections/default"):
        for path in ("", "/content", "/passages"):
            answer = await api.alice.get(f"/repositories/{place}/documents/{document_id}{path}")
            assert code(answer) == (404, "document_not_found")
        gone = await api.alice.delete(f"/repositories/{place}/documents/{document_id}")
        assert code(gone) == (404, "document_not_found")
    assert await names(api.bob) == ["0.txt"]


async def test_strangers_to_a_collection_see_nothing_of_it(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    await collection(api.admin, collectionId="few", name="Few", groups=["chiefs"])
    place = "/repositories/papers/collections/few"
    chief = await somebody(api, "cleo", "chiefs")
    (document_id,) = await ingested(api, chief, tmp_path, GREETING, place=place)
    for path in ("", f"/{document_id}", f"/{document_id}/content", f"/{document_id}/passages"):
        answer = await api.alice.get(f"{place}/documents{path}")
        assert code(answer) == (404, "collection_not_found"), path
    asked = {"query": "hello", "collections": ["papers.default", "papers.few"]}
    assert code(await api.alice.post("/search", json=asked)) == (404, "collection_not_found")
    assert (await chief.post("/search", json=asked)).status_code == 200
    lisas = await api.alice.get(f"/repository/papers/{document_id}")
    assert code(lisas) == (404, "document_not_found")


async def test_owners_and_keepers_remove(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    first, second, third = await ingested(api, api.alice, tmp_path, "one", "two", "three")
    keeper = await somebody(api, "rita", rag_admin=True)
    assert code(await api.bob.delete(f"{DOCUMENTS}/{first}")) == (403, "not_allowed")
    both = await api.bob.post(f"{DOCUMENTS}/removal", json={"documentIds": [first, second]})
    assert code(both) == (403, "not_allowed")
    assert (await api.alice.delete(f"{DOCUMENTS}/{first}")).status_code == 202
    many = await keeper.post(f"{DOCUMENTS}/removal", json={"documentIds": [second]})
    assert many.json()["job"]["type"] == "document_deletion"
    await work(api, tmp_path)
    assert await names(api.bob) == ["2.txt"]
    assert [hit["documentId"] for hit in await found(api.bob, query="one two three")] == [third]


async def test_what_failed_says_why_and_is_tried_again(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    _, broken = await ingested(api, api.alice, tmp_path, "fine", "BROKEN")
    seen = (await api.alice.get(f"{DOCUMENTS}/{broken}")).json()
    assert (seen["status"], seen["causeCode"]) == ("INGESTION_FAILED", "broken_file")
    assert (seen["cause"], seen["nextStep"]) == ("it is broken", "repair it")
    assert await names(api.bob, status="INGESTION_FAILED") == ["1.txt"]
    again = await api.alice.post(f"{DOCUMENTS}/retry", json={})
    assert (again.status_code, again.json()["job"]["total"]) == (202, 1)
    one = await api.bob.post(f"{DOCUMENTS}/retry", json={"documentIds": [broken]})
    assert code(one) == (403, "not_allowed")


async def test_a_list_goes_on_where_it_stopped(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    await ingested(api, api.alice, tmp_path, "a", "b", "c")
    await ingested(api, api.bob, tmp_path, "d")
    assert await names(api.bob, owner="bob") == ["0.txt"]
    assert await names(api.bob, name="2.T") == ["2.txt"]
    page = await api.bob.get(DOCUMENTS, params={"limit": 3})
    assert 'rel="next"' in page.headers["link"]
    rest = await names(api.bob, limit=3, cursor=page.json()["nextCursor"])
    assert len(page.json()["documents"]) + len(rest) == 4


async def test_deleting_a_collection_leaves_nothing(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    await collection(api.admin, collectionId="more", name="More")
    place = "/repositories/papers/collections/more"
    await ingested(api, api.alice, tmp_path, "one", "two", place=place)
    (kept,) = await ingested(api, api.alice, tmp_path, "three")
    job = (await api.admin.delete(place)).json()
    await work(api, tmp_path)
    assert code(await api.admin.get(place)) == (404, "collection_not_found")
    over = (await api.admin.get(f"/repositories/papers/jobs/{job['jobId']}")).json()
    assert (over["isOver"], over["failed"]) == (True, 0)
    assert [hit["documentId"] for hit in await found(api.bob, query="one two three")] == [kept]
    assert (await api.admin.delete("/repositories/papers")).status_code == 202
    await work(api, tmp_path)
    assert (await api.admin.get("/repositories")).json()["repositories"] == []
    stores = api.knowledge.stores
    assert isinstance(stores, MemoryStores)
    assert stores.vectors.spaces == {}
    files = (await api.ports.tables.query(Query(RAG_DOCUMENTS, "files#alice"))).rows
    assert files == []


async def test_a_wrong_filter_is_named(api: Api) -> None:
    await repository(api.admin)
    asked = {"query": "x", "collections": ["papers.default"], "filters": {"type": "like"}}
    assert code(await api.bob.post("/search", json=asked)) == (400, "invalid_filter")
    assert (await api.bob.post("/search", json=asked | {"collections": ["x"]})).status_code == 422
