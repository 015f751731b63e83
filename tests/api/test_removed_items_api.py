"""Messages removed and restored over HTTP."""

import asyncio
import io
import json
import zipfile
from typing import Any

from tests.api.conftest import Api


async def a_chat(api: Api, *ids: str) -> None:
    await api.alice.post("/sessions", json={"id": "chat"})
    items = [
        {"id": each, "role": "user", "parts": [{"type": "input_text", "text": f"says {each}"}]}
        for each in ids
    ]
    await api.alice.post("/sessions/chat/items", json={"items": items})


async def shown(api: Api, **query: str) -> list[tuple[str, str | None]]:
    page: dict[str, Any] = (await api.alice.get("/sessions/chat/items", params=query)).json()
    return [(each["id"], each["parent_id"]) for each in page["items"]]


async def test_a_removed_message_is_out_of_sight_until_it_is_restored(api: Api) -> None:
    await a_chat(api, "a", "b", "c")
    before = (await api.alice.get("/sessions/chat")).json()
    removed = await api.alice.post("/sessions/chat/items/b/remove")
    assert (removed.status_code, removed.json()["removed"]) == (200, True)
    assert await shown(api) == [("a", None), ("c", "a")]
    assert await shown(api, removed="true") == [("a", None), ("b", "a"), ("c", "b")]
    history = (await api.alice.get("/session/chat")).json()["history"]
    assert [each["id"] for each in history] == ["a", "c"]
    exported = (await api.alice.get("/sessions/chat/export")).json()["items"]
    assert [each["id"] for each in exported] == ["a", "c"]
    after = (await api.alice.get("/sessions/chat")).json()
    assert after["revision"] > before["revision"]
    assert after["version"] == before["version"]
    restored = await api.alice.post("/sessions/chat/items/b/restore")
    assert restored.json()["removed"] is False
    assert await shown(api) == [("a", None), ("b", "a"), ("c", "b")]


async def test_removing_twice_is_removing_once(api: Api) -> None:
    await a_chat(api, "a")
    await api.alice.post("/sessions/chat/items/a/remove")
    revision = (await api.alice.get("/sessions/chat")).json()["revision"]
    assert (await api.alice.post("/sessions/chat/items/a/remove")).status_code == 200
    assert (await api.alice.get("/sessions/chat")).json()["revision"] == revision


async def test_branches_stay_where_several_messages_before_them_are_removed(api: Api) -> None:
    await a_chat(api, "a", "b", "c", "d")
    branch = {"id": "e", "parent_id": "c", "role": "user", "parts": []}
    await api.alice.post("/sessions/chat/items", json={"items": [branch]})
    for each in ("b", "c"):
        await api.alice.post(f"/sessions/chat/items/{each}/remove")
    assert await shown(api) == [("a", None), ("d", "a"), ("e", "a")]
    assert await shown(api, order="desc", limit="1") == [("e", "a")]
    await api.alice.post("/sessions/chat/items/a/remove")
    assert await shown(api) == [("d", None), ("e", None)]


async def test_saving_a_history_again_does_not_bring_back_what_was_removed(api: Api) -> None:
    saved = {"messages": [{"type": "human", "content": "one"}, {"type": "human", "content": "two"}]}
    await api.alice.put("/session/chat", json=saved)
    [first, _] = (await api.alice.get("/session/chat")).json()["history"]
    await api.alice.post(f"/sessions/chat/items/{first['id']}/remove")
    await api.alice.put("/session/chat", json=saved)
    history = (await api.alice.get("/session/chat")).json()["history"]
    assert [each["content"] for each in history] == ["two"]


async def test_an_unknown_item_and_anothers_are_not_there(api: Api) -> None:
    await a_chat(api, "a")
    for answer in (
        await api.alice.post("/sessions/chat/items/z/remove"),
        await api.alice.post("/sessions/none/items/a/remove"),
        await api.bob.post("/sessions/chat/items/a/remove"),
        await api.bob.post("/sessions/chat/items/a/restore"),
    ):
        assert answer.status_code == 404


async def named(api: Api) -> set[str]:
    """Return what everything that shows the session names it by."""
    [native] = (await api.alice.get("/sessions")).json()["items"]
    [old] = (await api.alice.get("/session")).json()
    exported = (await api.alice.get("/sessions/chat/export")).json()
    markdown = await api.alice.get("/sessions/chat/export", params={"format": "markdown"})
    link = (await api.alice.get("/sessions/chat/export", params={"format": "zip"})).json()
    zipped = api.blobs._content[link["url"].removeprefix("memory:").partition("?")[0]]
    archive = zipfile.ZipFile(io.BytesIO(zipped))
    headings = [markdown.text, archive.read("session.md").decode()]
    return {
        native["first_message"],
        old["firstHumanMessage"],
        exported["session"]["first_message"],
        json.loads(archive.read("session.json"))["session"]["first_message"],
        *(text.partition("\n")[0].removeprefix("# ") for text in headings),
    }


async def test_a_session_is_named_by_its_first_message_in_sight(api: Api) -> None:
    await a_chat(api, "a", "b", "c")
    names = [await named(api)]
    for change in ("b/remove", "a/remove", "b/restore", "a/restore"):
        await api.alice.post(f"/sessions/chat/items/{change}")
        names.append(await named(api))
    a, b, c = {"says a"}, {"says b"}, {"says c"}
    assert names == [a, a, c, b, a]


async def test_a_removed_first_message_is_not_found_in_the_sessions_name(api: Api) -> None:
    await a_chat(api, "needle", "straw")
    await api.alice.post("/sessions/chat/items/needle/remove")
    assert (await api.alice.get("/sessions", params={"q": "needle"})).json()["hits"] == []
    await api.alice.post("/sessions/chat/items/needle/restore")
    hits = (await api.alice.get("/sessions", params={"q": "needle"})).json()["hits"]
    assert [each["item_id"] for each in hits] == [None, "needle"]


async def test_a_session_all_of_which_is_removed_is_named_by_what_is_said_next(api: Api) -> None:
    await a_chat(api, "a")
    await api.alice.post("/sessions/chat/items/a/remove")
    assert await named(api) == {"", "chat"}  # Markdown has a heading, by the id
    said = {"id": "b", "role": "user", "parts": [{"type": "input_text", "text": "says b"}]}
    await api.alice.post("/sessions/chat/items", json={"items": [said]})
    assert await named(api) == {"says b"}
    await api.alice.post("/sessions/chat/items/a/restore")
    assert await named(api) == {"says a"}


async def test_of_messages_removed_at_once_none_names_the_session(api: Api) -> None:
    ids = [f"m{n}" for n in range(6)]
    await a_chat(api, *ids)
    removals = [api.alice.post(f"/sessions/chat/items/{each}/remove") for each in ids[:5]]
    assert {answer.status_code for answer in await asyncio.gather(*removals)} == {200}
    assert await named(api) == {"says m5"}
