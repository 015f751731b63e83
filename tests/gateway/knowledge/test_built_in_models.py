"""A PDF, read and searched with what comes with LISA: the answer says on which page it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lisa.adapters.documents.extractor import ProcessExtractor
from lisa.adapters.gateway.embedding import GatewayEmbedder
from lisa.adapters.memory.vectors import MemoryStores
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.domain.model import Upstream
from lisa.ports.embedding import OnBehalf
from local.builtin.names import DEMO
from local.builtin.names import EMBEDDER as MINILM
from tests.api.knowledge import EMBEDDER, LengthReranker
from tests.contract.builtin_models import running
from tests.documents import pdf
from tests.gateway.knowledge.running import running_library
from tests.gateway.test_passes import calls_of
from tests.gateway.turns.test_responses import events_of, strictly
from tests.standins.engine.server import Engine

PAGES = (
    "Welcome to the company. Our offices are in Berlin and in Oslo.",
    "The coffee machine on the second floor is cleaned every Friday by its users.",
    "Employees have thirty days of paid leave in each calendar year.",
    "Bicycles are parked in the cellar, whose door opens with the badge.",
    "Refunds for train tickets are paid within fourteen days of the journey.",
)
QUESTIONS = {
    "How much paid leave do employees have in a year?": 3,
    "Where are bicycles parked?": 4,
    "When are refunds for train tickets paid?": 5,
}


@dataclass
class Late:
    """An embedder that is known only once its gateway runs."""

    own: GatewayEmbedder | None = None

    async def embed(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        assert self.own
        return await self.own.embed(model, texts, whose)


async def test_the_demonstration_cites_the_right_page_of_a_pdf(
    engine: Engine, tmp_path: Path
) -> None:
    late, extractor = Late(), ProcessExtractor()
    ports = KnowledgePorts(MemoryStores(), late, LengthReranker())
    cache = tmp_path / "cache"
    cache.mkdir()
    with running(cache) as built_in:
        async with running_library(engine, tmp_path, ports, extractor) as library:
            calls = calls_of(library.turning)
            late.own = GatewayEmbedder(calls)
            url, key = f"{built_in.base_url}/v1", "env:BUILT_IN_KEY"
            minilm = Upstream(url=url, key=key, target=MINILM)
            await library.turning.change(EMBEDDER, upstreams=(minilm,))
            await library.turning.add(DEMO, Upstream(url=url, key=key))
            client = await library.client()
            file = await client.files.create(file=("guide.pdf", pdf(*PAGES)), purpose="assistants")
            store = await client.vector_stores.create(name="Guide", file_ids=[file.id])
            await library.work()
            tool = {"type": "file_search", "vector_store_ids": [store.id]}
            for question, page in QUESTIONS.items():
                events = await events_of(
                    await client.responses.create(
                        model=DEMO, input=question, tools=[tool], stream=True
                    )
                )
                answer = strictly(events[-1].response)
                cited = answer.output[-1].content[0].annotations
                assert cited, answer.output_text
                assert PAGES[page - 1] in answer.output_text
                assert (cited[0].file_id, cited[0].filename) == (file.id, "guide.pdf")
                assert cited[0].page <= page <= cited[0].last_page
                assert PAGES[page - 1] in cited[0].quote
            await calls.close()
