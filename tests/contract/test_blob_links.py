"""Links to blobs allow what is signed into them, for as long as was asked."""

import json
from base64 import b64decode
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import pytest

from lisa.adapters.files.blobs import FileBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.domain.errors import Forbidden
from tests.contract.test_blobs import TEXT, emulated_s3

KEY = "ann/\u00e9 ?&#%2f/1"


@pytest.fixture
def blobs(tmp_path: Path, clock: ManualClock) -> FileBlobs:
    return FileBlobs(tmp_path, b"secret", clock, "http://127.0.0.1:8080/api")


def parts(link: str) -> tuple[str, dict[str, str]]:
    split = urlsplit(link)
    assert split.path.startswith("/api/files/")
    return unquote(split.path.removeprefix("/api/files/")), dict(parse_qsl(split.query))


async def test_a_link_to_read_reads(blobs: FileBlobs) -> None:
    key, query = parts(await blobs.read_link(KEY, 60))
    assert key == KEY
    blobs.verify_read(key, query)
    await blobs.put(key, b"x", TEXT)
    stored = await blobs.open_stored(key)
    assert stored
    assert (b"".join([chunk async for chunk in stored.chunks()]), stored.size) == (b"x", 1)
    assert stored.content_type == TEXT


async def test_a_link_to_write_says_what_may_be_written(blobs: FileBlobs) -> None:
    key, query = parts(await blobs.write_link(KEY, TEXT, 5, 60))
    assert blobs.verify_write(key, query) == (TEXT, 5)


async def test_a_link_ends(blobs: FileBlobs, clock: ManualClock) -> None:
    read, written = await blobs.read_link(KEY, 60), await blobs.write_link(KEY, TEXT, 5, 60)
    clock.advance(59)
    blobs.verify_read(*parts(read))
    clock.advance(1)
    with pytest.raises(Forbidden, match="expired"):
        blobs.verify_read(*parts(read))
    with pytest.raises(Forbidden, match="expired"):
        blobs.verify_write(*parts(written))


async def test_a_link_allows_nothing_else(
    blobs: FileBlobs, tmp_path: Path, clock: ManualClock
) -> None:
    key, reading = parts(await blobs.read_link(KEY, 60))
    _, writing = parts(await blobs.write_link(KEY, TEXT, 5, 60))
    with pytest.raises(Forbidden):
        blobs.verify_read("ann/other", reading)
    with pytest.raises(Forbidden):
        blobs.verify_write(key, reading)
    with pytest.raises(Forbidden):
        blobs.verify_read(key, writing)
    with pytest.raises(Forbidden):
        blobs.verify_read(key, {})
    for name, value in [("size", "6"), ("content_type", "text/html"), ("expires", "9999999999")]:
        with pytest.raises(Forbidden):
            blobs.verify_write(key, writing | {name: value})
    with pytest.raises(Forbidden):
        blobs.verify_read(key, reading | {"signature": "\u00e9"})
    with pytest.raises(Forbidden):
        FileBlobs(tmp_path, b"other secret", clock, "").verify_read(key, reading)


async def test_links_of_s3_sign_what_they_allow() -> None:
    with emulated_s3() as blobs:
        reading = urlsplit(await blobs.read_link(KEY, 60))
        writing = urlsplit(await blobs.write_link(KEY, TEXT, 5, 60))
    assert unquote(reading.path) == unquote(writing.path) == f"/{KEY}"
    assert parse_qs(reading.query)["X-Amz-Expires"] == ["60"]
    assert parse_qs(reading.query)["X-Amz-SignedHeaders"] == ["host"]
    assert parse_qs(writing.query)["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]


async def test_a_form_says_how_much_it_takes_and_ends(blobs: FileBlobs, clock: ManualClock) -> None:
    form = await blobs.form_link(KEY, 5, 60)
    assert parts(f"{form.url}?")[0] == KEY
    assert blobs.verify_form(KEY, form.fields) == 5
    for changed in ({"most": "6"}, {"expires": "9999999999"}):
        with pytest.raises(Forbidden):
            blobs.verify_form(KEY, {**form.fields, **changed})
    with pytest.raises(Forbidden):
        blobs.verify_write(KEY, form.fields)
    clock.advance(60)
    with pytest.raises(Forbidden, match="expired"):
        blobs.verify_form(KEY, form.fields)


async def test_a_form_of_s3_signs_how_much_it_takes() -> None:
    with emulated_s3() as blobs:
        form = await blobs.form_link(KEY, 5, 60)
    policy = json.loads(b64decode(form.fields["policy"]))["conditions"]
    assert ["content-length-range", 1, 5] in policy
    assert {"key": KEY} in policy
    assert form.fields["key"] == KEY
