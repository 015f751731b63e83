"""A bucket's events on every store of tables: twice, late, in any order, or of no kind known."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.stub import Stubber

from lisa.adapters.s3.sources import S3Sources
from lisa.bootstrap.source_events import messages_of
from lisa.domain.knowledge.rag_document import DocumentStatus
from lisa.ports.sources import SourceFile
from lisa.ports.table import Tables
from lisa.usecases.knowledge.documents import Listing
from tests.contract.buckets import (
    BUCKET,
    PIPELINE,
    created,
    deleted,
    emulated_bucket,
    event,
    remove,
    runs,
    told,
    write,
)
from tests.contract.ingesting import ADMIN, ANN, PLACE, Bench, ShiftedClock, lines

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


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


async def test_a_collection_follows_what_a_bucket_tells(bench: Bench, s3: "S3Client") -> None:
    await bench.prepare(pipelines=[PIPELINE | {"tags": ["x"], "facts": {"year": 2024}}])
    write(s3, "team/a b+c.txt", "one", "two")
    assert await told(bench, created("team/a b+c.txt")) == []
    assert sorted(bench.passages()) == ["one", "two"]
    [document] = (await bench.documents.page(ANN, *PLACE, Listing()))[0]
    assert (document.source, document.name) == (f"s3://{BUCKET}/team/a b+c.txt", "a b+c.txt")
    assert (document.tags, document.facts) == (("x",), {"year": 2024})
    assert document.owner == "pipeline:papers"
    write(s3, "team/a b+c.txt", "one", "new")
    await told(bench, created("team/a b+c.txt"))
    assert sorted(bench.passages()) == ["new", "one"]
    assert bench.embedded()["one"] == 1
    remove(s3, "team/a b+c.txt")
    await told(bench, deleted("team/a b+c.txt"))
    assert bench.passages() == []
    assert await runs(bench) == [(0, 0, 1, 0), (0, 1, 0, 0), (1, 0, 0, 0)]


async def test_events_told_again_or_out_of_order_change_nothing(
    bench: Bench, s3: "S3Client"
) -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "team/a.txt", "one")
    await told(bench, created("team/a.txt"), created("team/a.txt"))
    await told(bench, created("team/a.txt"), deleted("team/a.txt"))
    assert bench.passages() == ["one"]
    remove(s3, "team/a.txt")
    await told(bench, deleted("team/a.txt"))
    await told(bench, created("team/a.txt"), deleted("team/a.txt"))
    assert bench.passages() == []
    assert await runs(bench) == [(0, 0, 1, 0), (1, 0, 0, 0)]


async def test_a_file_that_is_back_before_its_document_is_gone_is_brought_again(
    bench: Bench, s3: "S3Client"
) -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "team/a.txt", "one")
    await told(bench, created("team/a.txt"))
    [document] = (await bench.documents.page(ANN, *PLACE, Listing()))[0]
    await bench.documents.remove(ADMIN, *PLACE, [document.id])
    assert await told(bench, created("team/a.txt")) == []
    assert bench.passages() == ["one"]


async def test_a_document_that_another_worker_still_removes_is_told_of_again(
    bench: Bench, s3: "S3Client"
) -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "team/a.txt", "one")
    await told(bench, created("team/a.txt"))
    [document] = (await bench.documents.page(ANN, *PLACE, Listing()))[0]
    await bench.documents.remove(ADMIN, *PLACE, [document.id])
    store = bench.worker().documents
    [entry], _ = await store.due(bench.clock.now(), 1)
    await bench.worker()._claimed(entry)
    assert await told(bench, '{"work": true}', created("team/a.txt")) == ["1"]


async def test_only_pipelines_that_watch_there_follow(bench: Bench, s3: "S3Client") -> None:
    keeping = PIPELINE | {"id": "q", "collection_id": "kept", "auto_remove": False}
    by_cron = PIPELINE | {"id": "r", "collection_id": "cron", "trigger": "schedule"}
    other = {"id": "s", "source": f"s3://{BUCKET}/tea", "collection_id": "other"}
    await bench.prepare(pipelines=[PIPELINE, keeping, by_cron, other])
    for name in ("kept", "cron", "other"):
        await bench.collection(name)
    for key in ("team/a.txt", "teamwork.txt", "team/.hidden", "team/sub/"):
        write(s3, key, "one")
        assert await told(bench, created(key)) == []
    assert (bench.passages(), bench.passages("c_kept")) == (["one"], ["one"])
    assert (bench.passages("c_cron"), bench.passages("c_other")) == ([], [])
    remove(s3, "team/a.txt")
    await told(bench, deleted("team/a.txt"))
    assert (bench.passages(), bench.passages("c_kept")) == ([], ["one"])


async def test_what_isnt_understood_is_told_without_its_words_and_not_kept(
    bench: Bench, s3: "S3Client", caplog: pytest.LogCaptureFixture
) -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "team/a.txt", "one")
    nonsense = ["", "SECRET", "[]", '{"work": false}', '{"SECRET": 1}', "[" * 100_000]
    nonsense += [event("Object SECRET", "team/a.txt"), event("Object Created", "SECRET", "else")]
    nonsense.append(created("team/a.txt").replace("aws.s3", "SECRET"))
    with caplog.at_level(logging.WARNING):
        assert await told(bench, *nonsense, created("team/a.txt")) == []
    assert "is of no kind that is known" in caplog.text
    assert "may not load" in caplog.text
    assert "SECRET" not in caplog.text
    assert bench.passages() == ["one"]


async def test_events_of_a_bucket_that_cant_be_read_come_again(
    bench: Bench, s3: "S3Client"
) -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "team/a.txt", "one")
    with Stubber(s3) as answers:
        for _ in range(2):  # it tries again when the rest of the work is done
            answers.add_client_error("list_objects_v2", "SlowDown", http_status_code=503)
        assert await told(bench, '{"work": true}', created("team/a.txt")) == ["1"]
    assert await told(bench, created("team/a.txt")) == []
    assert bench.passages() == ["one"]


async def test_a_file_that_failed_is_tried_again_when_it_is_written_again(
    bench: Bench, s3: "S3Client"
) -> None:
    await bench.prepare(pipelines=[PIPELINE | {"auto_remove": False}])
    write(s3, "team/a.txt", "one")
    await bench.watch(polls=False).look()
    remove(s3, "team/a.txt")
    await bench.worker().drain()
    write(s3, "team/a.txt", "one")
    await told(bench, created("team/a.txt"))
    assert bench.passages() == ["one"]


class _Restless(S3Sources):
    """A bucket in which something happens right after somebody has looked."""

    happens: Callable[[], object] | None = None

    async def look(self, source: str) -> SourceFile | None:
        """Look, then let it happen, once."""
        found = await super().look(source)
        if self.happens:
            self.happens()
            self.happens = None
        return found


async def test_what_happens_between_looking_and_ordering_isnt_overlooked(
    bench: Bench, s3: "S3Client"
) -> None:
    await bench.prepare(pipelines=[PIPELINE])
    restless = _Restless(s3, [BUCKET])
    handler = messages_of(bench.ports, restless, bench.worker())
    write(s3, "team/a.txt", "one")
    restless.happens = lambda: remove(s3, "team/a.txt")
    assert await told(bench, created("team/a.txt"), messages=handler) == []
    assert (await bench.documents.page(ANN, *PLACE, Listing()))[0] == []
    write(s3, "team/a.txt", "one")
    await told(bench, created("team/a.txt"))
    remove(s3, "team/a.txt")
    restless.happens = lambda: write(s3, "team/a.txt", "one")
    assert await told(bench, deleted("team/a.txt"), messages=handler) == []
    assert bench.passages() == ["one"]


async def test_a_bell_alone_has_what_is_due_done(bench: Bench) -> None:
    await bench.prepare()
    before = bench.bell.rings
    document_id = await bench.uploaded("a.txt", lines("one"))
    await bench.documents.ingest(ANN, *PLACE, [document_id])
    assert bench.bell.rings == before + 1
    assert await told(bench, '{"work": true}') == []
    assert bench.passages() == ["one"]


async def test_a_file_that_is_gone_when_it_is_fetched_says_so(bench: Bench, s3: "S3Client") -> None:
    await bench.prepare(pipelines=[PIPELINE])
    write(s3, "team/a.txt", "one")
    await bench.watch(polls=False).look()
    remove(s3, "team/a.txt")
    await bench.worker().drain()
    [document] = (await bench.documents.page(ANN, *PLACE, Listing()))[0]
    assert document.status is DocumentStatus.FAILED
    assert document.cause_code == "content_missing"
