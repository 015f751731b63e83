"""Export and import over HTTP: JSON, Markdown and zip, with branches, tools and images."""

import base64
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from lisa.domain.identity import Principal
from tests.api.conftest import Api

ALICE = Principal(subject="alice")
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
ITEMS: list[dict[str, Any]] = [
    {"id": "u1", "role": "user", "parts": [{"type": "input_text", "text": "How warm is it?"}]},
    {"id": "r1", "type": "reasoning", "parts": [{"summary": [{"text": "Ask.\nThe tool."}]}]},
    {
        "id": "m1",
        "type": "mcp_call",
        "parts": [
            {
                "name": "weather",
                "server_label": "sky",
                "arguments": '{"city": "Köln"}',
                "output": "```\n21\n```",
            }
        ],
    },
    {"id": "l1", "type": "mcp_list_tools", "parts": [{"server_label": "sky", "tools": []}]},
    {"id": "a1", "role": "assistant", "parts": [{"type": "output_text", "text": "It is 21."}]},
    {
        "id": "u2",
        "parent_id": "u1",
        "role": "user",
        "parts": [{"type": "input_text", "text": "Another branch"}],
    },
    {"id": "f1", "type": "function_call", "status": "incomplete", "parts": [{"name": "f"}]},
    {"id": "o1", "type": "function_call_output", "parts": [{"call_id": "c", "output": "ok"}]},
]


async def a_chat(api: Api, items: list[dict[str, Any]]) -> str:
    made = await api.alice.post("/sessions", json={"name": "plans", "configuration": {"x": 1}})
    path = f"/sessions/{made.json()['id']}"
    answer = await api.alice.post(f"{path}/items", json={"items": items})
    assert answer.status_code == 201, answer.text
    return path


