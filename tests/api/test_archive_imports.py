"""A zip of an export comes back over HTTP: announced, uploaded by its link, and taken in."""

import base64
import io
import json
import zipfile
from typing import Any

import httpx
import pytest

from lisa.usecases.archive_imports import LARGEST_ARCHIVE
from tests.api.conftest import Api
from tests.api.test_transfer_api import ITEMS, PNG, a_chat, exported, told
from tests.zips import EXPORT, SAID, export_of, zipped

ROUTE = "/sessions/import/archives"
DATA_URL = "data:image/png;base64," + base64.b64encode(PNG).decode()
SHOWN = {"id": "p1", "role": "user", "parts": [{"type": "input_image", "file_id": "file_1"}]}


async def uploaded(api: Api, client: httpx.AsyncClient, content: bytes) -> str:
    """Announce a zip and put it where the link leads; returns the route that takes it in."""
    answer = await client.post(ROUTE, json={"size": len(content)})
    assert answer.status_code == 201, answer.text
    link = answer.json()
    assert link["method"] == "PUT"
    key = link["url"].removeprefix("memory:").partition("?")[0]
    await api.blobs.put(key, content, "application/zip")
    return f"{ROUTE}/{link['upload_id']}"


async def with_images(api: Api) -> tuple[str, str]:
    """Return the path of a chat of alice's with files, and the id of one."""
    path = await a_chat(api, ITEMS)
    session_id = path.rpartition("/")[2]
    message = {"message": {"image_url": {"url": DATA_URL}}}
    kept = await api.alice.put(f"/session/{session_id}/attachImage", json=message)
    file_id = kept.json()["body"]["image_url"]["s3_key"].rpartition("/")[2]
    images: list[dict[str, Any]] = [
        {"id": "p1", "role": "user", "parts": [{"type": "input_image", "file_id": file_id}]},
        {"id": "g1", "type": "image_generation_call", "parts": [{"lisa": {"file_id": file_id}}]},
        {"id": "d1", "role": "user", "parts": [{"type": "input_image", "image_url": DATA_URL}]},
        {"id": "x1", "role": "user", "parts": [{"type": "input_image", "file_id": "file_gone"}]},
    ]
    await api.alice.post(f"{path}/items", json={"items": images})
    return path, file_id


async def zip_of(api: Api, path: str) -> bytes:
    link = (await api.alice.get(f"{path}/export", params={"format": "zip"})).json()
    return api.blobs._content[link["url"].removeprefix("memory:").partition("?")[0]]


async def read(api: Api, client: httpx.AsyncClient, path: str, file_id: str) -> bytes | None:
    link = (await client.get(f"{path}/files/{file_id}")).json()
    return await api.blobs.get(link["url"].removeprefix("memory:").partition("?")[0])


async def test_a_zip_comes_back_with_branches_images_and_files(api: Api) -> None:
    path, file_id = await with_images(api)
    archive, whole = await zip_of(api, path), await exported(api, path)
    answer = await api.bob.post(await uploaded(api, api.bob, archive))
    assert answer.status_code == 201, answer.text
    made = f"/{answer.headers['location']}"
    again = (await api.bob.get(f"{made}/export")).json()
    assert told(again["items"]) == told(whole["items"])
    assert again["session"]["name"] == "plans"
    await api.alice.delete(path)
    assert await read(api, api.bob, made, file_id) == PNG
    assert (await unzip_names(api, made)) == ["files/d1-0.png", f"files/{file_id}.png"]
    assert len((await api.bob.get("/sessions")).json()["items"]) == 1


async def unzip_names(api: Api, path: str) -> list[str]:
    link = (await api.bob.get(f"{path}/export", params={"format": "zip"})).json()
    assert link["next_cursor"] == ""
    content = api.blobs._content[link["url"].removeprefix("memory:").partition("?")[0]]
    return sorted(each for each in names_in(content) if each.startswith("files/"))


