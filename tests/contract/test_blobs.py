"""What every blob store does alike."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from moto import mock_aws

from lisa.adapters.files.blobs import FileBlobs
from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.s3.blobs import S3Blobs
from lisa.adapters.s3.client import make_client
from lisa.domain.errors import Invalid, Unavailable
from lisa.ports.blobs import Blobs

TEXT = "text/plain; charset=utf-8"


@contextmanager
def emulated_s3() -> Iterator[S3Blobs]:
    with mock_aws():
        client = make_client()
        client.create_bucket(
            Bucket="content", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield S3Blobs(client, "content")


@pytest.fixture(params=["memory", "files", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Iterator[Blobs]:
    if request.param == "memory":
        yield MemoryBlobs()
    elif request.param == "files":
        yield FileBlobs(tmp_path / "files", b"secret", clock, "http://127.0.0.1/api")
    else:
        with emulated_s3() as blobs:
            yield blobs


@pytest.mark.parametrize("content", [b"", b"text\nwith lines\n", bytes(range(256)) * 1000])
async def test_content_is_read_back_as_it_was_written(blobs: Blobs, content: bytes) -> None:
    await blobs.put("ann/s-1/i-1", content, TEXT)
    assert await blobs.get("ann/s-1/i-1") == content


async def test_what_isnt_there_is_nothing(blobs: Blobs) -> None:
    assert await blobs.get("ann/missing") is None
    await blobs.delete_under("ann/")


async def test_a_key_written_again_holds_the_newest(blobs: Blobs) -> None:
    await blobs.put("ann/a", b"a long first one", TEXT)
    await blobs.put("ann/a", b"newest", "image/png")
    assert await blobs.get("ann/a") == b"newest"


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_content_that_comes_in_pieces_is_one_and_goes_to_a_file(
    blobs: Blobs, tmp_path: Path
) -> None:
    large = bytes(range(256)) * 40_000
    assert await blobs.write("ann/a", _pieces(b"x\n", b"", large), TEXT) == len(large) + 2
    assert await blobs.size("ann/a") == len(large) + 2
    assert await blobs.fetch("ann/a", tmp_path / "copy") == len(large) + 2
    assert (tmp_path / "copy").read_bytes() == b"x\n" + large
    assert await blobs.write("ann/a", _pieces(), TEXT) == 0
    assert await blobs.get("ann/a") == b""
    assert await blobs.size("ann/a") == 0
    assert await blobs.fetch("ann/a", tmp_path / "copy") == 0
    assert (tmp_path / "copy").read_bytes() == b""


async def test_what_breaks_off_leaves_what_was_there(blobs: Blobs) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise Invalid("no more")

    await blobs.put("ann/a", b"whole", TEXT)
    for key in ("ann/a", "ann/b"):
        with pytest.raises(Invalid):
            await blobs.write(key, broken(), TEXT)
    assert await blobs.get("ann/a") == b"whole"
    assert await blobs.size("ann/b") is None


async def test_one_blob_is_deleted_and_what_lies_beside_it_stays(
    blobs: Blobs, tmp_path: Path
) -> None:
    for key in ("ann/a", "ann/a/b", "ann/ab"):
        await blobs.put(key, key.encode(), TEXT)
    for _ in range(2):
        await blobs.delete("ann/a")
    assert await blobs.get("ann/a") is None
    assert await blobs.size("ann/a") is None
    assert await blobs.fetch("ann/a", tmp_path / "copy") is None
    assert not (tmp_path / "copy").exists()
    assert await blobs.get("ann/a/b") == b"ann/a/b"
    assert await blobs.get("ann/ab") == b"ann/ab"


async def test_everything_under_a_prefix_goes_and_nothing_else(blobs: Blobs) -> None:
    gone = ["ann/s/1", "ann/s/2/3", "ann/s/s"]
    kept = ["ann/s", "ann/s2", "ann/S/1", "ann/other/s/1", "bob/s/1"]
    for key in [*gone, *kept]:
        await blobs.put(key, key.encode(), TEXT)
    await blobs.delete_under("ann/s/")
    assert [await blobs.get(key) for key in gone] == [None] * 3
    assert [await blobs.get(key) for key in kept] == [key.encode() for key in kept]
    await blobs.put("ann/s/1", b"again", TEXT)
    assert await blobs.get("ann/s/1") == b"again"


async def test_more_goes_at_once_than_fits_one_request(blobs: Blobs) -> None:
    for start in range(0, 1005, 67):
        writes = (blobs.put(f"ann/{n}", b"", TEXT) for n in range(start, start + 67))
        await asyncio.gather(*writes)
    await blobs.delete_under("ann/")
    assert [await blobs.get(f"ann/{n}") for n in (0, 500, 1000, 1004)] == [None] * 4


async def test_keys_that_look_alike_are_different(blobs: Blobs) -> None:
    keys = [
        *("a/b", "a/B", "A/b", "a", "a/b/c", "a/b@", "a/b%40", "a/@new", "@new/x", "@removed/y"),
        *(
            "a/\u00e9",
            "a/e\u0301",
            "a/.b",
            "a/..b",
            "a/ b",
            "a/b ",
            "a/b?c=d&e#f%2f+",
            "a/\U0001f600",
        ),
        *(f"a/{'x' * 200}", f"a/{'X' * 200}", f"a/{'X' * 199}x"),
    ]
    for key in keys:
        await blobs.put(key, key.encode(), TEXT)
    assert [await blobs.get(key) for key in keys] == [key.encode() for key in keys]


@pytest.mark.parametrize(
    "key",
    [
        *("", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", "a/../../b"),
        *("a\x00", "a\\b", "a\nb", "a\x7f", "a/\ud800", "a/" + "x" * 201, "a/" + "\u00e9" * 101),
        "/".join("x" * 100 for _ in range(10)),
    ],
    ids=ascii,
)
async def test_a_key_that_is_no_plain_path_is_refused(blobs: Blobs, key: str) -> None:
    with pytest.raises(Invalid):
        await blobs.put(key, b"", TEXT)
    with pytest.raises(Invalid):
        await blobs.get(key)
    with pytest.raises(Invalid):
        await blobs.read_link(key, 1)
    with pytest.raises(Invalid):
        await blobs.write_link(key, TEXT, 1, 1)
    with pytest.raises(Invalid):
        await blobs.delete_under(key + "/")
    with pytest.raises(Invalid):
        await blobs.size(key)
    with pytest.raises(Invalid):
        await blobs.delete(key)
    with pytest.raises(Invalid):
        await blobs.fetch(key, Path("never"))
    with pytest.raises(Invalid):
        await blobs.write(key, _pieces(b""), TEXT)


async def test_a_prefix_ends_in_a_slash(blobs: Blobs) -> None:
    with pytest.raises(Invalid):
        await blobs.delete_under("ann")
    with pytest.raises(Invalid):
        await blobs.delete_under("")


@pytest.mark.parametrize("content_type", ["", "text/plain\r\nX-Evil: 1", "t\u00e9xt", "x" * 256])
async def test_a_content_type_that_is_no_header_is_refused(blobs: Blobs, content_type: str) -> None:
    with pytest.raises(Invalid):
        await blobs.put("a", b"", content_type)
    with pytest.raises(Invalid):
        await blobs.write_link("a", content_type, 1, 1)


async def test_writers_and_a_remover_do_not_disturb_each_other(blobs: Blobs) -> None:
    async def write(n: int) -> None:
        for _ in range(10):
            await blobs.put(f"ann/s/{n}", b"x" * n, TEXT)

    async def remove() -> None:
        for _ in range(10):
            await blobs.delete_under("ann/s/")

    await asyncio.gather(*(write(n) for n in range(5)), remove(), remove())
    await blobs.delete_under("ann/s/")
    assert [await blobs.get(f"ann/s/{n}") for n in range(5)] == [None] * 5


async def test_what_the_store_cannot_do_is_unavailable(tmp_path: Path, clock: ManualClock) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(Unavailable):
        await FileBlobs(in_the_way, b"", clock, "").put("a", b"", TEXT)
    with mock_aws():
        no_bucket = S3Blobs(make_client(), "missing")
        with pytest.raises(Unavailable):
            await no_bucket.get("a")
        with pytest.raises(Unavailable):
            await no_bucket.delete_under("a/")


async def test_files_are_for_their_owner_alone_and_nothing_else_remains(
    tmp_path: Path, clock: ManualClock
) -> None:
    root = tmp_path / "new" / "files"
    blobs = FileBlobs(root, b"", clock, "")
    await blobs.put("ann/s/1", b"x", TEXT)
    await blobs.put("ann/2", b"y", TEXT)
    assert {path.stat().st_mode & 0o077 for path in [root, *root.rglob("*")]} == {0}
    await blobs.delete_under("ann/s/")
    assert [path.name for path in root.rglob("*") if path.is_file()] == ["2@"]


async def test_files_never_follow_a_symbolic_link(tmp_path: Path, clock: ManualClock) -> None:
    root, outside = tmp_path / "files", tmp_path / "outside"
    blobs = FileBlobs(root, b"", clock, "")
    await blobs.put("ann/1", b"x", TEXT)
    outside.mkdir()
    (outside / "1@").write_bytes(b"\nsecret")
    (root / "bob").symlink_to(outside)
    (root / "ann" / "2@").symlink_to(outside / "1@")
    for key in ("bob/1", "ann/2"):
        with pytest.raises(Unavailable):
            await blobs.get(key)
    with pytest.raises(Unavailable):
        await blobs.put("bob/new", b"", TEXT)
    with pytest.raises(Unavailable):
        await blobs.delete_under("bob/x/")
    with pytest.raises(Unavailable):
        await blobs.delete_under("bob/")
    await blobs.put("ann/2", b"mine", TEXT)
    assert [path.name for path in outside.iterdir()] == ["1@"]
    assert (outside / "1@").read_bytes() == b"\nsecret"
