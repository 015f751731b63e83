"""What every source of documents does alike; and what only folders or buckets can do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from lisa.adapters.files.sources import FolderSources
from lisa.adapters.s3.sources import S3Sources
from lisa.domain.errors import Forbidden, Invalid, NotFound, TooLarge, Unavailable
from lisa.ports.sources import SourceFile, Sources
from tests.contract.buckets import emulated_bucket

BUCKET = "papers-of-a-team"
ODD_NAMES = [
    "a b.txt",
    "a+b.txt",
    "a%20b.txt",
    "\u00fcber \u65e5\u672c.txt",
    "x&y=z?.txt",
    "it's (1).TXT",
    "UPPER.PDF",
]


@dataclass
class Place:
    """A source that a test may write to."""

    sources: Sources
    top: str
    write: Callable[[str, bytes], Any]
    remove: Callable[[str], Any]

    async def below(self, folder: str = "") -> dict[str, SourceFile]:
        """Return what lies below a folder, by what its source says after the top's."""
        found = [each async for each in self.sources.files(f"{self.top}{folder}")]
        return {each.source.removeprefix(f"{self.top}/"): each for each in found}


@pytest.fixture
def s3() -> Iterator[Any]:
    with emulated_bucket(BUCKET) as client:
        yield client


def _bucket(s3: Any) -> Place:
    return Place(
        S3Sources(s3, [BUCKET]),
        f"s3://{BUCKET}/team",
        lambda name, content: s3.put_object(Bucket=BUCKET, Key=f"team/{name}", Body=content),
        lambda name: s3.delete_object(Bucket=BUCKET, Key=f"team/{name}"),
    )


def _folder(top: Path) -> Place:
    def write(name: str, content: bytes) -> None:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content)

    top.mkdir()
    return Place(FolderSources([top]), f"file:{top}", write, lambda name: (top / name).unlink())


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return _folder(tmp_path / "team")
    return _bucket(request.getfixturevalue("s3"))


async def test_files_are_found_with_their_names_and_sizes(place: Place) -> None:
    place.write("a.txt", b"one")
    place.write("sub/deep/b.txt", b"three")
    found = await place.below()
    assert {name: (each.name, each.size) for name, each in found.items()} == {
        "a.txt": ("a.txt", 3),
        "sub/deep/b.txt": ("b.txt", 5),
    }
    assert [*await place.below("/sub")] == [*await place.below("/sub/")] == ["sub/deep/b.txt"]
    assert await place.sources.look(f"{place.top}/a.txt") == found["a.txt"]


async def test_a_folder_is_no_beginning_of_another_name(place: Place) -> None:
    for name in ("sub/a.txt", "subway/b.txt", "sub.txt"):
        place.write(name, b"x")
    assert [*await place.below("/sub")] == ["sub/a.txt"]


@pytest.mark.parametrize("name", ODD_NAMES)
async def test_names_of_all_kinds_are_found_looked_at_and_fetched(
    place: Place, tmp_path: Path, name: str
) -> None:
    place.write(f"odd {name}/{name}", name.encode())
    [(inside, found)] = (await place.below()).items()
    assert (inside, found.name) == (f"odd {name}/{name}", name)
    assert await place.sources.look(found.source) == found
    copy = tmp_path / "copy"
    assert await place.sources.fetch(found.source, copy, 1000) == len(name.encode())
    assert copy.read_text() == name


async def test_hidden_files_are_left_out(place: Place) -> None:
    for name in (".hidden", ".git/config", "sub/.DS_Store", "sub/a.txt"):
        place.write(name, b"x")
    assert [*await place.below()] == ["sub/a.txt"]


async def test_what_is_hidden_above_the_source_doesnt_count(place: Place) -> None:
    place.write(".ours/a.txt", b"x")
    assert [*await place.below("/.ours")] == [".ours/a.txt"]


async def test_a_mark_is_another_one_when_the_content_is(place: Place) -> None:
    place.write("a.txt", b"one")
    first = (await place.below())["a.txt"]
    assert (await place.below())["a.txt"] == first
    place.write("a.txt", b"two!")
    second = await place.sources.look(first.source)
    assert second
    assert second.mark != first.mark


async def test_what_vanishes_after_it_was_listed_is_nothing(place: Place, tmp_path: Path) -> None:
    place.write("a.txt", b"one")
    place.write("a.txt.old", b"older")
    found = (await place.below())["a.txt"]
    place.remove("a.txt")
    assert await place.sources.look(found.source) is None
    assert await place.sources.fetch(found.source, tmp_path / "copy", 1000) is None