async def exported(api: Api, path: str) -> dict[str, Any]:
    answer = await api.alice.get(f"{path}/export")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def told(items: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    names = ("id", "parent_id", "type", "role", "parts", "status")
    return [tuple(item[name] for name in names) for item in items]


async def unzipped(api: Api, path: str, cursor: str = "") -> tuple[zipfile.ZipFile, str]:
    query = {"format": "zip", "cursor": cursor}
    answer = await api.alice.get(f"{path}/export", params=query)
    link = answer.json()
    content = api.blobs._content[link["url"].removeprefix("memory:").partition("?")[0]]
    return zipfile.ZipFile(io.BytesIO(content)), link["next_cursor"]


async def test_an_export_imported_is_the_same_with_its_branches(api: Api) -> None:
    whole = await exported(api, await a_chat(api, ITEMS))
    answer = await api.bob.post("/sessions/import", json=whole)
    assert answer.status_code == 201
    session = answer.json()
    assert (session["name"], session["configuration"]) == ("plans", {"x": 1})
    again = (await api.bob.get(f"/{answer.headers['location']}/export")).json()
    assert told(again["items"]) == told(whole["items"])
    assert {item["id"]: item["parent_id"] for item in again["items"]}["u2"] == "u1"


async def test_importing_again_into_the_same_session_changes_nothing(api: Api) -> None:
    whole = await exported(api, await a_chat(api, ITEMS))
    first = await api.bob.post("/sessions/import", params={"into": "mine"}, json=whole)
    second = await api.bob.post("/sessions/import", params={"into": "mine"}, json=whole)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.json()["item_count"] == len(ITEMS)


async def test_several_roots_stay_several_roots(api: Api) -> None:
    items = [{**each, "parent_id": None} for each in ITEMS[:1]]
    items += [{"id": "x1", "parent_id": None, "role": "user", "parts": []}]
    wanted = {"format": "lisa.session/1", "session": {}, "items": items}
    answer = await api.alice.post("/sessions/import", json=wanted)
    found = (await api.alice.get(f"/{answer.headers['location']}/items")).json()["items"]
    assert [(each["id"], each["parent_id"]) for each in found] == [("u1", None), ("x1", None)]


async def test_an_export_in_pages_is_imported_page_by_page(api: Api) -> None:
    items: list[dict[str, Any]] = [
        {"id": f"i{n}", "role": "user", "parts": [{"type": "input_text", "text": "é" * 400_000}]}
        for n in range(4)
    ]
    made = await api.alice.post("/sessions", json={})
    path = f"/sessions/{made.json()['id']}"
    for item in items:
        await api.alice.post(f"{path}/items", json={"items": [item]})
    cursor, pages = "", 0
    while True:
        answer = await api.alice.get(f"{path}/export", params={"cursor": cursor})
        headers = {"content-type": "application/json"}
        taken = await api.bob.post(
            "/sessions/import?into=mine", content=answer.content, headers=headers
        )
        assert taken.status_code == 201, taken.text
        pages += 1
        cursor = answer.json()["next_cursor"]
        if not cursor:
            break
    assert pages > 1
    assert taken.json()["item_count"] == 4


@pytest.mark.parametrize(
    "change",
    [
        {"format": "lisa.session/2"},
        {"format": None},
        {"session": {"name": "x" * 201}},
        {"session": {"configuration": {"modelArgs": {"top_p": 7}}}},
        {"session": {"configuration": {"x": "y" * 40_000}}},
        {"items": [{"id": "../x", "parts": []}]},
        {"items": [{"id": "a", "parts": [], "parent_id": "elsewhere"}]},
        {"items": [{"id": "a", "parts": [], "parent_id": "a"}]},
        {"items": [{"id": "a", "parts": []}, {"id": "a", "parts": [{}]}]},
        {"items": [{"id": "a", "parts": [{}] * 1001}]},
        {"items": [{"id": f"i{n}", "parts": []} for n in range(1001)]},
        {"items": [{"id": "a", "parts": [], "role": "king"}]},
        {"items": {"a": 1}},
    ],
)
async def test_a_hostile_import_is_refused_and_leaves_nothing(
    api: Api, change: dict[str, Any]
) -> None:
    wanted = {"format": "lisa.session/1", "session": {}, "items": [], **change}
    answer = await api.alice.post("/sessions/import", json=wanted)
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["message"]
    assert (await api.alice.get("/sessions")).json()["items"] == []


async def test_an_import_can_not_name_anothers_session_or_turn(api: Api) -> None:
    path = await a_chat(api, ITEMS[:1])
    item = {**ITEMS[0], "response_id": "resp_1", "status": "in_progress", "owner": "bob"}
    wanted = {"format": "lisa.session/1", "session": {"id": "x", "owner": "bob"}, "items": [item]}
    session_id = path.rpartition("/")[2]
    answer = await api.bob.post("/sessions/import", params={"into": session_id}, json=wanted)
    assert answer.json()["item_count"] == 1
    [kept] = (await api.bob.get(f"{path}/items")).json()["items"]
    assert (kept["response_id"], kept["status"]) == (None, "incomplete")
    assert (await api.alice.get(path)).json()["revision"] == 2


async def test_markdown_reads_well_with_tools(api: Api) -> None:
    path = await a_chat(api, ITEMS)
    text = (await api.alice.get(f"{path}/export", params={"format": "markdown"})).text
    assert text.startswith("# plans\n\n## User, 2030-01-01 00:00 UTC\n\nHow warm is it?\n\n")
    assert "### Reasoning\n\n> Ask.\n> The tool.\n" in text
    assert '### Tool call: `weather` of sky\n\n```json\n{\n  "city": "Köln"\n}\n```' in text
    assert "Result:\n\n````\n```\n21\n```\n````" in text
    assert "mcp_list_tools" not in text
    assert "### Tool call: `f`\n\n*(incomplete)*" in text
    assert "### Tool result\n\n```\nok\n```" in text


async def test_a_zip_holds_texts_and_the_images_under_their_names(api: Api) -> None:
    path = await a_chat(api, ITEMS)
    session_id = path.rpartition("/")[2]
    data_url = "data:image/png;base64," + base64.b64encode(PNG).decode()
    message = {"message": {"image_url": {"url": data_url}}}
    kept = await api.alice.put(f"/session/{session_id}/attachImage", json=message)
    file_id = kept.json()["body"]["image_url"]["s3_key"].rpartition("/")[2]
    images: list[dict[str, Any]] = [
        {"id": "p1", "role": "user", "parts": [{"type": "input_image", "file_id": file_id}]},
        {"id": "g1", "type": "image_generation_call", "parts": [{"lisa": {"file_id": file_id}}]},
        {"id": "d1", "role": "user", "parts": [{"type": "input_image", "image_url": data_url}]},
        {"id": "x1", "role": "user", "parts": [{"type": "input_image", "file_id": "file_gone"}]},
    ]
    await api.alice.post(f"{path}/items", json={"items": images})
    archive, go_on = await unzipped(api, path)
    assert sorted(archive.namelist()) == [
        "files/d1-0.png",
        f"files/{file_id}.png",
        "session.json",
        "session.md",
    ]
    assert archive.read(f"files/{file_id}.png") == archive.read("files/d1-0.png") == PNG
    assert len(json.loads(archive.read("session.json"))["items"]) == len(ITEMS) + 4
    assert f"![{file_id}](files/{file_id}.png)" in archive.read("session.md").decode()
    assert go_on == ""
    await api.alice.delete(path)
    assert api.blobs._content == {}


async def test_what_does_not_fit_one_zip_goes_on_behind_its_last_item(api: Api) -> None:
    data_url = "data:image/png;base64," + base64.b64encode(PNG).decode()
    images: list[dict[str, Any]] = [
        {"id": f"d{n}", "role": "user", "parts": [{"type": "input_image", "image_url": data_url}]}
        for n in range(3)
    ]
    session_id = (await a_chat(api, images)).rpartition("/")[2]
    assert api.services.sessions
    small = replace(api.services.sessions.archives, most_bytes=len(PNG) + 1)
    session = await api.services.sessions.sessions.get(ALICE, session_id)
    whole = await api.services.sessions.sessions.read(ALICE, session_id)
    link, packed = await small.make(session, whole, lambda page, names: {"n": f"{page}{names}"})
    content = api.blobs._content[link.url.removeprefix("memory:").partition("?")[0]]
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert names == ["files/d0-0.png", "files/d1-0.png", "n"]
    assert ([item.id for item in packed.items], packed.after) == (["d0", "d1"], 2)
