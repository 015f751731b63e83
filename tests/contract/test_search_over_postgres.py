"""`POST /search` over Postgres: by meaning, by words and by both, for people of two groups."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.secrets import MemorySecrets
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.vector_stores import VectorStores, pgvector_at
from lisa.domain.knowledge.repository import StoreKind
from lisa.stores.knowledge.repositories import RepositoryStore
from tests.api.conftest import ORIGIN, Api, model_ports, served_by
from tests.api.knowledge import (
    JSON,
    LengthReranker,
    WordEmbedder,
    collection,
    embedding_model,
    ingested,
    repository,
    somebody,
)

TEXTS = ("coffee is cleaned on friday", "leave has thirty days", "bicycles stand in the cellar")
PAPERS = "/repositories/papers/collections"


@pytest.fixture
async def api(postgres: str) -> AsyncIterator[Api]:
    clock, blobs = ManualClock(), MemoryBlobs()
    ports = ContentPorts(MemoryTables(clock), clock, RandomIds(), blobs)
    own = {StoreKind.PGVECTOR: pgvector_at(postgres)}
    stores = VectorStores(RepositoryStore(ports.tables), MemorySecrets(), clock, own)
    async with stores.running():
        knowledge = KnowledgePorts(stores, WordEmbedder(), LengthReranker())
        services = assemble(
            ports, origins=frozenset({ORIGIN}), models=model_ports(), knowledge=knowledge
        )
        nobody = cast("Any", None)
        app = served_by(services, 7)
        api = Api(
            services, app, clock, blobs, nobody, ports, knowledge, nobody, nobody, nobody, nobody
        )
        async with api.client(
            authorization=f"Bearer {await api.token('admin', admin=True)}"
        ) as api.admin:
            yield api


async def found(client: httpx.AsyncClient, query: str, *places: str, **more: Any) -> JSON:
    names = [f"papers.{place}" for place in places or ("default",)]
    answer = await client.post("/search", json={"query": query, "collections": names} | more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def texts(answer: JSON) -> list[str]:
    return [hit["text"] for hit in answer["hits"]]


async def test_a_question_finds_by_meaning_by_words_and_by_both(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    async with await somebody(api, "ann") as ann:
        await ingested(api, ann, tmp_path, *TEXTS)
        for mode, methods in (
            ("dense", {"dense"}),
            ("lexical", {"lexical"}),
            ("hybrid", {"dense", "lexical", "fused"}),
        ):
            answer = await found(ann, "how many days of leave", mode=mode)
            best = answer["hits"][0]
            assert (best["text"], best["page"]) == (TEXTS[1], 1)
            assert {name for name in best["scores"] if not name.endswith("_rank")} == methods
            assert answer["timings"].keys() >= (methods - {"fused"}) | {"total"}
        assert texts(await found(ann, "nobody wrote that", mode="lexical")) == []
        assert len(texts(await found(ann, "leave", mode="dense", limit=2))) == 2


async def test_conditions_hold_for_every_method(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    async with await somebody(api, "ann") as ann:
        ids = await ingested(api, ann, tmp_path, *TEXTS)
        for mode in ("dense", "lexical", "hybrid"):
            where = {"type": "in", "key": "document_id", "value": ids[:2]}
            both = {
                "type": "and",
                "filters": [where, {"type": "ne", "key": "name", "value": "0.txt"}],
            }
            answer = await found(ann, "leave days coffee cellar", mode=mode, filters=both)
            assert texts(answer) == [TEXTS[1]]


async def test_collections_of_several_embedders_are_searched_at_once(
    api: Api, tmp_path: Path
) -> None:
    await repository(api.admin)
    await embedding_model(api.admin, name="others")
    more = await collection(api.admin, name="More", collectionId="more", embeddingModel="others")
    assert more["embeddingModel"] == "others"
    await collection(api.admin, name="Empty", collectionId="empty")
    async with await somebody(api, "ann") as ann:
        await ingested(api, ann, tmp_path, *TEXTS)
        extra = ("leave ends with march", TEXTS[1])
        await ingested(api, ann, tmp_path, *extra, place=f"{PAPERS}/more")
        for mode in ("dense", "lexical", "hybrid"):
            answer = await found(ann, "leave", "default", "more", "empty", mode=mode)
            assert set(texts(answer)[:2]) == {TEXTS[1], extra[0]}
            assert texts(answer).count(TEXTS[1]) == 1
        assert texts(await found(ann, "leave", "empty")) == []


async def test_people_find_what_their_groups_may(api: Api, tmp_path: Path) -> None:
    await embedding_model(api.admin)
    await repository(api.admin)
    await collection(api.admin, name="Red", collectionId="red", groups=["red"])
    async with (
        await somebody(api, "ann", "red") as ann,
        await somebody(api, "bob", "blue") as bob,
    ):
        await ingested(api, ann, tmp_path, "secret plans of the red", place=f"{PAPERS}/red")
        await ingested(api, bob, tmp_path, *TEXTS)
        assert texts(await found(ann, "secret", "red", "default"))[0] == "secret plans of the red"
        for places in (["red"], ["default", "red"], ["none"]):
            names = [f"papers.{place}" for place in places]
            refused = await bob.post("/search", json={"query": "secret", "collections": names})
            assert refused.status_code == 404
            message = refused.json()["error"]["message"]
            assert message == f"there is no collection {places[-1]} in papers"
        own = await collection(ann, name="Own", private=True)
        place = own["collectionId"]
        await ingested(api, ann, tmp_path, "mine alone", place=f"{PAPERS}/{place}")
        assert texts(await found(ann, "mine", place)) == ["mine alone"]
        names = [f"papers.{place}"]
        refused = await bob.post("/search", json={"query": "mine", "collections": names})
        assert refused.status_code == 404


async def test_a_reranker_that_may_be_used_orders_what_was_found(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    await embedding_model(api.admin, name="judge")
    async with await somebody(api, "ann") as ann:
        await ingested(api, ann, tmp_path, *TEXTS)
        asked = {"query": "leave", "collections": ["papers.default"], "rerank": "judge"}
        refused = await ann.post("/search", json=asked)
        assert refused.json()["error"]["code"] == "model_not_found"
        model = {"modelId": "ranks", "modelName": "m", "modelUrl": "http://127.0.0.1:9/v1"}
        made = await api.admin.post("/models", json=model | {"modelType": "rerank"})
        assert made.status_code == 200, made.text
        answer = await found(ann, "leave days coffee cellar", rerank="ranks")
        assert texts(answer) == sorted(TEXTS, key=len)
        assert "rerank" in answer["timings"]