def names_in(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


async def test_nothing_is_left_of_the_zip_and_of_a_session_deleted_later(api: Api) -> None:
    archive = export_of([SHOWN], {"files/file_1.png": PNG, "files/file_2.png": PNG})
    route = await uploaded(api, api.alice, archive)
    made = (await api.alice.post(route)).json()["id"]
    assert [*api.blobs._content.values()] == [PNG]  # nobody named the other one
    assert (await api.alice.post(route)).status_code == 404
    await api.alice.delete(f"/sessions/{made}")
    assert api.blobs._content == {}


async def test_the_same_zip_again_changes_nothing_and_several_make_one_session(api: Api) -> None:
    first = export_of([SHOWN], {"files/file_1.png": PNG})
    follows = {**SAID, "parent_id": "p1"}
    second = export_of([follows], {"files/file_1.png": b"other bytes"})
    for archive in (first, first, second):
        route = await uploaded(api, api.alice, archive)
        answer = await api.alice.post(route, params={"into": "mine"})
        assert answer.status_code == 201, answer.text
    items = (await api.alice.get("/sessions/mine/items")).json()["items"]
    assert [(each["id"], each["parent_id"]) for each in items] == [("p1", None), ("i1", "p1")]
    assert await read(api, api.alice, "/sessions/mine", "file_1") == PNG


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (export_of([SAID])[:-9], "archive_broken"),
        (b"<html>", "archive_broken"),
        (zipped({"readme.md": "hi"}), "not_an_export"),
        (zipped({"session.json": "{"}), "not_an_export"),
        (zipped({"session.json": '{"a": NaN}'}), "not_an_export"),
        (zipped({"session.json": "[" * 100_000}), "not_an_export"),
        (zipped({"session.json": json.dumps({**EXPORT, "format": "x"})}), "not_an_export"),
        (zipped({"session.json": bytes(33 * 1024 * 1024)}), "archive_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_no_export_of_ours_is_refused_and_leaves_nothing(
    api: Api, content: bytes, code: str
) -> None:
    route = await uploaded(api, api.alice, content)
    answer = await api.alice.post(route)
    assert (answer.status_code // 100, answer.json()["error"]["code"]) == (4, code)
    assert answer.json()["error"]["next_step"]
    assert (await api.alice.get("/sessions")).json()["items"] == []
    assert api.blobs._content == {}


async def test_a_later_zip_can_still_be_imported_once_the_first_one_was(api: Api) -> None:
    route = await uploaded(api, api.alice, export_of([{**SAID, "parent_id": "p1"}]))
    refused = await api.alice.post(route, params={"into": "mine"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "unknown_parent")
    assert (await api.alice.get("/sessions")).json()["items"] == []
    first = await uploaded(api, api.alice, export_of([SHOWN]))
    for each in (first, route):
        assert (await api.alice.post(each, params={"into": "mine"})).status_code == 201


async def test_an_upload_is_its_owners(api: Api) -> None:
    route = await uploaded(api, api.alice, export_of([SAID]))
    assert (await api.bob.post(route)).status_code == 404
    assert (await api.alice.post(route)).status_code == 201


async def test_what_was_not_uploaded_and_other_sessions_are_no_uploads(api: Api) -> None:
    upload = (await api.alice.post(ROUTE, json={"size": 1})).json()["upload_id"]
    await api.alice.post("/sessions", json={"id": "mine"})
    for name in (upload, "mine", "none"):
        answer = await api.alice.post(f"{ROUTE}/{name}")
        assert answer.status_code == 404
    route = await uploaded(api, api.alice, export_of([SAID]))
    into = {"into": route.rpartition("/")[2]}
    assert (await api.alice.post(route, params=into)).status_code == 404
    assert (await api.alice.get("/sessions/mine")).status_code == 200


async def test_a_zip_over_the_limit_is_refused_when_it_is_announced(api: Api) -> None:
    answer = await api.alice.post(ROUTE, json={"size": LARGEST_ARCHIVE + 1})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "archive_too_large")
