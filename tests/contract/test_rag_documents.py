"""Documents on every store of tables: brought in, done again, failed, tried again, removed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lisa.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    LimitReached,
    NotFound,
    Unavailable,
)
from lisa.domain.identity import Principal
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.job import JobType
from lisa.domain.knowledge.rag_document import DocumentStatus
from lisa.ports.embedding import OnBehalf
from lisa.ports.table import Tables
from lisa.usecases.knowledge.documents import Listing
from lisa.usecases.knowledge.uploads import Upload
from tests.contract.ingesting import (
    ANN,
    BOB,
    LINE,
    PLACE,
    Bench,
    ShiftedClock,
    lines,
    words_of,
)

READY, FAILED = DocumentStatus.READY, DocumentStatus.FAILED


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def bench(tables: Tables, clock: ShiftedClock, tmp_path: Path) -> Bench:
    made = Bench(tables, clock, tmp_path)
    await made.prepare()
    return made


async def test_what_was_uploaded_can_be_found(bench: Bench) -> None:
    job, [document] = await bench.ingested("one two")
    assert (job.type, job.total, job.done, job.failed, job.skipped) == (JobType.INGEST, 1, 1, 0, 0)
    assert (document.status, document.passages, document.expected) == (READY, 2, 2)
    assert (document.kind, document.pages, document.characters) == ("text", 1, 32)
    assert document.warnings == ("all is well",)
    assert bench.passages() == ["one", "two"]
    assert bench.embedder.whose == {OnBehalf("ann")}
    passages = await bench.documents.passages(ANN, *PLACE, document.id, 1, 5)
    assert [(each.ordinal, words_of(each.text), each.name) for each in passages] == [
        (1, "two", "0.txt")
    ]
    link = await bench.documents.content(ANN, *PLACE, document.id)
    assert document.key in link.url
    assert not [*(bench.folder / "copies").iterdir()]


async def test_the_same_again_is_no_work(bench: Bench) -> None:
    _, [document] = await bench.ingested("one two")
    job, _ = await bench.documents.ingest(ANN, *PLACE, [document.id])
    await bench.worker().drain()
    job, [again] = await bench.seen(job, [document.id])
    assert (job.done, job.skipped, again.status, again.passages) == (1, 1, READY, 2)
    assert set(bench.embedded().values()) == {1}


async def test_the_same_content_is_embedded_once_and_found_as_each_document(bench: Bench) -> None:
    await bench.collection("other")
    text = " ".join(f"w{number}" for number in range(150))
    _, documents = await bench.ingested(text, text, text)
    _, [elsewhere] = await bench.ingested(text, place=("papers", "other"))
    assert set(bench.embedded().values()) == {1}
    assert {each.passages for each in [*documents, elsewhere]} == {150}
    assert len(bench.passages()) == 450
    assert len(bench.passages("c_other")) == 150
    assert elsewhere.kind == "text"
    _, [cut_otherwise] = await bench.ingested("w1 w2")
    assert bench.embedded()["w1"] == 2, cut_otherwise


async def test_what_is_not_there_whole_or_not_ones_own_is_refused_as_a_whole(bench: Bench) -> None:
    good = await bench.uploaded("a.txt", "a")
    foreign = await bench.uploaded("b.txt", "b", BOB)
    torn = await bench.uploaded("c.txt", "cc")
    await bench.blobs.put((await bench.files.get(ANN, torn)).key, b"c", "text/plain")
    missing = await bench.documents.upload(ANN, *PLACE, Upload("d", 1))
    for bad, code in (
        (foreign, "file_not_found"),
        (torn, "not_uploaded"),
        (missing.document_id, "not_uploaded"),
        ("file_unknown", "file_not_found"),
        ("../x", "unknown_file"),
    ):
        with pytest.raises((Invalid, NotFound)) as refused:
            await bench.documents.ingest(ANN, *PLACE, [good, bad])
        assert refused.value.precise_code == code
    with pytest.raises(Invalid):
        await bench.documents.ingest(ANN, *PLACE, [])
    assert await bench.documents.page(ANN, *PLACE, Listing()) == ([], "")


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (Upload("a", 0), "empty_file"),
        (Upload("a", 513 * 1024 * 1024), "file_too_large"),
        (Upload("a\n", 1), "bad_upload"),
        (Upload("a", 1, facts={"a b": 1}), "bad_upload"),
        (Upload("a", 1, tags=("<b>",)), "bad_upload"),
    ],
)
async def test_what_cannot_be_a_file_gets_no_link(bench: Bench, upload: Upload, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await bench.documents.upload(ANN, *PLACE, upload)
    assert refused.value.precise_code == code


async def test_a_broken_document_says_why_and_only_it_is_tried_again(bench: Bench) -> None:
    job, [broken, good, empty] = await bench.ingested("one BROKEN", "good", "EMPTY")
    assert (job.total, job.done, job.failed) == (3, 1, 2)
    assert (good.status, broken.status, empty.status) == (READY, FAILED, FAILED)
    assert (broken.cause, broken.cause_code) == ("it is broken", "broken_file")
    assert broken.next_step == "repair it"
    assert empty.cause_code == "no_text"
    assert job.cause
    await bench.blobs.put(broken.key, lines("one", "whole").encode(), "text/plain")
    retry = await bench.documents.retry(ANN, *PLACE)
    assert retry.total == 2
    await bench.worker().drain()
    retry, [broken, good, _] = await bench.seen(retry, [broken.id, good.id, empty.id])
    assert (retry.done, retry.failed, broken.status, broken.cause) == (1, 1, READY, "")
    assert bench.embedded()["good"] == 1


async def test_a_busy_or_silent_model_is_waited_for(bench: Bench) -> None:
    bench.embedder.faults = [LimitReached("slow down", retry_after=2), Unavailable("restarting")]
    job, [document] = await bench.ingested("one")
    assert (document.status, document.attempts, job.done) == (READY, 0, 1)


async def test_a_spent_budget_puts_documents_off(bench: Bench, clock: ShiftedClock) -> None:
    bench.embedder.faults = [LimitReached("the budget is spent", retry_after=600)]
    job, [document] = await bench.ingested("one")
    assert (document.status, document.cause) == (DocumentStatus.PENDING, "the budget is spent")
    assert not job.is_over
    clock.advance(601)
    await bench.worker().drain()
    job, [document] = await bench.seen(job, [document.id])
    assert (document.status, document.cause, job.done) == (READY, "", 1)


async def test_what_never_answers_fails_after_three_attempts(
    bench: Bench, clock: ShiftedClock
) -> None:
    bench.embedder.faults = [Unavailable("down", retry_after=30) for _ in range(100)]
    job, [document] = await bench.ingested("one")
    for attempt in (1, 2):
        assert (document.status, document.attempts) == (DocumentStatus.PENDING, attempt)
        clock.advance(16)
        await bench.worker().drain()
        job, [document] = await bench.seen(job, [document.id])
    assert (document.status, document.cause, job.failed) == (FAILED, "down", 1)


async def test_removing_leaves_no_passage_no_content_and_no_row(bench: Bench) -> None:
    _, documents = await bench.ingested("one", "two", "three")
    gone, kept = documents[:2], documents[2]
    job = await bench.documents.remove(ANN, *PLACE, [each.id for each in gone])
    assert (job.type, job.total) == (JobType.DELETE_MANY, 2)
    await bench.worker().drain()
    job = await bench.documents.job(ANN, "papers", job.id)
    assert (job.done, job.is_over) == (2, True)
    assert bench.passages() == ["three"]
    for each in gone:
        assert await bench.blobs.size(each.key) is None
        with pytest.raises(NotFound):
            await bench.documents.get(ANN, *PLACE, each.id)
        with pytest.raises(NotFound):
            await bench.files.get(ANN, each.id)
    assert await bench.blobs.size(kept.key) == LINE


async def test_content_stays_while_another_collection_needs_it(bench: Bench) -> None:
    await bench.collection("other")
    _, [document] = await bench.ingested("one")
    await bench.documents.ingest(ANN, "papers", "other", [document.id])
    await bench.worker().drain()
    for place, size in ((PLACE, LINE), (("papers", "other"), None)):
        await bench.documents.remove(ANN, *place, [document.id])
        with pytest.raises(Conflict):
            await bench.documents.ingest(ANN, *place, [document.id])
        await bench.worker().drain()
        assert await bench.blobs.size(document.key) == size
    assert bench.passages() == bench.passages("c_other") == []


async def test_a_file_of_its_own_outlives_its_documents(bench: Bench) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield lines("one").encode()
        yield lines("two").encode()

    file = await bench.files.add(ANN, "a.txt", "text/plain", content())
    assert (file.size, file.kept) == (2 * LINE, True)
    await bench.documents.ingest(ANN, *PLACE, [file.id])
    await bench.worker().drain()
    await bench.documents.remove(ANN, *PLACE, [file.id])
    await bench.worker().drain()
    assert await bench.blobs.size(file.key) == 2 * LINE
    assert [each.id for each in (await bench.files.page(ANN, 10, ""))[0]] == [file.id]
    await bench.documents.ingest(ANN, *PLACE, [file.id])
    await bench.worker().drain()
    with pytest.raises(NotFound):
        await bench.files.remove(BOB, file.id)
    await bench.files.remove(ANN, file.id)
    await bench.worker().drain()
    assert bench.passages() == []
    assert await bench.blobs.size(file.key) is None
    with pytest.raises(NotFound):
        await bench.files.remove(ANN, file.id)


async def test_documents_are_listed_newest_first_by_what_is_asked(bench: Bench) -> None:
    _, documents = await bench.ingested("a", "b", "BROKEN", "d")
    await bench.ingested("e", caller=BOB)
    names: list[str] = []
    cursor, more = "", True
    while more:
        listing = Listing(owner="ann", limit=2, cursor=cursor)
        page, cursor = await bench.documents.page(BOB, *PLACE, listing)
        names += [each.name for each in page]
        more = bool(cursor)
    assert names == ["3.txt", "2.txt", "1.txt", "0.txt"]
    failed = await bench.documents.page(ANN, *PLACE, Listing(status=FAILED))
    assert [each.id for each in failed[0]] == [documents[2].id]
    named = await bench.documents.page(ANN, *PLACE, Listing(name="0.TX"))
    assert {each.owner for each in named[0]} == {"ann", "bob"}


async def test_only_those_who_may_change_and_remove(bench: Bench) -> None:
    _, [document] = await bench.ingested("BROKEN")
    keeper = Principal(subject="kim", rag_admin=True)
    for refused in (
        bench.documents.remove(BOB, *PLACE, [document.id]),
        bench.documents.retry(BOB, *PLACE, [document.id]),
    ):
        with pytest.raises(Forbidden):
            await refused
    assert (await bench.documents.retry(BOB, *PLACE)).total == 0
    assert (await bench.documents.retry(keeper, *PLACE)).total == 1
    jobs, _ = await bench.documents.jobs(BOB, "papers", 10, "")
    assert {each.owner for each in jobs} == {"bob"}
    everybodys, _ = await bench.documents.jobs(keeper, "papers", 10, "")
    assert {each.owner for each in everybodys} == {"ann", "bob", "kim"}
    with pytest.raises(NotFound):
        await bench.documents.job(BOB, "papers", everybodys[-1].id)


async def test_a_private_collections_jobs_are_its_creators_alone(bench: Bench) -> None:
    await bench.collection("mine", private=True, created_by="ann")
    job, [document] = await bench.ingested("secret", place=("papers", "mine"))
    keeper = Principal(subject="kim", rag_admin=True)
    assert await bench.documents.jobs(keeper, "papers", 10, "") == ([], "")
    for hidden in (
        bench.documents.job(keeper, "papers", job.id),
        bench.documents.get(keeper, "papers", "mine", document.id),
        bench.documents.content(keeper, "papers", "mine", document.id),
        bench.documents.passages(keeper, "papers", "mine", document.id),
    ):
        with pytest.raises(NotFound):
            await hidden


async def test_a_collection_may_say_that_all_is_cut_alike(bench: Bench) -> None:
    await bench.collection("fixed", allows_chunking_override=False)
    file = await bench.uploaded("a.txt", "a")
    with pytest.raises(Forbidden):
        await bench.documents.ingest(ANN, "papers", "fixed", [file], Chunking())
