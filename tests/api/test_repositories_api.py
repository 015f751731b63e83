"""Repositories through the API: who makes, sees and changes them, and how they end."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from lisa.adapters.memory.vectors import MemoryStores, MemoryVectors
from lisa.bootstrap.store_making import StoreMaking, store_orders_of
from lisa.domain.errors import Unavailable
from lisa.domain.knowledge.repository import StoreKind
from lisa.domain.knowledge.store_offer import Offer, StoreOption
from lisa.http.services import KnowledgeServices
from lisa.ports.vectors import Space
from tests.api.conftest import Api
from tests.api.knowledge import EMBEDDER, code, collection, embedding_model, repository, somebody
from tests.workflows.hosted import Bench

PLACE = "/repositories/papers"


def knowledge(api: Api) -> KnowledgeServices:
    assert api.services.knowledge
    return api.services.knowledge


async def ids(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get("/repositories", params=query)
    assert answer.status_code == 200, answer.text
    return [each["repositoryId"] for each in answer.json()["repositories"]]


async def test_a_repository_is_there_with_its_default_collection_at_once(api: Api) -> None:
    made = await repository(api.admin, description="All of ours", tags=["a"], facts={"year": 2024})
    assert (made["status"], made["version"]) == ("CREATE_COMPLETE", 2)
    assert (made["embeddingModel"], made["type"]) == (EMBEDDER, "pgvector")
    assert made["facts"] == {"year": 2024}
    shown = (await api.alice.get(PLACE)).json()
    assert (shown["name"], shown["store"], shown["mayChange"]) == ("Papers", None, False)
    default = (await api.alice.get(f"{PLACE}/collections/default")).json()
    assert (default["isDefault"], default["vectorStoreId"]) == (True, "papers.default")
    assert (default["embeddingModel"], default["mayAdd"]) == (EMBEDDER, True)
    contents = await api.alice.get(f"{PLACE}/collections/default/contents")
    assert contents.json() == {"documents": 0, "passages": 0}


async def test_without_a_model_there_is_no_default_collection(api: Api) -> None:
    await repository(api.admin, embeddingModel="")
    assert code(await api.admin.get(f"{PLACE}/collections/default")) == (
        404,
        "collection_not_found",
    )


async def test_one_that_a_caller_may_not_read_is_not_there(api: Api) -> None:
    await repository(api.admin, groups=["research"])
    member = await somebody(api, "carol", "research")
    assert await ids(member) == await ids(api.admin) == ["papers"]
    assert await ids(api.alice) == []
    refused, never = await api.alice.get(PLACE), await api.alice.get("/repositories/never")
    assert code(refused) == code(never) == (404, "repository_not_found")
    told = refused.json()["error"]["message"].replace("papers", "never")
    assert told == never.json()["error"]["message"]
    assert code(await api.alice.get(f"{PLACE}/collections/default"))[0] == 404
    assert code(await api.alice.get("/repositories/%00"))[0] == 404


async def test_only_administrators_make_and_delete(api: Api) -> None:
    await repository(api.admin)
    wanted = {"repositoryId": "mine", "name": "Mine", "store": {"kind": "pgvector"}}
    keeper = await somebody(api, "rita", rag_admin=True)
    for client in (api.alice, keeper):
        assert code(await client.post("/repositories", json=wanted)) == (403, "not_allowed")
        assert code(await client.delete(PLACE)) == (403, "not_allowed")


async def test_an_id_is_taken_once_and_some_are_not_to_be_had(api: Api) -> None:
    made = await repository(api.admin)
    wanted = {"name": "P", "store": {"kind": "pgvector"}}
    again = await api.admin.post("/repositories", json=wanted | {"repositoryId": "papers"})
    assert code(again) == (409, "repository_exists")
    assert (await api.admin.get(PLACE)).json()["updated"] == made["updated"]
    for name, status in (("status", 400), ("collections", 400), ("UPPER", 422), ("a" * 21, 422)):
        answer = await api.admin.post("/repositories", json=wanted | {"repositoryId": name})
        assert answer.status_code == status, name


@pytest.mark.parametrize(
    ("fields", "status", "why"),
    [
        ({"embeddingModel": "nothing"}, 400, "bad_embedding_model"),
        ({"embeddingModel": "chat"}, 400, "bad_embedding_model"),
        ({"chunking": {"strategy": "tokens", "size": 100, "overlap": 51}}, 422, "malformed"),
        ({"store": {"kind": "pgvector", "own": True}}, 400, "bad_store"),
        (
            {"store": {"kind": "pgvector", "own": True, "address": "db.example.com/lisa"}},
            400,
            "bad_store",
        ),
        ({"store": {"kind": "pgvector", "address": "db.example.com"}}, 400, "bad_store"),
        ({"store": {"kind": "opensearch", "address": "db.example.com"}}, 400, "bad_store"),
        (
            {"store": {"kind": "opensearch", "address": "https://169.254.169.254"}},
            400,
            "address_refused",
        ),
        ({"store": {"kind": "pgvector", "credentials": "s3cret"}}, 400, "bad_store"),
        (
            {"pipelines": [{"id": "p", "source": "s3://b/", "collectionId": "none"}]},
            400,
            "bad_pipeline",
        ),
        (
            {"pipelines": [{"id": "p", "source": "s3://b/"}, {"id": "p", "source": "s3://c/"}]},
            400,
            "bad_repository",
        ),
        (
            {"pipelines": [{"id": "p", "source": "s3://b/", "cron": "0 25 * * *"}]},
            400,
            "bad_schedule",
        ),
        ({"name": "no/slash"}, 422, "malformed"),
        ({"unknown": 1}, 422, "malformed"),
    ],
)
async def test_what_makes_no_repository_is_named(
    api: Api, fields: dict[str, Any], status: int, why: str
) -> None:
    await embedding_model(api.admin)
    chat = {"modelId": "chat", "modelName": "m", "modelUrl": "http://127.0.0.1:9/v1"}
    await api.admin.post("/models", json=chat)
    wanted = {"repositoryId": "papers", "name": "P", "store": {"kind": "pgvector"}}
    answer = await api.admin.post(
        "/repositories", json=wanted | {"embeddingModel": EMBEDDER} | fields
    )
    assert code(answer) == (status, why), answer.text
    assert await ids(api.admin) == []


OFFER = Offer(
    StoreKind.OPENSEARCH,
    serverless=True,
    options={
        "disk": StoreOption("Disk", 20, least=10, most=30),
        "standby": StoreOption("A standby", usual=True),
    },
)


def made_here(api: Api) -> Bench:
    """Let stores be made, by runs that nobody does."""
    workflows = Bench({}, api.clock)
    making = store_orders_of(api.ports, StoreMaking(workflows, [OFFER]))
    served = replace(knowledge(api).repositories, making=making)
    services = replace(knowledge(api), repositories=served)
    api.app.state.services = replace(api.services, knowledge=services)
    return workflows


async def test_which_stores_can_be_had_is_for_administrators(api: Api) -> None:
    made_here(api)
    kinds = (await api.admin.get("/repositories/store-kinds")).json()["kinds"]
    assert kinds[0] == {
        "kind": "opensearch",
        "serverless": True,
        "made": True,
        "options": {
            "disk": {"label": "Disk", "default": 20, "choices": None, "min": 10, "max": 30},
            "standby": {
                "label": "A standby",
                "default": True,
                "choices": None,
                "min": None,
                "max": None,
            },
        },
    }
    assert {each["made"] for each in kinds[1:]} == {False}
    assert code(await api.alice.get("/repositories/store-kinds")) == (403, "not_allowed")


async def test_one_with_a_store_of_its_own_is_on_its_way_at_once(api: Api) -> None:
    workflows = made_here(api)
    store = {"kind": "opensearch", "serverless": True, "own": True, "options": {"disk": 30}}
    made = await repository(api.admin, store=store)
    assert (made["status"], made["version"]) == ("CREATE_IN_PROGRESS", 1)
    assert made["store"]["options"] == {"disk": 30, "standby": True}
    assert [*workflows.begun] == [made["run"]]
    assert code(await api.admin.get(f"{PLACE}/collections/default"))[0] == 404
    wanted = {"name": "Mine", "collectionId": "mine"}
    refused = await api.admin.post(f"{PLACE}/collections", json=wanted)
    assert code(refused) == (409, "repository_not_ready")
    removing = await api.admin.delete(PLACE)
    assert (removing.status_code, removing.json()["status"]) == (202, "DELETE_IN_PROGRESS")


class Broken(MemoryVectors):
    async def make(self, space: Space) -> None:
        raise Unavailable(f"no room for {space.uid}", code="store_unavailable")


async def test_where_the_store_does_not_answer_nothing_is_left(api: Api) -> None:
    await embedding_model(api.admin)
    stores = MemoryStores()
    stores.vectors = Broken()
    served = replace(knowledge(api).repositories, stores=stores)
    broken = replace(knowledge(api), repositories=served)
    api.app.state.services = replace(api.services, knowledge=broken)
    wanted = {"repositoryId": "papers", "name": "P", "store": {"kind": "pgvector"}}
    answer = await api.admin.post("/repositories", json=wanted | {"embeddingModel": EMBEDDER})
    assert code(answer) == (503, "store_unavailable")
    assert await ids(api.admin) == []
    entries = (await api.admin.get("/audit", params={"kind": "repository"})).json()["items"]
    assert [(each["verb"], each["outcome"]) for each in entries] == [("create", "failed")]


async def test_a_store_is_proved_and_left_as_it_was(api: Api) -> None:
    await repository(api.admin)
    stores = api.knowledge.stores
    assert isinstance(stores, MemoryStores)
    assert stores.vectors.spaces == {}


async def test_a_change_changes_what_it_names(api: Api) -> None:
    made = await repository(api.admin, groups=["a"])
    pipeline = {"id": "p", "source": "s3://bucket/prefix", "trigger": "schedule"}
    changed = await api.admin.put(
        PLACE, json={"name": "New", "pipelines": [pipeline], "version": made["version"]}
    )
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["groups"]) == ("New", ["a"])
    assert changed.json()["pipelines"][0]["cron"] == "0 0 * * *"
    late = await api.admin.put(PLACE, json={"name": "Late", "version": made["version"]})
    assert code(late) == (409, "version_differs")
    for fixed in ({"store": {"kind": "opensearch"}}, {"repositoryId": "x"}, {"status": "READY"}):
        assert (await api.admin.put(PLACE, json=fixed)).status_code == 422


async def test_rag_administrators_of_its_groups_change_only_pipelines(api: Api) -> None:
    await repository(api.admin, groups=["research"])
    keeper = await somebody(api, "rita", "research", rag_admin=True)
    other = await somebody(api, "rolf", "sales", rag_admin=True)
    member = await somebody(api, "carol", "research")
    pipelines = {"pipelines": [{"id": "p", "source": "s3://bucket/prefix"}]}
    changed = await keeper.put(PLACE, json=pipelines)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["mayChange"], changed.json()["mayChangePipelines"]) == (False, True)
    assert code(await keeper.put(PLACE, json={"groups": []})) == (403, "not_allowed")
    assert code(await member.put(PLACE, json=pipelines)) == (403, "not_allowed")
    assert code(await other.put(PLACE, json=pipelines)) == (404, "repository_not_found")


async def test_deleting_ends_when_the_last_collection_was_emptied(api: Api) -> None:
    await repository(api.admin)
    await collection(api.admin, collectionId="more", name="More")
    own = await collection(api.alice, private=True)
    answer = await api.admin.delete(PLACE)
    assert (answer.status_code, answer.json()["status"]) == (202, "DELETE_IN_PROGRESS")
    refused = await api.alice.post(f"{PLACE}/collections", json={"name": "New", "private": True})
    assert code(refused) == (409, "repository_not_ready")
    assert code(await api.admin.put(PLACE, json={"name": "x"})) == (409, "repository_not_ready")
    endings = knowledge(api).repositories.endings
    for each in ("default", "more"):
        await endings.emptied("papers", each)
    assert await ids(api.admin) == ["papers"]
    await endings.emptied("papers", own["collectionId"])
    assert await ids(api.admin) == []
    assert (await api.alice.get("/collections")).json()["collections"] == []
    await repository(api.admin)


async def test_what_was_done_is_recorded(api: Api) -> None:
    await repository(api.admin)
    api.clock.advance(1)
    await api.admin.put(PLACE, json={"name": "New"})
    api.clock.advance(1)
    await api.admin.delete(PLACE)
    entries = (await api.admin.get("/audit", params={"kind": "repository"})).json()["items"]
    assert [each["verb"] for each in entries] == ["delete", "change", "create"]
    assert entries[1]["after"]["name"] == "New"


async def test_a_list_goes_on_where_it_stopped(api: Api) -> None:
    for number in range(3):
        await repository(api.admin, repositoryId=f"r-{number}", groups=["a"] if number else [])
    member = await somebody(api, "carol", "a")
    first = (await member.get("/repositories", params={"limit": 2})).json()
    rest = {"limit": 2, "cursor": first["nextCursor"]}
    assert await ids(member, **rest) == ["r-2"]
    assert await ids(api.bob, limit=1) == ["r-0"]
