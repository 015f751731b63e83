"""Reranking by models behind the gateway, whichever wire their servers speak."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from openai import APIStatusError, NotFoundError

from lisa.adapters.gateway.reranking import GatewayReranker
from lisa.adapters.memory.vectors import MemoryStores
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.model import ModelType, Upstream
from lisa.ports.embedding import OnBehalf
from tests.api.knowledge import WordEmbedder
from tests.gateway.knowledge.running import PageExtractor, running_library
from tests.gateway.running import Running
from tests.gateway.test_passes import calls_of
from tests.standins.engine.server import Engine
from tests.standins.model_server.ranking import as_cohere, as_tei
from tests.standins.model_server.server import Answer, model_server

ALICE = OnBehalf("alice")
TEXTS = ["nothing at all", "the days of leave", "days"]


@pytest.fixture
async def reranker(gateway: Running) -> AsyncIterator[GatewayReranker]:
    calls = calls_of(gateway)
    yield GatewayReranker(calls)
    await calls.close()


async def judge(gateway: Running, url: str) -> None:
    await gateway.add("judge", Upstream(url=url), type=ModelType.RERANK)


async def test_tei_ranks_texts_in_its_own_form(gateway: Running, reranker: GatewayReranker) -> None:
    with model_server(as_tei) as server:
        await judge(gateway, server.url.removesuffix("/v1"))
        for _ in range(2):
            assert await reranker.rank("judge", "days of leave", TEXTS, ALICE) == [0, 1, 1 / 3]
        many = [*TEXTS, "x" * 5000] * 20
        scores = await reranker.rank("judge", "days of leave", many, ALICE)
        assert scores == [0, 1, 1 / 3, 0] * 20
        bodies = [each.body for each in server.asked if each.path == "/rerank"]
        assert ["texts" in body for body in bodies] == [False, True, True, True, True, True]
        assert bodies[1]["model"] == "judge"


async def test_cohere_and_its_kin_rank_texts(gateway: Running, reranker: GatewayReranker) -> None:
    with model_server(as_cohere) as server:
        await judge(gateway, server.url)
        assert await reranker.rank("judge", "days of leave", TEXTS, ALICE) == [0, 1, 1 / 3]
        assert await reranker.rank("judge", "days of leave", [], ALICE) == []
        bodies = [each.body for each in server.asked if each.path == "/v1/rerank"]
        assert [sorted(body) for body in bodies] == [["documents", "model", "query"]]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(500, b"{}"), Unavailable),
        (Answer(424, b'{"error": "Inference failed"}'), Invalid),
        (Answer(400, b'{"error": "no"}'), Invalid),
        (Answer(200, b"[]"), Unavailable),
        (Answer(200, b'{"results": [{"index": 0}]}'), Unavailable),
        (Answer(200, b"so what"), Unavailable),
    ],
)
async def test_a_reranker_that_fails_says_so(
    gateway: Running, reranker: GatewayReranker, answer: Answer, kind: type[Exception]
) -> None:
    with model_server(lambda asked: answer if "rerank" in asked.path else Answer()) as server:
        await judge(gateway, server.url)
        with pytest.raises(kind):
            await reranker.rank("judge", "days of leave", TEXTS, ALICE)


@dataclass
class Late:
    """A reranker that is known only once its gateway runs."""

    own: GatewayReranker | None = None

    async def rank(
        self, model: str, question: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[float]:
        assert self.own
        return await self.own.rank(model, question, texts, whose)


async def test_a_search_is_reranked_by_a_model_that_its_caller_may_use(
    engine: Engine, tmp_path: Path
) -> None:
    late = Late()
    ports = KnowledgePorts(MemoryStores(), WordEmbedder(), late)
    texts = ["days of", "of leave", "who would take leave at times may of course have days"]
    with model_server(as_tei) as server:
        async with running_library(engine, tmp_path, ports, PageExtractor()) as library:
            calls = calls_of(library.turning)
            late.own = GatewayReranker(calls)
            upstream = Upstream(url=server.url.removesuffix("/v1"))
            groups = frozenset({"a"})
            await library.turning.add("judge", upstream, type=ModelType.RERANK, groups=groups)
            client = await library.client("alice", "a")
            store = await library.store(client, *texts)
            search, wish = client.vector_stores.search, {"query": "days of leave"}
            mode = {"mode": "dense"}
            plain = await search(store.id, **wish, extra_body=mode)
            ranked = await search(store.id, **wish, extra_body=mode | {"rerank": "judge"})
            assert plain.data[0].content[0].text != texts[-1]
            assert ranked.data[0].content[0].text == texts[-1]
            assert [each.score for each in ranked.data] == [1, 2 / 3, 2 / 3]

            bob = await library.client("bob")
            own = await library.store(bob, "Anything.")
            for store_id, who, model in (
                (own.id, bob, "judge"),
                (own.id, bob, "nothing"),
                (store.id, client, "tiny"),
            ):
                wanted = {"rerank": model}
                with pytest.raises(NotFoundError) as refused:
                    await who.vector_stores.search(store_id, query="x", extra_body=wanted)
                assert refused.value.code == "model_not_found"

            server.answering = lambda _: Answer(500, b"broken")
            with pytest.raises(APIStatusError) as failed:
                await search(store.id, **wish, extra_body={"rerank": "judge"})
            assert failed.value.status_code in {502, 503}
            await calls.close()
