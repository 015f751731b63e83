"""On every store of tables, files of which no document is made go, and no others."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.declared.tables import RAG_DOCUMENTS
from lisa.domain.errors import NotFound, Unavailable
from lisa.domain.knowledge.rag_file import IDLE_LIFE
from lisa.ports.table import Key, Query, Tables
from lisa.usecases.knowledge.idle_files import IdleFiles
from lisa.usecases.knowledge.uploads import Upload
from tests.contract.ingesting import ANN, PLACE, Bench, ShiftedClock, lines

A_WEEK = IDLE_LIFE.total_seconds()


class FailingBlobs(MemoryBlobs):
    """Can fail."""

    fails = False

    async def delete(self, key: str) -> None:
        if self.fails:
            raise Unavailable("the store is away")
        await super().delete(key)


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def bench(tables: Tables, clock: ShiftedClock, tmp_path: Path) -> Bench:
    made = Bench(tables, clock, tmp_path, blobs=FailingBlobs())
    await made.prepare()
    return made


async def rows(bench: Bench) -> int:
    return len((await bench.tables.query(Query(RAG_DOCUMENTS, "files#ann"))).rows)


async def there(bench: Bench, *file_ids: str) -> list[bool]:
    found = await bench.documents.files.get_many(ANN.subject, file_ids)
    return [each in found for each in file_ids]


async def saying(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


async def breaking_off() -> AsyncIterator[bytes]:
    yield b"some"
    raise Unavailable("the caller is gone")


async def kept(bench: Bench, content: Callable[[], AsyncIterator[bytes]]) -> str:
    return (await bench.files.add(ANN, "a.txt", "text/plain", content())).id


async def test_what_never_becomes_a_document_goes_after_a_week(
    bench: Bench, clock: ShiftedClock
) -> None:
    uploaded = await bench.uploaded("a.txt", "a")
    key = (await bench.files.get(ANN, uploaded)).key
    announced = (await bench.documents.upload(ANN, *PLACE, Upload("b.txt", 1))).document_id
    _, [document] = await bench.ingested("one two")
    clock.advance(A_WEEK - 60)
    await bench.worker().drain()
    assert await there(bench, uploaded, announced, document.id) == [True] * 3
    clock.advance(60)
    await bench.worker().drain()
    assert await there(bench, uploaded, announced, document.id) == [False, False, True]
    assert await bench.blobs.size(key) is None
    assert bench.passages() == ["one", "two"]
    with pytest.raises(NotFound):
        await bench.documents.ingest(ANN, *PLACE, [uploaded])


async def test_a_file_of_its_own_stays_before_and_after_it_was_a_document(
    bench: Bench, clock: ShiftedClock
) -> None:
    alone = await kept(bench, lambda: saying("alone"))
    used = await kept(bench, lambda: saying(lines("used")))
    await bench.documents.ingest(ANN, *PLACE, [used])
    await bench.worker().drain()
    await bench.documents.remove(ANN, *PLACE, [used])
    clock.advance(A_WEEK)
    await bench.worker().drain()
    assert await there(bench, alone, used) == [True, True]
    assert [
        await bench.blobs.size((await bench.files.get(ANN, each)).key) for each in (alone, used)
    ]


async def test_a_file_of_its_own_by_a_link_stays_if_its_content_came(
    bench: Bench, clock: ShiftedClock
) -> None:
    came, never = [
        (await bench.files.upload_link(ANN, Upload(name, 4))).document_id for name in "ab"
    ]
    await bench.blobs.put((await bench.files.get(ANN, came)).key, b"come", "text/plain")
    for _ in range(2):
        clock.advance(A_WEEK)
        await bench.worker().drain()
        assert await there(bench, came, never) == [True, False]
    assert await bench.files.files.idle(clock.now(), 10) == []


async def test_what_was_sent_by_halves_goes(bench: Bench, clock: ShiftedClock) -> None:
    with pytest.raises(Unavailable):
        await kept(bench, breaking_off)
    assert await rows(bench) == 0
    assert isinstance(bench.blobs, FailingBlobs)
    bench.blobs.fails = True  # as if the process had died
    with pytest.raises(Unavailable):
        await kept(bench, breaking_off)
    assert await rows(bench) == 1
    assert await bench.files.page(ANN, 10, "") == ([], "")
    clock.advance(A_WEEK)
    await bench.worker().drain()
    assert await rows(bench) == 1
    bench.blobs.fails = False
    await bench.worker().drain()
    assert await rows(bench) == 0


async def test_a_file_that_becomes_a_document_at_the_last_moment_stays(
    bench: Bench, clock: ShiftedClock
) -> None:
    file_id = await bench.uploaded("a.txt", lines("late"))
    clock.advance(A_WEEK)
    files = bench.files.files
    [stale] = await files.idle(clock.now(), 10)
    await bench.documents.ingest(ANN, *PLACE, [file_id])

    class Lagging(type(files)):  # type: ignore[misc] # an index may lag
        async def idle(self, *_: object) -> list[object]:
            return [stale]

    assert not await IdleFiles(Lagging(bench.tables), bench.blobs, clock).look()
    await bench.worker().drain()
    assert bench.passages() == ["late"]


async def test_what_was_to_be_removed_and_was_not_goes(bench: Bench, clock: ShiftedClock) -> None:
    file_id = await kept(bench, lambda: saying("text"))
    assert isinstance(bench.blobs, FailingBlobs)
    bench.blobs.fails = True
    with pytest.raises(Unavailable):
        await bench.files.remove(ANN, file_id)
    bench.blobs.fails = False
    clock.advance(A_WEEK)
    await bench.worker().drain()
    assert await bench.tables.get(RAG_DOCUMENTS, Key("files#ann", file_id)) is None
