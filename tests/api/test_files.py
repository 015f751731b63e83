"""Links to files in the local profile: what is signed works, nothing else does."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from lisa.adapters.files.blobs import FileBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.http.files import file_app

ORIGIN = "http://lisa.test"


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path, b"0" * 32, ManualClock(), ORIGIN)


@pytest.fixture
async def browser(blobs: FileBlobs) -> AsyncIterator[httpx.AsyncClient]:
    class Mounted(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            request.url = request.url.copy_with(
                raw_path=request.url.raw_path.removeprefix(b"/files")
            )
            return await super().handle_async_request(request)

    async with httpx.AsyncClient(transport=Mounted(file_app(blobs)), base_url=ORIGIN) as client:
        yield client


async def test_what_was_announced_can_be_uploaded_and_read(
    blobs: FileBlobs, browser: httpx.AsyncClient
) -> None:
    key = "u-ann%40x/files/file_1"
    upload = await blobs.write_link(key, "image/png", 6, 60)
    assert (await browser.put(upload, content=b"pixels")).status_code == 204
    answer = await browser.get(await blobs.read_link(key, 60))
    assert (answer.content, answer.headers["content-type"]) == (b"pixels", "image/png")
    assert answer.headers["content-disposition"] == "inline"


async def test_a_page_somebody_uploaded_is_never_run(
    blobs: FileBlobs, browser: httpx.AsyncClient
) -> None:
    await blobs.put("u-ann/x", b"<script>", "text/html")
    answer = await browser.get(await blobs.read_link("u-ann/x", 60))
    assert answer.headers["content-disposition"] == "attachment"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(("body", "status"), [(b"12345", 400), (b"1234567", 413)])
async def test_another_size_than_announced_is_refused(
    blobs: FileBlobs, browser: httpx.AsyncClient, body: bytes, status: int
) -> None:
    upload = await blobs.write_link("u-ann/x", "text/plain", 6, 60)
    assert (await browser.put(upload, content=body)).status_code == status
    assert await blobs.get("u-ann/x") is None


async def test_a_forged_link_and_an_empty_place_are_told_apart(
    blobs: FileBlobs, browser: httpx.AsyncClient
) -> None:
    link = await blobs.read_link("u-ann/x", 60)
    assert (await browser.get(link)).status_code == 404
    assert (await browser.get(link.replace("u-ann", "u-bob"))).status_code == 403
    assert (await browser.put(link, content=b"x")).status_code == 403


async def test_a_form_takes_one_file_of_at_most_that_size(
    blobs: FileBlobs, browser: httpx.AsyncClient
) -> None:
    form = await blobs.form_link("u-ann/x", 100_000, 60)
    for content in (b"x", b"\r\n--", b"\r\n--a\r\n" * 10_000, b"0" * 100_000):
        files = {"file": ("any.txt", content, "text/plain")}
        answer = await browser.post(form.url, data=dict(form.fields), files=files)
        assert answer.status_code == 204, answer.text
        assert await blobs.get("u-ann/x") == content


@pytest.mark.parametrize(("content", "status"), [(b"", 400), (b"0" * 7, 413)])
async def test_a_form_takes_nothing_else(
    blobs: FileBlobs, browser: httpx.AsyncClient, content: bytes, status: int
) -> None:
    form = await blobs.form_link("u-ann/x", 6, 60)
    answer = await browser.post(form.url, data=dict(form.fields), files={"file": content})
    assert answer.status_code == status
    assert await blobs.get("u-ann/x") is None


async def test_a_form_that_was_changed_or_torn_is_refused(
    blobs: FileBlobs, browser: httpx.AsyncClient
) -> None:
    form = await blobs.form_link("u-ann/x", 6, 60)
    more = {**form.fields, "most": "7"}
    assert (await browser.post(form.url, data=more, files={"file": b"x"})).status_code == 403
    elsewhere = form.url.replace("u-ann", "u-bob")
    fields = dict(form.fields)
    answer = await browser.post(elsewhere, data=fields, files={"file": b"x"})
    assert answer.status_code == 403
    boundary = {"content-type": "multipart/form-data; boundary=b"}
    head = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.fields.items()
    )
    file = '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    another = '\r\n--b\r\nContent-Disposition: form-data; name="y"\r\n\r\nz\r\n--b--\r\n'
    for body in (head, f"{head}{file}x", f"{head}{file}x{another}", f"{head}--b--\r\n", "x"):
        torn = await browser.post(form.url, content=body.encode(), headers=boundary)
        assert torn.status_code == 400, body
    assert (await browser.post(form.url, content=b"x")).status_code == 400
    assert await blobs.get("u-ann/x") is None