async def test_a_folder_is_no_file(place: Place, tmp_path: Path) -> None:
    place.write("sub/a.txt", b"one")
    assert await place.sources.look(f"{place.top}/sub") is None
    assert await place.sources.fetch(f"{place.top}/sub", tmp_path / "copy", 1000) is None


async def test_content_of_any_size_is_copied_as_it_is(place: Place, tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    place.write("a.bin", content)
    place.write("empty", b"")
    copy = tmp_path / "copy"
    assert await place.sources.fetch(f"{place.top}/a.bin", copy, len(content)) == len(content)
    assert copy.read_bytes() == content
    assert await place.sources.fetch(f"{place.top}/empty", copy, 10) == 0
    assert copy.read_bytes() == b""


async def test_what_is_too_large_is_refused(place: Place, tmp_path: Path) -> None:
    place.write("a.bin", b"x" * 1001)
    with pytest.raises(TooLarge):
        await place.sources.fetch(f"{place.top}/a.bin", tmp_path / "copy", 1000)


@pytest.mark.parametrize(
    "source", ["", "papers", "http://here/x", "s3:/x", "s3://", "s3://other/team", "file:/etc"]
)
async def test_other_places_are_refused_whatever_is_asked(
    place: Place, tmp_path: Path, source: str
) -> None:
    with pytest.raises(Invalid):
        place.sources.check(source)
    with pytest.raises(Invalid):
        await place.sources.look(source)
    with pytest.raises(Invalid):
        [each async for each in place.sources.files(source)]
    with pytest.raises(Invalid):
        await place.sources.fetch(source, tmp_path / "copy", 1000)
    place.sources.check(place.top)


async def test_a_bucket_has_more_files_than_fit_one_page(s3: Any) -> None:
    place = _bucket(s3)
    names = {f"{number:04}.txt" for number in range(1005)}
    for name in names:
        place.write(name, b"x")
    assert {*await place.below()} == names


async def test_mere_folders_of_a_bucket_are_no_files(s3: Any) -> None:
    place = _bucket(s3)
    for key in ("", "sub/", "sub/a.txt", "/b.txt"):
        place.write(key, b"")
    assert {*await place.below()} == {"sub/a.txt", "/b.txt"}
    whole = [each.source async for each in place.sources.files(f"s3://{BUCKET}")]
    assert len(whole) == 2


async def test_a_bucket_that_isnt_there_is_told_and_nothing_has_vanished(
    s3: Any, tmp_path: Path
) -> None:
    sources = S3Sources(s3, ["gone"])
    with pytest.raises(NotFound, match="no bucket gone"):
        [each async for each in sources.files("s3://gone/team")]
    with pytest.raises(NotFound, match="no bucket gone"):
        await sources.look("s3://gone/team/a.txt")
    with pytest.raises(NotFound, match="no bucket gone"):
        await sources.fetch("s3://gone/team/a.txt", tmp_path / "copy", 1000)


@pytest.mark.parametrize(
    ("code", "status", "kind", "told"),
    [
        ("AccessDenied", 403, Forbidden, "bucket_denied"),
        ("InvalidObjectState", 403, Invalid, "file_archived"),
        ("InternalError", 500, Unavailable, "source_unreadable"),
        ("ExpiredToken", 400, Unavailable, "source_unreadable"),
    ],
)
async def test_refusals_of_a_bucket_have_their_own_causes(
    s3: Any, tmp_path: Path, code: str, status: int, kind: type[Exception], told: str
) -> None:
    with Stubber(s3) as answers:
        answers.add_client_error("get_object", code, http_status_code=status)
        with pytest.raises(kind) as caught:
            await S3Sources(s3, [BUCKET]).fetch(f"s3://{BUCKET}/a", tmp_path / "copy", 1000)
    assert getattr(caught.value, "precise_code", "") == told
    assert getattr(caught.value, "next_step", "")


async def test_a_copy_that_cant_be_written_is_told(s3: Any, tmp_path: Path) -> None:
    place = _bucket(s3)
    place.write("a.txt", b"x")
    with pytest.raises(Unavailable, match="can't be written"):
        await place.sources.fetch(f"{place.top}/a.txt", tmp_path / "none" / "copy", 1000)
