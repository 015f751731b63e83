"""Workers on every store of tables: they share the work, take over, and leave nothing behind."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from lisa.bootstrap.knowledge import marking_of
from lisa.declared.tables import RAG_DOCUMENTS, RAG_JOBS, REPOSITORIES
from lisa.domain.errors import ConditionFailed, NotFound
from lisa.domain.knowledge.rag_document import DocumentStatus
from lisa.domain.knowledge.repository import CollectionStatus, RepositoryStatus
from lisa.ports.table import Query, Tables
from lisa.stores.knowledge.documents import DocumentStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.holding import LEASE
from lisa.usecases.knowledge.ingestion import Ingestion
from tests.contract.ingesting import ANN, PLACE, Bench, ShiftedClock, lines

READY, WORKING = DocumentStatus.READY, DocumentStatus.WORKING
AFTER_LEASE = LEASE.total_seconds() + 1
MOST_LOOKS = 10_000


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def bench(tables: Tables, clock: ShiftedClock, tmp_path: Path) -> Bench:
    made = Bench(tables, clock, tmp_path)
    await made.prepare()
    return made


async def seen_as(bench: Bench, document_id: str, status: DocumentStatus) -> None:
    for _ in range(MOST_LOOKS):
        if (await bench.documents.get(ANN, *PLACE, document_id)).status is status:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"it never was {status}")


async def killed_at(bench: Bench, worker: Ingestion, status: DocumentStatus, name: str) -> None:
    """Let a worker come so far, then be no more: it writes nothing after that."""
    stop = asyncio.Event()
    task = asyncio.create_task(worker.work(stop))
    await seen_as(bench, name, status)
    for each in [task, *worker._working.values()]:
        each.cancel()
    worker._held.clear()
    with suppress(asyncio.CancelledError):
        await task


async def test_several_workers_do_each_document_once(bench: Bench) -> None:
    ids = [await bench.uploaded(f"{n}.txt", lines(f"w{n}", f"v{n}")) for n in range(12)]
    job, _ = await bench.documents.ingest(ANN, *PLACE, ids)
    await asyncio.gather(*(bench.worker().drain() for _ in range(3)))
    job, documents = await bench.seen(job, ids)
    assert (job.total, job.done, job.failed, job.skipped) == (12, 12, 0, 0)
    assert {each.status for each in documents} == {READY}
    assert len(bench.passages()) == 24
    assert set(bench.embedded().values()) == {1}


async def test_what_a_killed_worker_had_goes_on_where_it_was(
    bench: Bench, clock: ShiftedClock
) -> None:
    text = lines(*(f"w{n}" for n in range(200)))
    document_id = await bench.uploaded("a.txt", text)
    job, _ = await bench.documents.ingest(ANN, *PLACE, [document_id])
    bench.embedder.go_on.clear()
    await killed_at(bench, bench.worker(), WORKING, document_id)
    bench.embedder.go_on.set()
    await bench.worker().drain()
    assert bench.passages() == []
    clock.advance(AFTER_LEASE)
    await bench.worker().drain()
    job, [document] = await bench.seen(job, [document_id])
    assert (document.status, document.passages, document.attempts) == (READY, 200, 0)
    assert (job.done, job.is_over) == (1, True)
    assert len(bench.passages()) == 200


async def test_what_was_stored_before_the_kill_is_not_embedded_again(
    bench: Bench, clock: ShiftedClock
) -> None:
    words = [f"w{n}" for n in range(640)]
    document_id = await bench.uploaded("a.txt", lines(*words))
    await bench.documents.ingest(ANN, *PLACE, [document_id])
    bench.embedder.most_calls = 4
    worker = bench.worker()
    task = asyncio.create_task(worker.work(asyncio.Event()))
    for _ in range(MOST_LOOKS):
        if len(bench.passages()) >= 128:
            break
        await asyncio.sleep(0.01)
    for each in [task, *worker._working.values()]:
        each.cancel()
    worker._held.clear()
    with suppress(asyncio.CancelledError):
        await task
    stored = set(bench.passages())
    assert 128 <= len(stored) <= 256
    bench.embedder.most_calls = 1000
    bench.embedder.go_on.set()
    clock.advance(AFTER_LEASE)
    await bench.worker().drain()
    assert sorted(bench.passages()) == sorted(words)
    assert {bench.embedded()[word] for word in stored} == {1}


async def test_a_worker_that_is_told_to_stop_lets_go_at_once(bench: Bench) -> None:
    document_id = await bench.uploaded("a.txt", lines("one"))
    await bench.documents.ingest(ANN, *PLACE, [document_id])
    bench.embedder.go_on.clear()
    stop = asyncio.Event()
    task = asyncio.create_task(bench.worker().work(stop))
    await seen_as(bench, document_id, WORKING)
    stop.set()
    await task
    document = await bench.documents.get(ANN, *PLACE, document_id)
    assert (document.status, document.attempts) == (DocumentStatus.PENDING, 0)
    bench.embedder.go_on.set()
    await bench.worker().drain()
    assert bench.passages() == ["one"]


async def test_what_is_removed_while_it_is_read_is_gone(bench: Bench) -> None:
    document_id = await bench.uploaded("a.txt", lines("one"))
    ingesting, _ = await bench.documents.ingest(ANN, *PLACE, [document_id])
    bench.embedder.go_on.clear()
    stop = asyncio.Event()
    task = asyncio.create_task(bench.worker().work(stop))
    await seen_as(bench, document_id, WORKING)
    removing = await bench.documents.remove(ANN, *PLACE, [document_id])
    bench.embedder.go_on.set()
    with pytest.raises(NotFound):
        await seen_as(bench, document_id, READY)
    stop.set()
    await task
    assert bench.passages() == []
    jobs = [await bench.documents.job(ANN, "papers", job.id) for job in (ingesting, removing)]
    assert [(job.total, job.done, job.skipped) for job in jobs] == [(1, 1, 1), (1, 1, 0)]


async def test_a_document_that_ends_workers_is_given_up(bench: Bench, clock: ShiftedClock) -> None:
    document_id = await bench.uploaded("a.txt", lines("one"))
    job, _ = await bench.documents.ingest(ANN, *PLACE, [document_id])
    store = DocumentStore(bench.tables)
    for _ in range(11):
        [entry], _ = await store.due(clock.now(), 10)
        await bench.worker()._claimed(entry)
        clock.advance(AFTER_LEASE)
    await bench.worker().drain()
    job, [document] = await bench.seen(job, [document_id])
    assert (document.status, document.cause_code) == (DocumentStatus.FAILED, "worker_ended")
    assert job.failed == 1


async def test_of_two_claims_one_succeeds(bench: Bench) -> None:
    document_id = await bench.uploaded("a.txt", lines("one"))
    await bench.documents.ingest(ANN, *PLACE, [document_id])
    [entry], _ = await DocumentStore(bench.tables).due(bench.clock.now(), 10)
    await bench.worker()._claimed(entry)
    with pytest.raises(ConditionFailed):
        await bench.worker()._claimed(entry)


async def emptied(bench: Bench, name: str) -> None:
    found = await bench.collections.by_id("papers", name)
    assert found
    await marking_of(bench.ports).mark(found, "root")
    await bench.worker().drain()


async def rows_left(bench: Bench, uid: str) -> int:
    place = Query(RAG_DOCUMENTS, f"in#{uid}")
    files = Query(RAG_DOCUMENTS, "files#ann")
    pages = [await bench.tables.query(each) for each in (place, files)]
    return sum(len(page.rows) for page in pages)


async def test_a_deleted_collection_leaves_nothing(bench: Bench) -> None:
    await bench.collection("other")
    place = ("papers", "other")
    await bench.ingested(*(f"w{n}" for n in range(8)), "BROKEN", place=place)
    waiting = await bench.uploaded("later.txt", lines("later"), place=place)
    job, _ = await bench.documents.ingest(ANN, *place, [waiting])
    await emptied(bench, "other")
    assert await bench.collections.by_id("papers", "other") is None
    assert "c_other" not in bench.stores.vectors.spaces
    assert await rows_left(bench, "c_other") == 0
    assert bench.blobs._content == {}
    assert (await bench.documents.job(ANN, "papers", job.id)).is_over
    assert await DocumentStore(bench.tables).to_empty(bench.clock.now(), 10) == []


async def test_a_default_collection_is_emptied_and_can_be_filled_again(bench: Bench) -> None:
    await bench.ingested("one", "two")
    await emptied(bench, "default")
    found = await bench.collections.by_id("papers", "default")
    assert found
    assert (found.status, found.dimension) == (CollectionStatus.ACTIVE, 0)
    await bench.ingested("three")
    assert bench.passages() == ["three"]


async def test_a_batch_that_comes_late_is_dropped_as_well(
    bench: Bench, clock: ShiftedClock
) -> None:
    await bench.collection("other")
    place = ("papers", "other")
    document_id = await bench.uploaded("a.txt", lines("one"), place=place)
    await bench.documents.ingest(ANN, *place, [document_id])
    [entry], _ = await DocumentStore(bench.tables).due(clock.now(), 10)
    await bench.worker()._claimed(entry)
    await emptied(bench, "other")
    found = await bench.collections.by_id("papers", "other")
    assert found
    assert found.status is CollectionStatus.DELETING
    clock.advance(AFTER_LEASE)
    await bench.worker().drain()
    assert await bench.collections.by_id("papers", "other") is None


async def test_a_deleted_repository_leaves_nothing(bench: Bench) -> None:
    await bench.collection("other")
    await bench.ingested("one", "two")
    await bench.ingested("three", place=("papers", "other"))
    store = RepositoryStore(bench.tables)
    repository = await store.by_id("papers")
    assert repository
    deleting = repository.model_copy(update={"status": RepositoryStatus.DELETING})
    await store.change(repository, deleting)
    await marking_of(bench.ports).mark_all("papers", "root")
    await bench.worker().drain()
    assert await store.by_id("papers") is None
    assert bench.stores.vectors.spaces == {}
    assert bench.blobs._content == {}
    for table, partition in (
        (REPOSITORIES, "in#papers"),
        (REPOSITORIES, "runs#r_1"),
        (RAG_JOBS, "in#papers"),
        (RAG_DOCUMENTS, "in#c_default"),
        (RAG_DOCUMENTS, "in#c_other"),
        (RAG_DOCUMENTS, "files#ann"),
        (RAG_DOCUMENTS, "emptying"),
    ):
        assert (await bench.tables.query(Query(table, partition))).rows == []
