"""Workers that are called when there is something to do, and end with it or with their time."""

from datetime import timedelta
from pathlib import Path

import pytest

from lisa.bootstrap.ingestion import reminding_of
from lisa.domain.errors import LimitReached
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.ports.table import Tables
from lisa.usecases.knowledge.documents import Listing
from tests.contract.ingesting import ADMIN, ANN, PLACE, Bench, ShiftedClock, lines


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def bench(tables: Tables, clock: ShiftedClock, tmp_path: Path) -> Bench:
    made = Bench(tables, clock, tmp_path)
    await made.prepare()
    return made


async def ordered(bench: Bench, *texts: str) -> list[str]:
    """Upload texts and order that they are read; return their documents' ids."""
    ids = [await bench.uploaded(f"{number}.txt", text) for number, text in enumerate(texts)]
    await bench.documents.ingest(ANN, *PLACE, ids)
    return ids


async def stored(bench: Bench) -> list[RagDocument]:
    return (await bench.documents.page(ANN, *PLACE, Listing()))[0]


async def test_whoever_is_called_tells_that_all_is_done(bench: Bench) -> None:
    await ordered(bench, lines("one"), lines("two"))
    assert await bench.worker().drain(bench.clock.now() + timedelta(minutes=5))
    assert sorted(bench.passages()) == ["one", "two"]


async def test_when_time_is_over_what_is_left_can_be_done_by_others_at_once(bench: Bench) -> None:
    await ordered(bench, lines("one"), lines("two"))
    worker = bench.worker()
    bench.embedder.go_on.clear()
    assert not await worker.drain(bench.clock.now() + timedelta(seconds=0.5))
    assert {each.status for each in await stored(bench)} == {DocumentStatus.PENDING}
    bench.embedder.go_on.set()
    assert not await worker.drain(bench.clock.now() - timedelta(seconds=1))
    assert await bench.worker().drain()
    assert sorted(bench.passages()) == ["one", "two"]


async def test_large_files_are_left_to_others_and_stand_in_nobodys_way(bench: Bench) -> None:
    large = lines("one", "two")
    ids = await ordered(bench, *[large] * 35, lines("three"))
    called = bench.worker(largest=len(large) - 1)
    assert await called.drain()
    assert bench.passages() == ["three"]
    await bench.documents.remove(ADMIN, *PLACE, ids[1:35])
    assert await called.drain()
    assert len(await stored(bench)) == 2
    await bench.worker().drain()
    assert sorted(bench.passages()) == ["one", "three", "two"]


async def test_every_order_rings_once(bench: Bench) -> None:
    await ordered(bench, *[lines("one")] * 35)
    assert bench.bell.rings == 1
    await bench.documents.remove(ADMIN, *PLACE, [(await stored(bench))[0].id])
    assert bench.bell.rings == 2


async def test_who_waits_is_rung_for_when_its_time_has_come(bench: Bench) -> None:
    reminding = reminding_of(bench.ports)
    await reminding.look()
    assert bench.bell.rings == 0
    await ordered(bench, lines("one"))
    bench.embedder.faults = [LimitReached("too much", retry_after=3600)]
    await bench.worker().drain()
    before = bench.bell.rings
    await reminding.look()
    assert bench.bell.rings == before
    bench.clock.advance(3601)
    await reminding.look()
    assert bench.bell.rings == before + 1
