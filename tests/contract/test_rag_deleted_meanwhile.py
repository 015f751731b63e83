"""A collection is deleted between the leave to put a document into it and that it is put there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.bootstrap.knowledge import marking_of
from lisa.declared.tables import RAG_DOCUMENTS, RAG_JOBS, REPOSITORIES
from lisa.domain.errors import NotFound
from lisa.domain.knowledge.rag_document import DocumentStatus
from lisa.domain.knowledge.repository import RepositoryStatus
from lisa.ports.table import Query, Tables
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.holding import LEASE
from tests.contract.ingesting import ANN, PLACE, Bench, ShiftedClock, lines

OTHER = ("papers", "other")
AFTER_LEASE = LEASE.total_seconds() + 1


async def nothing() -> None:
    """Let nothing happen."""


@dataclass
class InterruptedBlobs(MemoryBlobs):
    """Lets something happen when a size is asked for, which is behind the question of rights."""

    meanwhile: Callable[[], Awaitable[None]] = field(default=nothing)

    def __post_init__(self) -> None:
        super().__init__()

    async def size(self, key: str) -> int | None:
        happens, self.meanwhile = self.meanwhile, nothing
        await happens()
        return await super().size(key)


@pytest.fixture
def blobs() -> InterruptedBlobs:
    return InterruptedBlobs()


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def bench(
    tables: Tables, clock: ShiftedClock, blobs: InterruptedBlobs, tmp_path: Path
) -> Bench:
    made = Bench(tables, clock, tmp_path, blobs=blobs)
    await made.prepare()
    await made.collection("other")
    return made


async def mark(bench: Bench, name: str) -> None:
    found = await bench.collections.by_id("papers", name)
    assert found
    await marking_of(bench.ports).mark(found, "root")


async def finish(bench: Bench) -> None:
    await bench.worker().drain()
    bench.clock.advance(AFTER_LEASE)
    await bench.worker().drain()


async def left(bench: Bench) -> list[str]:
    """Return the partitions that still have something."""
    places = ("in#c_default", "in#c_other", "files#ann", "emptying")
    queries = [Query(RAG_DOCUMENTS, place) for place in places]
    queries += [Query(RAG_DOCUMENTS, work, index="by_work") for work in ("documents", "idle files")]
    return [each.partition for each in queries if (await bench.tables.query(each)).rows]


@pytest.mark.parametrize("emptied", [False, True])
async def test_a_document_goes_with_the_collection_it_came_too_late_for(
    bench: Bench, blobs: InterruptedBlobs, *, emptied: bool
) -> None:
    await bench.ingested("before", place=OTHER)
    late = await bench.uploaded("late.txt", lines("late"), place=OTHER)

    async def deleted() -> None:
        await mark(bench, "other")
        if emptied:
            await bench.worker().drain()

    blobs.meanwhile = deleted
    job, _ = await bench.documents.ingest(ANN, *OTHER, [late])
    await finish(bench)
    assert await bench.collections.by_id(*OTHER) is None
    assert await left(bench) == []
    assert blobs._content == {}
    assert "c_other" not in bench.stores.vectors.spaces
    over = await bench.documents.job(ANN, "papers", job.id)
    assert (over.is_over, over.failed) == (True, 0)


@pytest.mark.parametrize("emptied", [False, True])
async def test_a_default_collection_has_it_or_it_is_gone_without_a_trace(
    bench: Bench, blobs: InterruptedBlobs, *, emptied: bool
) -> None:
    await bench.ingested("before")
    late = await bench.uploaded("late.txt", lines("late"))

    async def deleted() -> None:
        await mark(bench, "default")
        if emptied:
            await bench.worker().drain()

    blobs.meanwhile = deleted
    await bench.documents.ingest(ANN, *PLACE, [late])
    await finish(bench)
    if emptied:
        found = await bench.documents.get(ANN, *PLACE, late)
        assert (found.status, found.passages) == (DocumentStatus.READY, 1)
        assert bench.passages() == ["late"]
    else:
        with pytest.raises(NotFound):
            await bench.documents.get(ANN, *PLACE, late)
        assert (await left(bench), blobs._content) == ([], {})


async def test_a_file_of_its_own_is_not_lost(bench: Bench, blobs: InterruptedBlobs) -> None:
    async def content(text: str) -> AsyncIterator[bytes]:
        yield text.encode()

    kept = await bench.files.add(ANN, "kept.txt", "text/plain", content(lines("kept")))

    async def deleted() -> None:
        await mark(bench, "other")
        await bench.worker().drain()

    blobs.meanwhile = deleted
    await bench.documents.ingest(ANN, *OTHER, [kept.id])
    await finish(bench)
    assert (await bench.files.get(ANN, kept.id)).places == ()
    _, [document] = await bench.documents.ingest(ANN, *PLACE, [kept.id])
    await bench.worker().drain()
    assert bench.passages() == ["kept"], document


async def test_a_repository_that_is_gone_keeps_no_job(
    bench: Bench, blobs: InterruptedBlobs
) -> None:
    late = await bench.uploaded("late.txt", lines("late"), place=OTHER)

    async def deleted() -> None:
        store = RepositoryStore(bench.tables)
        repository = await store.by_id("papers")
        assert repository
        deleting = repository.model_copy(update={"status": RepositoryStatus.DELETING})
        await store.change(repository, deleting)
        await marking_of(bench.ports).mark_all("papers", "root")
        await bench.worker().drain()
        assert await store.by_id("papers") is None

    blobs.meanwhile = deleted
    await bench.documents.ingest(ANN, *OTHER, [late])
    await finish(bench)
    assert (await left(bench), blobs._content) == ([], {})
    for table in (RAG_JOBS, REPOSITORIES):
        assert (await bench.tables.query(Query(table, "in#papers"))).rows == []
