"""How a file comes in by parts."""

from pathlib import Path

import pytest

from containers.engines.loading.bucket import Listed
from containers.engines.loading.manifest import Wanted
from containers.engines.loading.partial import Partial, remove_others


def file_of(etag: str, size: int = 10, path: str = "shards/one") -> Wanted:
    return Wanted(Listed(path, f"model/{path}", size, etag))


def begun(folder: Path, etag: str, *came: int) -> Partial:
    partial = Partial(folder, file_of(etag), 4)
    partial.prepare()
    partial.open()
    for index in came:
        start, end = partial.bounds(index)
        partial.write(b"0123456789"[start:end], start)
        partial.note(index)
    return partial


def test_only_what_hasnt_come_is_missing_after_a_break(tmp_path: Path) -> None:
    begun(tmp_path, "a", 0, 2).close()
    again = Partial(tmp_path, file_of("a"), 4)
    assert again.prepare() == 0
    assert again.open() == [1]
    again.close()


def test_a_part_whose_note_broke_off_comes_again(tmp_path: Path) -> None:
    begun(tmp_path, "a", 0).close()
    with (tmp_path / ".lisa/shards/one.notes").open("a") as notes:
        notes.write("2")
    again = Partial(tmp_path, file_of("a"), 4)
    again.prepare()
    assert again.open() == [1, 2]
    again.close()


def test_what_came_of_another_object_is_thrown_away(tmp_path: Path) -> None:
    begun(tmp_path, "a", 0, 1).close()
    again = Partial(tmp_path, file_of("b"), 4)
    assert again.prepare() == 10
    assert again.open() == [0, 1, 2]
    again.close()


def test_a_finished_file_is_whole_until_it_is_another(tmp_path: Path) -> None:
    partial = begun(tmp_path, "a", 0, 1, 2)
    assert not partial.is_whole()
    partial.keep()
    assert (tmp_path / "shards/one").read_bytes() == b"0123456789"
    assert Partial(tmp_path, file_of("a"), 4).is_whole()
    assert not Partial(tmp_path, file_of("b"), 4).is_whole()
    (tmp_path / "shards/one").unlink()
    assert not Partial(tmp_path, file_of("a"), 4).is_whole()


def test_an_older_file_is_never_taken_for_the_new_one(tmp_path: Path) -> None:
    begun(tmp_path, "old", 0, 1, 2).keep()
    new = begun(tmp_path, "new", 0, 1, 2)
    new.close()
    with (tmp_path / ".lisa/shards/one.notes").open("a") as notes:
        notes.write("whole\n")  # as if it were killed before the last step
    assert not Partial(tmp_path, file_of("new"), 4).is_whole()


def test_a_file_that_fills_the_disk_already_needs_no_more_of_it(tmp_path: Path) -> None:
    begun(tmp_path, "a", 0).close()
    assert Partial(tmp_path, file_of("a"), 4).prepare() == 0


def test_the_last_part_is_told(tmp_path: Path) -> None:
    partial = begun(tmp_path, "a")
    assert [partial.note(index) for index in (2, 0, 1)] == [False, False, True]
    partial.close()


@pytest.mark.parametrize("name", ["mine.txt", "shards/mine.txt"])
def test_only_what_was_brought_is_removed(tmp_path: Path, name: str) -> None:
    begun(tmp_path, "a", 0, 1, 2).keep()
    mine = tmp_path / name
    mine.write_text("mine")
    remove_others(tmp_path, [file_of("a", path="shards/two")])
    assert mine.exists()
    assert not (tmp_path / "shards/one").exists()
    assert not (tmp_path / ".lisa/shards/one.notes").exists()
