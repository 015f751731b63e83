"""Files are read in processes that others can't be harmed by, and that end with the reading."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from lisa.adapters.documents import reading
from lisa.adapters.documents.extractor import ProcessExtractor
from lisa.domain.errors import Unavailable
from tests.contract.extraction.reading import Desk

LONG = b"".join(b"line %d of a long text\n" % number for number in range(200_000))


Readers = Callable[[], list[psutil.Process]]


@pytest.fixture
def readers() -> Readers:
    """List the processes that read and those which they forked, since the test began."""
    before = psutil.Process().children(recursive=True)
    return lambda: [
        process
        for process in psutil.Process().children(recursive=True)
        if process not in before and _reads(process)
    ]


def _reads(process: psutil.Process) -> bool:
    try:
        return reading.__name__ in process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


async def test_files_are_read_one_after_another_by_one_process(
    desk: Desk, readers: Readers
) -> None:
    await desk.read(b"one")
    first = readers()
    await desk.read(b"two")
    assert readers() == first
    assert len(first) == 1


async def test_processes_end_when_nobody_needs_their_extractor(
    tmp_path: Path, readers: Readers
) -> None:
    await Desk.at(tmp_path).read(b"words")
    assert readers() == []


async def test_who_leaves_before_the_end_ends_the_reading(desk: Desk, readers: Readers) -> None:
    async with desk.extractor.read(desk.laid(LONG), "") as opened:
        async for _ in opened:
            break
        assert len(readers()) == 2
    assert readers() == []


async def test_who_is_cancelled_ends_the_reading(desk: Desk, readers: Readers) -> None:
    read = asyncio.create_task(desk.read(b"<!DOCTYPE html>" + b"<a " * 8_000_000))
    await both_are_there(readers)
    read.cancel()
    with pytest.raises(asyncio.CancelledError):
        await read
    assert readers() == []


async def both_are_there(readers: Readers) -> None:
    """Wait until the process that reads is forked."""
    while True:
        if len(readers()) == 2:
            return
        await asyncio.sleep(0.01)


async def test_only_so_many_files_are_read_at_once(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path, at_once=1)
    file = desk.laid(LONG)
    async with desk.extractor.read(file, ""):
        waiting = asyncio.create_task(desk.read(b"words"))
        await asyncio.sleep(0.1)
        assert not waiting.done()
    assert (await waiting).text == "words"


async def test_a_process_ended_by_others_is_replaced(desk: Desk, readers: Readers) -> None:
    await desk.read(b"one")
    for process in readers():
        process.kill()
        process.wait()
    assert (await desk.read(b"two")).text == "two"


async def test_a_process_ended_while_it_reads_is_no_fault_of_the_file(
    desk: Desk, readers: Readers
) -> None:
    async with desk.extractor.read(desk.laid(LONG), "") as opened:
        for process in readers():
            process.kill()
        with pytest.raises(Unavailable) as failed:
            [section async for section in opened]
    assert failed.value.next_step


async def test_the_process_knows_none_of_our_variables(
    desk: Desk, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LISA_SECRET", "s")
    await desk.read(b"words")
    [process] = readers()
    assert "LISA_SECRET" not in process.environ()


async def test_one_extractor_serves_event_loops_one_after_another(tmp_path: Path) -> None:
    extractor = ProcessExtractor()

    def read() -> str:
        return asyncio.run(Desk(tmp_path, extractor).read(b"words")).text

    assert [await asyncio.to_thread(read) for _ in range(2)] == ["words", "words"]
