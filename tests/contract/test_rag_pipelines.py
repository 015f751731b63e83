"""Pipelines on every store of tables: what is new, changed or gone at a folder, and by when."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lisa.adapters.files.sources import FolderSources
from lisa.domain.errors import Forbidden, NotFound, Unavailable
from lisa.domain.knowledge.rag_document import DocumentStatus
from lisa.ports.embedding import OnBehalf
from lisa.ports.sources import SourceFile
from lisa.ports.table import Tables
from lisa.stores.knowledge.pipelines import PipelineStore
from lisa.usecases.knowledge.access import Access
from lisa.usecases.knowledge.documents import Listing
from lisa.usecases.knowledge.pipelines import Pipelines
from lisa.usecases.knowledge.watching import PipelineWatch
from tests.contract.ingesting import ADMIN, ANN, PLACE, Bench, ShiftedClock, lines


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def bench(tables: Tables, clock: ShiftedClock, tmp_path: Path) -> Bench:
    (tmp_path / "watched" / "docs").mkdir(parents=True)
    return Bench(tables, clock, tmp_path)


def pipeline(bench: Bench, **fields: Any) -> dict[str, Any]:
    return {"id": "p", "source": f"file:{bench.folder}/watched/docs"} | fields


def pipelines(bench: Bench) -> Pipelines:
    access = Access(bench.watch().repositories, bench.collections)
    return Pipelines(access, PipelineStore(bench.tables), bench.clock)


def write(bench: Bench, name: str, *words: str) -> Path:
    file = bench.folder / "watched" / "docs" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(lines(*words))
    return file


async def loaded(bench: Bench, watch: PipelineWatch, looks: int = 2) -> list[str]:
    for _ in range(looks):
        await watch.look()
    await bench.worker().drain()
    return bench.passages()


async def runs(bench: Bench) -> list[tuple[int, int, int, int]]:
    found, _ = await pipelines(bench).runs(ANN, "papers", "p", 10, "")
    return [(each.added, each.changed, each.removed, each.failed) for each in found]


async def test_a_watched_folder_and_its_collection_are_alike(bench: Bench) -> None:
    await bench.prepare(pipelines=[pipeline(bench, tags=["x"], facts={"year": 2024})])
    watch = bench.watch()
    first = write(bench, "a.txt", "one", "two", "three")
    second = write(bench, "sub/b.txt", "four")
    write(bench, ".hidden", "five")
    assert sorted(await loaded(bench, watch)) == ["four", "one", "three", "two"]
    assert bench.embedder.whose == {OnBehalf("pipeline:papers")}
    [document] = (await bench.documents.page(ANN, *PLACE, Listing(name="a.txt")))[0]
    assert (document.source, document.tags) == (f"file:{first}", ("x",))
    assert (document.facts, document.owner) == ({"year": 2024}, "pipeline:papers")
    write(bench, "a.txt", "one", "new")
    assert sorted(await loaded(bench, watch)) == ["four", "new", "one"]
    assert bench.embedded()["one"] == 1
    second.unlink()
    assert sorted(await loaded(bench, watch)) == ["new", "one"]
    assert await runs(bench) == [(0, 0, 1, 0), (0, 1, 0, 0), (2, 0, 0, 0)]
    await loaded(bench, watch, 3)
    assert len(await runs(bench)) == 3
    calls = bench.embedder.calls
    assert sorted(await loaded(bench, bench.watch())) == ["new", "one"]
    assert (bench.embedder.calls, len(await runs(bench))) == (calls, 3)


async def test_a_file_that_is_being_written_is_left_until_it_stands_still(bench: Bench) -> None:
    await bench.prepare(pipelines=[pipeline(bench)])
    watch = bench.watch()
    write(bench, "still.txt", "still")
    write(bench, "a.txt", "one")
    await watch.look()
    write(bench, "a.txt", "one", "two")
    assert await loaded(bench, watch, 1) == ["still"]
    assert sorted(await loaded(bench, watch, 1)) == ["one", "still", "two"]


async def test_what_vanished_stays_where_nothing_is_removed_by_itself(bench: Bench) -> None:
    await bench.prepare(pipelines=[pipeline(bench, auto_remove=False)])
    watch = bench.watch()
    file = write(bench, "a.txt", "one")
    await loaded(bench, watch)
    file.unlink()
    write(bench, "b.txt", "two")
    assert sorted(await loaded(bench, watch)) == ["one", "two"]


async def test_a_schedule_looks_when_it_is_time(bench: Bench, clock: ShiftedClock) -> None:
    await bench.prepare(pipelines=[pipeline(bench, trigger="schedule", cron="0 * * * *")])
    watch = bench.watch()
    write(bench, "a.txt", "one")
    assert await loaded(bench, watch) == []
    [view] = await pipelines(bench).listing(ANN, "papers")
    assert view.next
    assert (view.next.minute, view.last) == (0, None)
    assert view.next > clock.now()
    clock.advance(3601)
    assert await loaded(bench, watch) == ["one"]
    [view] = await pipelines(bench).listing(ANN, "papers")
    assert view.last
    assert (view.last.added, view.last.ended is not None) == (1, True)
    clock.advance(3601)
    await loaded(bench, watch)
    assert await runs(bench) == [(0, 0, 0, 0), (1, 0, 0, 0)]


async def test_keepers_let_a_pipeline_look_at_once(bench: Bench) -> None:
    await bench.prepare(pipelines=[pipeline(bench, trigger="schedule", cron="0 0 30 2 *")])
    write(bench, "a.txt", "one")
    with pytest.raises(Forbidden):
        await pipelines(bench).run(ANN, "papers", "p")
    with pytest.raises(NotFound):
        await pipelines(bench).run(ADMIN, "papers", "q")
    for _ in range(2):
        await pipelines(bench).run(ADMIN, "papers", "p")
    assert await loaded(bench, bench.watch(), 3) == ["one"]
    assert await runs(bench) == [(1, 0, 0, 0)]
    [view] = await pipelines(bench).listing(ANN, "papers")
    assert view.next is None


class OnceAway(FolderSources):
    """A folder whose disk doesn't answer the first time."""

    asked = 0

    async def files(self, source: str) -> AsyncIterator[SourceFile]:
        self.asked += 1
        if self.asked == 1:
            raise Unavailable("the disk did not answer")
        async for file in super().files(source):
            yield file


