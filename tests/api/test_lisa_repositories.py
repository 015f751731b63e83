"""Repositories, collections and documents as LISA's clients ask for them."""

from typing import Any

import httpx
import pytest

from lisa.http.services import KnowledgeServices
from tests.api.conftest import Api
from tests.api.knowledge import EMBEDDER, code, collection, embedding_model, repository, somebody

REPOSITORY = {
    "repositoryId": "papers",
    "repositoryName": "Papers",
    "type": "pgvector",
    "embeddingModelId": EMBEDDER,
    "allowedGroups": [],
    "metadata": {"tags": ["t"], "customFields": {"year": 2024}},
}
PIPELINE = {
    "autoRemove": True,
    "chunkSize": 1000,
    "chunkOverlap": 200,
    "collectionId": EMBEDDER,
    "s3Bucket": "bucket",
    "s3Prefix": "in/",
    "trigger": "daily",
}


def knowledge(api: Api) -> KnowledgeServices:
    assert api.services.knowledge
    return api.services.knowledge


async def ok(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


async def made(api: Api, **fields: Any) -> None:
    await embedding_model(api.admin)
    answer = await ok(await api.admin.post("/repository", json=REPOSITORY | fields))
    assert answer["status"] == "success"


async def uploaded(api: Api, client: httpx.AsyncClient, name: str, content: bytes) -> str:
    """Upload as LISA's clients do, the form's POST aside; returns where it lies."""
    form = (await ok(await client.post("/repository/presigned-url", content=name)))["response"]
    key = str(form["fields"]["key"])
    await api.blobs.put(key, content, "text/plain")
    return key


async def test_a_repository_is_made_listed_and_removed(api: Api) -> None:
    await made(api, pipelines=[PIPELINE])
    (shown,) = await ok(await api.admin.get("/repository"))
    assert (shown["repositoryId"], shown["status"]) == ("papers", "CREATE_COMPLETE")
    assert shown["metadata"] == {"tags": ["t"], "customFields": {"year": 2024}}
    (pipeline,) = shown["pipelines"]
    assert (pipeline["collectionId"], pipeline["trigger"]) == ("default", "schedule")
    assert pipeline["chunkingStrategy"] == {"type": "fixed", "size": 1000, "overlap": 200}
    assert (await ok(await api.alice.get("/repository/papers")))["pipelines"] == [pipeline]
    assert await ok(await api.admin.get("/repository/status")) == {"papers": "CREATE_COMPLETE"}
    assert code(await api.alice.get("/repository/status")) == (403, "not_allowed")
    gone = await ok(await api.admin.delete("/repository/papers"))
    assert gone["status"] == "success"
    await knowledge(api).repositories.endings.emptied("papers", "default")
    assert await ok(await api.admin.get("/repository")) == []


async def test_an_existing_store_is_named_as_in_lisa(api: Api) -> None:
    rds = {"dbHost": "db.example.com", "passwordSecretId": "rag/password", "username": "rag"}
    await made(api, rdsConfig=rds)
    shown = await ok(await api.admin.get("/repository/papers"))
    assert shown["rdsConfig"] == rds | {"dbPort": 5432, "dbName": "postgres"}
    assert "rdsConfig" not in await ok(await api.alice.get("/repository/papers"))
    store = (await api.admin.get("/repositories/papers")).json()["store"]
    assert store["credentials"] == "secret:rag/password"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"type": "bedrock_knowledge_base"}, 400),
        ({"type": "other"}, 422),
        ({"repositoryId": "No"}, 422),
        ({"opensearchConfig": {"endpoint": "https://x"}}, 422),
        ({"pipelines": [PIPELINE | {"chunkSize": 99}]}, 422),
        ({"pipelines": [PIPELINE | {"collectionId": "none"}]}, 400),
    ],
)
async def test_what_makes_no_repository_is_refused(
    api: Api, fields: dict[str, Any], status: int
) -> None:
    await embedding_model(api.admin)
    answer = await api.admin.post("/repository", json=REPOSITORY | fields)
    assert answer.status_code == status, answer.text


