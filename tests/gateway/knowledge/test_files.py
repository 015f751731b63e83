"""OpenAI's files, by OpenAI's own client and by forms that are none."""

import asyncio

import httpx
import pytest
from openai import NotFoundError
from openai.types import FileDeleted, FileObject

from lisa.domain.knowledge.rag_file import LARGEST_FILE
from tests.gateway.knowledge.running import HANDBOOK, Library, names_of, strictly, uploaded


async def test_a_file_comes_and_goes(library: Library) -> None:
    client = await library.client()
    file = await uploaded(client)
    assert (file.filename, file.bytes, file.purpose) == ("handbook.txt", 195, "assistants")
    assert strictly(FileObject, await client.files.retrieve(file.id)).id == file.id
    content = await client.files.content(file.id)
    assert content.text == HANDBOOK
    assert content.response.headers["content-disposition"].startswith("attachment")
    gone = strictly(FileDeleted, await client.files.delete(file.id))
    assert gone.deleted
    with pytest.raises(NotFoundError):
        await client.files.retrieve(file.id)
    assert await names_of(client.files.list()) == []


async def test_files_come_in_pages_and_are_their_owners(library: Library) -> None:
    alice, bob = await library.client("alice"), await library.client("bob")
    ids = [(await uploaded(alice, f"text {n}")).id for n in range(5)]
    listed = await names_of(alice.files.list(limit=2))
    assert listed == ids[::-1]
    assert await names_of(alice.files.list(limit=2, order="asc")) == ids
    assert (await alice.files.list(after=listed[3])).data[0].id == listed[4]
    assert await names_of(alice.files.list(purpose="user_data")) == []
    assert await names_of(bob.files.list()) == []
    for call in (bob.files.retrieve, bob.files.content, bob.files.delete):
        with pytest.raises(NotFoundError):
            await call(ids[0])


async def test_a_files_purpose_may_stand_behind_it(library: Library) -> None:
    token = await library.turning.token()
    headers = {"authorization": f"Bearer {token}"}
    content = b"\r\n--x\r\n" * 40_000
    form = (
        b'--b0\r\ncontent-disposition: form-data; name="file"; filename="C:\\\\dir\\\\a%22.txt"'
        b"\r\ncontent-type: text/plain\r\n\r\n" + content + b"\r\n--b0\r\n"
        b'content-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--b0--\r\n'
    )
    kind = {"content-type": "multipart/form-data; boundary=b0"}
    async with httpx.AsyncClient(base_url=library.turning.openai, headers=headers) as client:
        made = await client.post("/files", content=form, headers=kind)
        assert made.status_code == 200, made.text
        told = made.json()
        assert (told["filename"], told["purpose"]) == ('a".txt', "user_data")
        again = await client.get(f"/files/{told['id']}/content")
        assert again.content == content
        wrong = form.replace(b"user_data", b"fine-tune")
        refused = await client.post("/files", content=wrong, headers=kind)
        assert (refused.status_code, refused.json()["error"]["code"]) == (
            400,
            "unsupported_purpose",
        )
        assert len((await client.get("/files")).json()["data"]) == 1


async def test_forms_that_are_none_are_refused(library: Library) -> None:
    token = await library.turning.token()
    headers = {"authorization": f"Bearer {token}"}
    form = {"content-type": "multipart/form-data; boundary=b"}
    head = b'--b\r\ncontent-disposition: form-data; name="'
    async with httpx.AsyncClient(base_url=library.turning.openai, headers=headers) as client:
        for kind, body in (
            ({"content-type": "application/json"}, b"{}"),
            ({"content-type": "multipart/form-data"}, b"x"),
            (form, b""),
            (form, b"--b--\r\n"),
            (form, b"no boundary at all"),
            (form, head + b'purpose"\r\n\r\nassistants\r\n--b--'),
            (form, head + b'file"\r\n\r\nnever ends'),
            (form, head + b'file"; filename="a"\r\n\r\n\r\n--b--'),
            (form, head + b'purpose"\r\n\r\n' + b"x" * 5000 + b"\r\n--b--"),
            (form, head + b"x" * 20_000),
        ):
            refused = await client.post("/files", content=body, headers={**headers, **kind})
            assert refused.status_code == 400, refused.text
        assert (await client.get("/files")).json()["data"] == []


async def test_a_body_that_is_too_large_is_refused_before_it_comes(library: Library) -> None:
    token = await library.turning.token()
    host, port = library.turning.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST /v1/files HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n"
        f"content-type: multipart/form-data; boundary=b\r\n"
        f"content-length: {LARGEST_FILE + 10**6}\r\n\r\n"
    )
    writer.write(head.encode() + b'--b\r\ncontent-disposition: form-data; name="file"\r\n\r\nx')
    assert b" 413 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert await names_of((await library.client()).files.list()) == []
