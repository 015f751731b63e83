"""Buckets that are compared as a whole: at first, each day, and while something happens there."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lisa.adapters.s3.sources import S3Sources
from lisa.bootstrap.ingestion import pipeline_watch
from lisa.ports.sources import SourceFile
from lisa.ports.table import Tables
from tests.contract.buckets import BUCKET, PIPELINE, created, emulated_bucket, runs, told, write
from tests.contract.ingesting import Bench, ShiftedClock

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DAY = 24 * 3600


@pytest.fixture
def s3() -> "Iterator[S3Client]":
    with emulated_bucket(BUCKET) as client:
        yield client


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def bench(tables: Tables, clock: ShiftedClock, tmp_path: Path, s3: "S3Client") -> Bench:
    return Bench(tables, clock, tmp_path, sources=S3Sources(s3, [BUCKET]))


async def test_a_bucket_is_compared_at_first_and_each_day(
    bench: Bench, s3: "S3Client", clock: ShiftedClock
) -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "team/a.txt", "one")
    watch = bench.watch(polls=False)
    await watch.look()
    await bench.worker().drain()
    assert bench.passages() == ["one"]
    write(s3, "team/b.txt", "two")
    clock.advance(DAY - 60)
    await watch.look()
    await bench.worker().drain()
    assert bench.passages() == ["one"]
    clock.advance(61)
    await bench.watch(polls=False).look()
    await bench.worker().drain()
    assert sorted(bench.passages()) == ["one", "two"]


class _Growing(S3Sources):
    """A bucket that gets a file, and tells of it, right after it was listed."""

    bench: Bench

    async def files(self, source: str) -> AsyncIterator[SourceFile]:
        """Yield what lies there, then let something come."""
        async for each in super().files(source):
            yield each
        write(self._client, "team/late.txt", "late")
        await told(self.bench, created("team/late.txt"))


async def test_what_comes_while_a_bucket_is_compared_stays(bench: Bench, s3: "S3Client") -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "team/a.txt", "one")
    growing = _Growing(s3, [BUCKET])
    growing.bench = bench
    await pipeline_watch(bench.ports, growing, polls=False).look()
    await bench.worker().drain()
    assert sorted(bench.passages()) == ["late", "one"]


class _Deadly(S3Sources):
    """A bucket over which the process dies."""

    async def files(self, source: str) -> AsyncIterator[SourceFile]:
        """Yield a file, and no more."""
        yield SourceFile(f"{source}/a.txt", "a.txt", 1, "mark")
        raise asyncio.CancelledError


async def test_a_comparison_whose_process_was_killed_begins_anew(
    bench: Bench, s3: "S3Client", clock: ShiftedClock
) -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "team/a.txt", "one")
    with pytest.raises(asyncio.CancelledError):
        await pipeline_watch(bench.ports, _Deadly(s3, [BUCKET]), polls=False).look()
    clock.advance(601)
    await bench.watch(polls=False).look()
    await bench.watch(polls=False).look()
    await bench.worker().drain()
    assert bench.passages() == ["one"]
    assert await runs(bench) == [(1, 0, 0, 0), (0, 0, 0, 0)]


async def test_another_source_of_a_pipeline_is_compared_at_once(
    bench: Bench, s3: "S3Client"
) -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "other/a.txt", "one")
    watch = bench.watch(polls=False)
    await watch.look()
    old = await watch.repositories.by_id("papers")
    assert old
    [pipeline] = old.pipelines
    moved = pipeline.model_copy(update={"source": f"s3://{BUCKET}/other"})
    await watch.repositories.change(old, old.model_copy(update={"pipelines": (moved,)}))
    await watch.look()
    await bench.worker().drain()
    assert bench.passages() == ["one"]
