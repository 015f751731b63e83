"""Searching one's own sessions over HTTP."""

from typing import Any

import pytest

from lisa.declared.tables import SESSIONS
from lisa.ports.table import Key, Query
from tests.api.conftest import Api


async def say(api: Api, session_id: str, *texts: str, name: str = "") -> None:
    await api.alice.post("/sessions", json={"id": session_id, "name": name})
    items = [
        {"id": f"{session_id}{n}", "role": "user", "parts": [{"type": "input_text", "text": text}]}
        for n, text in enumerate(texts)
    ]
    if items:
        answer = await api.alice.post(f"/sessions/{session_id}/items", json={"items": items})
        assert answer.status_code == 201, answer.text
    api.clock.advance(1)


async def find(api: Api, words: str, limit: int = 50) -> list[tuple[str, str | None]]:
    hits: list[dict[str, Any]] = []
    cursor = ""
    while True:
        query: dict[str, Any] = {"q": words, "limit": limit, "cursor": cursor}
        page = (await api.alice.get("/sessions", params=query)).json()
        shown = {each["id"] for each in page["items"]}
        assert shown == {each["session_id"] for each in page["hits"]}
        hits += page["hits"]
        cursor = page["next_cursor"]
        if not cursor:
            return [(each["session_id"], each["item_id"]) for each in hits]


async def rows_of_texts(api: Api) -> int:
    assert api.services.sessions
    tables = api.services.sessions.search.texts.tables
    return len((await tables.query(Query(SESSIONS, "text#alice", limit=1000))).rows)


async def test_names_are_found_first_and_then_texts_newest_first(api: Api) -> None:
    await say(api, "a", "hello", "the Moon is far", "bye")
    await say(api, "b", "one", "moon again", name="Full MOON")
    await say(api, "c", "nothing")
    assert await find(api, "moon") == [("b", None), ("b", "b1"), ("a", "a1")]
    assert await find(api, "moon", limit=1) == [("b", None), ("b", "b1"), ("a", "a1")]
    assert await find(api, "far MOON") == [("a", "a1")]
    assert await find(api, "sun") == []


async def test_a_snippet_shows_what_stands_around(api: Api) -> None:
    await say(api, "a", "hi", "x " * 200 + "needle" + " y" * 200)
    page = (await api.alice.get("/sessions", params={"q": "needle"})).json()
    snippet = page["hits"][0]["snippet"]
    assert "needle" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert len(snippet) < 250


async def test_nobody_finds_anothers_words(api: Api) -> None:
    await say(api, "a", "hello", "secret")
    assert (await api.bob.get("/sessions", params={"q": "secret"})).json()["items"] == []


async def test_what_is_deleted_is_not_found_and_leaves_no_text(api: Api) -> None:
    await say(api, "a", "hello", "needle " + "x" * 100_000)
    await say(api, "b", "needle")
    assert await rows_of_texts(api) == 3
    await api.alice.delete("/sessions/a")
    assert await find(api, "needle") == [("b", None), ("b", "b0")]
    assert await rows_of_texts(api) == 1


async def test_a_removed_message_is_not_found_until_it_is_back(api: Api) -> None:
    await say(api, "a", "hello", "needle")
    await api.alice.post("/sessions/a/items/a1/remove")
    assert await find(api, "needle") == []
    await api.alice.post("/sessions/a/items/a1/restore")
    assert await find(api, "needle") == [("a", "a1")]


async def test_a_session_of_an_earlier_lisa_is_found_by_its_name(api: Api) -> None:
    await say(api, "a", "needle", "straw", name="old")
    assert api.services.sessions
    tables = api.services.sessions.search.texts.tables
    rows = (await tables.query(Query(SESSIONS, "text#alice"))).rows
    await tables.delete_many(SESSIONS, [Key(str(row["pk"]), str(row["sk"])) for row in rows])
    assert await find(api, "OLD") == await find(api, "needle") == [("a", None)]


async def test_a_search_through_very_much_goes_on_at_its_cursor(api: Api) -> None:
    for number in range(3):
        texts = [f"straw {n}" for n in range(999)] + (["needle"] if number == 0 else ["straw"])
        await say(api, f"s{number}", *texts)
    first = (await api.alice.get("/sessions", params={"q": "needle"})).json()
    assert (first["items"], bool(first["next_cursor"])) == ([], True)
    assert await find(api, "needle") == [("s0", "s0999")]


@pytest.mark.parametrize(
    "query", [{"q": ""}, {"q": " "}, {"q": "a", "cursor": "x"}, {"q": "x" * 501}]
)
async def test_a_nonsense_search_is_refused(api: Api, query: dict[str, str]) -> None:
    answer = await api.alice.get("/sessions", params=query)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("cursor", ["bnVsbA==", "W3RydWUsIDFd", "W3RydWUsICJcdTAwMDAiXQ=="])
async def test_a_forged_cursor_is_refused(api: Api, cursor: str) -> None:
    answer = await api.alice.get("/sessions", params={"q": "a", "cursor": cursor})
    assert answer.status_code == 400
