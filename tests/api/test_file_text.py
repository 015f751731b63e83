"""Files of a session as text, over HTTP, read by the real parsers."""

import pytest

from lisa.domain.document import LARGEST_DOCUMENT
from tests.api.conftest import Api
from tests.documents import PNG, encrypted_pdf, pdf, word

SESSION = "/sessions/s1"


async def uploaded(api: Api, content: bytes) -> str:
    """Announce a file and put it where the link leads; returns its route."""
    await api.alice.post("/sessions", json={"id": "s1"})
    announced = {"content_type": "application/octet-stream", "size": 1}
    link = (await api.alice.post(f"{SESSION}/files", json=announced)).json()
    key = link["url"].removeprefix("memory:").partition("?")[0]
    await api.blobs.put(key, content, "application/octet-stream")
    return f"{SESSION}/files/{link['file_id']}"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (
            pdf("Hello there", "World"),
            {"kind": "pdf", "characters": 18, "tokens": 5, "pages": 2, "truncated": False},
        ),
        (word(), {"kind": "docx", "pages": None, "truncated": False}),
        ("Größe".encode(), {"kind": "text", "characters": 5, "tokens": 2, "pages": None}),
        (PNG, {"kind": "image", "characters": 0, "tokens": 1000, "pages": None}),
    ],
)
async def test_a_file_is_read_and_measured(
    api: Api, content: bytes, shown: dict[str, object]
) -> None:
    answer = await api.alice.post(f"{await uploaded(api, content)}/text")
    assert answer.status_code == 200
    assert answer.json() | shown == answer.json()


async def test_the_text_is_kept_with_the_session_and_goes_with_it(api: Api) -> None:
    assert api.services.sessions
    route = await uploaded(api, b"my own words")
    first = await api.alice.post(f"{route}/text")
    files = api.services.sessions.files
    [session] = await files.sessions.heads.some("alice")
    file_id = route.rpartition("/")[2]
    text_key = files.text_key(session, file_id)
    assert b"my own words" in (await api.blobs.get(text_key) or b"")
    await api.blobs.put(files.key(session, file_id), b"", "text/plain")  # not read again
    assert (await api.alice.post(f"{route}/text")).json() == first.json()
    await api.alice.delete(SESSION)
    assert await api.blobs.get(text_key) is None


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "file_empty"),
        (encrypted_pdf(), 400, "file_encrypted"),
        (word()[:2000], 400, "file_broken"),
        (b"\x7fELF\0", 400, "file_type_unknown"),
        (pdf(""), 400, "file_without_text"),
        (bytes(LARGEST_DOCUMENT + 1), 413, "file_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    api: Api, content: bytes, status: int, code: str
) -> None:
    answer = await api.alice.post(f"{await uploaded(api, content)}/text")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["next_step"]


async def test_a_file_that_was_not_uploaded_is_not_there(api: Api) -> None:
    await api.alice.post("/sessions", json={"id": "s1"})
    answer = await api.alice.post(f"{SESSION}/files/file_1/text")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_file")


async def test_a_file_of_somebody_else_is_not_there(api: Api) -> None:
    route = await uploaded(api, b"secret")
    await api.bob.post("/sessions", json={"id": "s1"})
    answer = await api.bob.post(f"{route}/text")
    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_a_file_over_the_limit_is_refused_when_it_is_announced(api: Api) -> None:
    await api.alice.post("/sessions", json={"id": "s1"})
    wanted = {"content_type": "text/plain", "size": LARGEST_DOCUMENT + 1}
    answer = await api.alice.post(f"{SESSION}/files", json=wanted)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