async def test_a_change_is_partial(api: Api) -> None:
    await made(api)
    wanted = {"description": "d", "allowedGroups": ["a"], "pipelines": [PIPELINE]}
    changed = await ok(await api.admin.put("/repository/papers", json=wanted))
    assert (changed["description"], changed["repositoryName"]) == ("d", "Papers")
    assert changed["allowedGroups"] == ["a"]
    assert code(await api.alice.get("/repository/papers")) == (404, "repository_not_found")


async def test_collections_are_made_changed_and_removed(api: Api) -> None:
    await made(api)
    fixed = {"type": "fixed", "size": 1000, "overlap": 500}
    wanted = {"name": "One", "chunkingStrategy": fixed, "allowedGroups": ["a"]}
    one = await ok(await api.admin.post("/repository/papers/collection", json=wanted))
    assert (one["chunkingStrategy"], one["embeddingModel"]) == (fixed, EMBEDDER)
    place = f"/repository/papers/collection/{one['collectionId']}"
    again = await api.admin.post("/repository/papers/collection", json=wanted)
    assert code(again) == (400, "collection_name_taken")
    assert code(await api.alice.get(place)) == (404, "collection_not_found")
    changed = await ok(await api.admin.put(place, json={"status": "ARCHIVED"}))
    assert (changed["status"], changed["name"]) == ("ARCHIVED", "One")
    assert (await ok(await api.admin.put(place, json={"allowedGroups": []})))["allowedGroups"] == []
    gone = await ok(await api.admin.delete(place))
    assert (gone["deletionType"], gone["status"]) == ("full", "DELETE_IN_PROGRESS")
    default = await ok(await api.admin.get(f"/repository/papers/collection/{EMBEDDER}"))
    assert (default["collectionId"], default["default"]) == ("default", True)
    emptied = await ok(await api.admin.delete("/repository/papers/collection/default"))
    assert emptied["deletionType"] == "partial"


async def test_collections_are_listed_in_pages_and_orders(api: Api) -> None:
    await repository(api.admin)
    for number in range(4):
        await collection(api.admin, name=f"C {number}", collectionId=f"c{number}")
        api.clock.advance(1)
    query = {"pageSize": "2", "sortBy": "name", "sortOrder": "asc", "filter": "c "}
    first = await ok(await api.alice.get("/repository/collections", params=query))
    assert [each["name"] for each in first["collections"]] == ["C 0", "C 1"]
    assert first["pagination"] == {"totalCount": 4, "currentPage": 1, "totalPages": 2}
    assert (first["hasNextPage"], first["hasPreviousPage"]) == (True, False)
    query["lastEvaluatedKey"] = '{"version": "v2", "offset": 2}'
    second = await ok(await api.alice.get("/repository/collections", params=query))
    assert [each["name"] for each in second["collections"]] == ["C 2", "C 3"]
    assert (second["lastEvaluatedKey"], second["hasPreviousPage"]) == (None, True)
    newest = await ok(await api.alice.get("/repository/collections"))
    assert newest["collections"][0]["name"] == "C 3"
    for wrong in ("nonsense", "[]", '{"offset": -1}'):
        params = {"lastEvaluatedKey": wrong}
        answer = await api.alice.get("/repository/collections", params=params)
        assert code(answer) == (400, "wrong_cursor")
    place = "/repository/papers/collection"
    page = await ok(await api.alice.get(place, params={"pageSize": 3}))
    after = {
        "pageSize": 3,
        "lastEvaluatedKeyCollectionId": page["lastEvaluatedKey"]["collectionId"],
    }
    rest = await ok(await api.alice.get(place, params=after))
    found = page["collections"] + rest["collections"]
    assert [each["collectionId"] for each in found] == ["c0", "c1", "c2", "c3", "default"]