async def test_a_run_that_was_broken_off_begins_anew_after_a_while(
    bench: Bench, clock: ShiftedClock
) -> None:
    await bench.prepare(pipelines=[pipeline(bench, trigger="schedule", cron="0 0 30 2 *")])
    write(bench, "a.txt", "one")
    watch = replace(bench.watch(), sources=OnceAway((bench.folder / "watched",)))
    await pipelines(bench).run(ADMIN, "papers", "p")
    assert await loaded(bench, watch) == []
    clock.advance(61)
    assert await loaded(bench, watch) == ["one"]
    found, _ = await pipelines(bench).runs(ANN, "papers", "p", 10, "")
    assert [(each.cause, each.added) for each in found] == [("", 1), ("the disk did not answer", 0)]


@pytest.mark.parametrize("source", ["file:/etc", "file:relative", "s3://bucket/x", "watched/../.."])
async def test_a_source_that_is_not_allowed_is_told_of_and_not_read(
    bench: Bench, source: str
) -> None:
    source = source.replace("watched", f"file:{bench.folder}/watched")
    await bench.prepare(pipelines=[pipeline(bench, source=source)])
    await pipelines(bench).run(ADMIN, "papers", "p")
    assert await loaded(bench, bench.watch()) == []
    [run], _ = await pipelines(bench).runs(ANN, "papers", "p", 10, "")
    assert run.cause
    assert run.ended


async def test_links_lead_to_nothing_outside(bench: Bench) -> None:
    await bench.prepare(pipelines=[pipeline(bench)])
    (bench.folder / "secret.txt").write_text(lines("secret"))
    folder = bench.folder / "watched" / "docs"
    (folder / "link.txt").symlink_to(bench.folder / "secret.txt")
    (folder / "up").symlink_to(bench.folder)
    write(bench, "a.txt", "one")
    assert await loaded(bench, bench.watch()) == ["one"]


async def test_a_file_that_is_gone_when_it_is_read_says_so(bench: Bench) -> None:
    await bench.prepare(pipelines=[pipeline(bench, auto_remove=False)])
    watch = bench.watch()
    file = write(bench, "a.txt", "one")
    await watch.look()
    await watch.look()
    file.unlink()
    await bench.worker().drain()
    [document] = (await bench.documents.page(ANN, *PLACE, Listing()))[0]
    assert document.status is DocumentStatus.FAILED
    assert document.cause_code == "content_missing"
