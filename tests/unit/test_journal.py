"""Journals in files: what is left of them tells exactly what isn't stored."""

import os
from pathlib import Path

from lisa.adapters.files.journal import FileJournal
from lisa.adapters.memory.clock import START
from lisa.domain.usage import Call
from lisa.ports.journal import Batch


def call(name: str, *, status: int = 200) -> Call:
    return Call(id=name, at=START, subject="alice", model="m", endpoint="e", status=status)


async def left_in(folder: Path) -> list[Batch]:
    """Return what a further process finds, and leave it there."""
    journal = FileJournal(folder)
    leftovers = await journal.left_behind()
    found = [batch for leftover in leftovers for batch in leftover.batches()]
    for leftover in leftovers:
        leftover.let_go()
    journal.close()
    return found


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def ids(batches: list[Batch]) -> list[list[str]]:
    return [[each.id for each in batch.calls] for batch in batches]


async def test_a_journal_in_use_is_nobody_elses(tmp_path: Path) -> None:
    mine, other = FileJournal(tmp_path), FileJournal(tmp_path)
    mine.begin(call("a").model_dump())

    assert await mine.left_behind() == []
    assert await other.left_behind() == []


async def test_what_is_stored_or_never_began_leaves_nothing(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    journal.begin(call("a").model_dump())
    journal.end(call("a"))
    journal.stored(journal.batch(1))
    journal.close()

    assert files_in(tmp_path) == []


async def test_what_is_left_is_each_time_the_same_under_the_same_names(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    for name in "abcde":
        journal.begin(call(name, status=499).model_dump())
    for name in "abcd":
        journal.end(call(name))
    journal.stored(journal.batch(1))
    sent = journal.batch(2)
    journal.close()

    found = await left_in(tmp_path)
    assert ids(found) == [["b", "c"], ["d"], ["e"]]
    assert found[0].id == sent
    assert [each.status for batch in found for each in batch.calls] == [200, 200, 200, 499]
    assert await left_in(tmp_path) == found


async def test_a_journal_that_grew_forgets_what_is_stored(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path, renewed_at=1000)
    journal.begin(call("long", status=499).model_dump())
    for number in range(100):
        journal.end(call(f"{number}"))
    journal.stored(journal.batch(98))
    journal.renew([call("98"), call("99")])

    [file] = files_in(tmp_path)
    assert file.stat().st_size < 1000
    journal.close()
    assert ids(await left_in(tmp_path)) == [["98", "99"], ["long"]]


async def test_what_is_set_aside_is_left_and_calls_under_way_go_on(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    journal.begin(call("long").model_dump())
    journal.end(call("a"))
    journal.set_aside()

    [leftover] = await journal.left_behind()
    assert ids(list(leftover.batches())) == [["a"]]
    leftover.remove()
    journal.end(call("long"))
    journal.close()
    assert ids(await left_in(tmp_path)) == [["long"]]


async def test_a_torn_line_is_passed_over(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    journal.end(call("a"))
    journal.close()
    [file] = files_in(tmp_path)
    file.write_bytes(file.read_bytes() + b'e {"id": "b", "subj')

    assert ids(await left_in(tmp_path)) == [["a"]]


async def test_a_journal_replaced_meanwhile_is_not_read(tmp_path: Path) -> None:
    """Who opened the file before it was renewed gets its lock after: it is no journal any more."""
    journal = FileJournal(tmp_path, renewed_at=1)
    journal.end(call("a"))
    [file] = files_in(tmp_path)
    before = os.open(file, os.O_RDONLY)
    journal.stored(journal.batch(1))
    journal.renew([])

    assert os.fstat(before).st_ino != file.stat().st_ino
    assert await FileJournal(tmp_path).left_behind() == []
    os.close(before)