async def test_documents_are_uploaded_by_a_form_and_ingested_by_their_names(api: Api) -> None:
    await made(api)
    key = await uploaded(api, api.alice, "report.txt", b"some words")
    assert key.startswith("user/alice/") or "alice" in key
    assert not key.endswith("report.txt")
    wanted = {"keys": ["report.txt"], "metadata": {"tags": ["x"], "customFields": {"n": 1}}}
    begun = await ok(await api.alice.post("/repository/papers/bulk", json=wanted))
    assert (begun["collectionId"], begun["collectionName"]) == ("default", "Default")
    (job,) = begun["jobs"]
    assert job["status"] == "INGESTION_PENDING"
    document_id = job["documentId"]
    shown = await ok(await api.bob.get(f"/repository/papers/{document_id}"))
    assert (shown["document_name"], shown["username"]) == ("report.txt", "alice")
    assert shown["metadata"] == {"tags": ["x"], "customFields": {"n": 1}}
    link = await ok(await api.bob.get(f"/repository/papers/{document_id}/download"))
    assert link.startswith("memory:")
    listed = await ok(await api.bob.get("/repository/papers/document"))
    assert [each["document_id"] for each in listed["documents"]] == [document_id]
    assert (listed["totalDocuments"], listed["hasNextPage"]) == (1, False)
    jobs = await ok(await api.alice.get("/repository/papers/jobs"))
    assert [each["id"] for each in jobs["jobs"]] == [job["jobId"]]
    assert (await ok(await api.bob.get("/repository/papers/jobs")))["jobs"] == []


async def test_nobody_ingests_what_another_uploaded_or_nobody_did(api: Api) -> None:
    await made(api)
    key = await uploaded(api, api.alice, "report.txt", b"some words")
    for name in ("report.txt", key, key.rpartition("/")[2], "../alice/report.txt"):
        answer = await api.bob.post("/repository/papers/bulk", json={"keys": [name]})
        assert code(answer) == (404, "file_not_found"), name
    await ok(await api.alice.post("/repository/presigned-url", content="never.txt"))
    answer = await api.alice.post("/repository/papers/bulk", json={"keys": ["never.txt"]})
    assert code(answer) == (400, "not_uploaded")


async def test_a_document_is_found_only_below_its_own_repository(api: Api) -> None:
    await made(api)
    await repository(api.admin, repositoryId="others")
    await uploaded(api, api.alice, "report.txt", b"some words")
    wanted = {"keys": ["report.txt"]}
    begun = await ok(await api.alice.post("/repository/papers/bulk", json=wanted))
    document_id = begun["jobs"][0]["documentId"]
    for path in (document_id, f"{document_id}/download"):
        answer = await api.alice.get(f"/repository/others/{path}")
        assert code(answer) == (404, "document_not_found")
    removal = {"documentIds": [document_id]}
    refused = await api.bob.request("DELETE", "/repository/papers/document", json=removal)
    assert code(refused) == (403, "not_allowed")
    gone = await ok(await api.alice.request("DELETE", "/repository/papers/document", json=removal))
    assert gone["jobs"][0]["documentId"] == document_id
    assert gone["jobs"][0]["job_type"] == "document_deletion"


async def test_there_are_no_knowledge_bases(api: Api) -> None:
    answer = await ok(await api.alice.get("/bedrock-kb"))
    assert answer == {"knowledgeBases": [], "totalKnowledgeBases": 0}
    sources = await api.alice.get("/bedrock-kb/KB1/data-sources")
    assert code(sources) == (404, "knowledge_base_not_found")


async def test_a_repository_is_searched_by_those_who_may(api: Api) -> None:
    await made(api, allowedGroups=["research"])
    member = await somebody(api, "carol", "research")
    query = {"query": "words", "topK": "2"}
    found = await ok(await member.get("/repository/papers/similaritySearch", params=query))
    assert found == {"docs": []}
    refused = await api.alice.get("/repository/papers/similaritySearch", params=query)
    assert code(refused) == (404, "repository_not_found")
    few = {"name": "Few", "allowedGroups": ["chiefs"]}
    one = await ok(await api.admin.post("/repository/papers/collection", json=few))
    query["collectionId"] = one["collectionId"]
    hidden = await member.get("/repository/papers/similaritySearch", params=query)
    assert code(hidden) == (404, "collection_not_found")
