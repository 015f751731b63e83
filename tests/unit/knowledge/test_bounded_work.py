"""What it costs to look at documents does not grow with how many there are."""

from pathlib import Path

import pytest

from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.knowledge_routes import knowledge_services
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.stores.knowledge.documents import Entry, entry_added
from lisa.usecases.knowledge.documents import Listing
from lisa.usecases.knowledge.retrieval import Question
from tests.api.knowledge import LengthReranker
from tests.contract.ingesting import ANN, PLACE, Bench, ShiftedClock
from tests.unit.test_bounded_work import Counted

MANY = 2_000
AT_ONCE = 100


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    clock = ShiftedClock()
    made = Bench(MemoryTables(clock), clock, tmp_path)
    await made.prepare()
    await made.collection("small")
    return made


async def filled(bench: Bench, uid: str, documents: int) -> None:
    now = bench.clock.now()
    for number in range(documents):
        document = RagDocument(
            id=f"file_{number:032x}",
            repository_id="papers",
            collection_id=uid.removeprefix("c_"),
            name=f"{number}.txt",
            source=f"upload:{number}",
            owner="ann",
            facts={},
            status=DocumentStatus.READY,
            created=now,
            updated=now,
        )
        await bench.tables.apply(entry_added(Entry(uid, document)))


async def calls_of_a_page(bench: Bench, place: tuple[str, str], cursor: str) -> tuple[int, str]:
    """List a page; return how many calls it took, and where it goes on."""
    counted = Counted(bench.tables)
    documents = Bench(counted, bench.clock, bench.folder).documents
    found, cursor = await documents.page(ANN, *place, Listing(limit=AT_ONCE, cursor=cursor))
    assert found
    return len(counted.calls), cursor


async def test_thousands_of_documents_are_listed_by_as_many_calls_for_each_page(
    bench: Bench,
) -> None:
    await filled(bench, "c_default", MANY)
    await filled(bench, "c_small", 1)
    small, _ = await calls_of_a_page(bench, ("papers", "small"), "")
    pages, cursor, more = 0, "", True
    while more:
        calls, cursor = await calls_of_a_page(bench, PLACE, cursor)
        assert calls <= small + 1
        pages, more = pages + 1, bool(cursor)
    assert pages <= MANY // AT_ONCE + 1


async def test_a_huge_collection_adds_nothing_to_what_another_costs(bench: Bench) -> None:
    await filled(bench, "c_small", 1)
    before, _ = await calls_of_a_page(bench, ("papers", "small"), "")
    await filled(bench, "c_default", 1000)
    assert await calls_of_a_page(bench, ("papers", "small"), "") == (before, "")


async def calls_of_a_search(bench: Bench, place: tuple[str, str]) -> list[str]:
    counted = Counted(bench.tables)
    ports = ContentPorts(counted, bench.clock, RandomIds(), bench.blobs)
    own = KnowledgePorts(bench.stores, bench.embedder, LengthReranker())
    answer = await knowledge_services(ports, own).retrieval.search(ANN, Question("one", [place]))
    assert [each.passage.name for each in answer.hits] == ["0.txt"]
    return counted.calls


async def test_hundreds_of_collections_add_nothing_to_what_one_costs(bench: Bench) -> None:
    await bench.ingested("one")
    before = await calls_of_a_search(bench, PLACE)
    for number in range(300):
        await bench.collection(f"more{number}", private=bool(number % 2))
    await bench.ingested("one", place=("papers", "small"))
    assert await calls_of_a_search(bench, PLACE) == before
    assert await calls_of_a_search(bench, ("papers", "small")) == before
