"""Sessions over HTTP as existing LISA clients call them."""

import base64

from tests.api.conftest import Api


def human(text: str, **more: object) -> dict[str, object]:
    return {"type": "human", "content": text, **more}


async def save(api: Api, *messages: dict[str, object], **more: object) -> None:
    answer = await api.alice.put("/session/chat", json={"messages": [*messages], **more})
    assert answer.status_code == 200, answer.text
    assert answer.json().keys() == {"message"}


async def history(api: Api) -> list[dict[str, object]]:
    answer = await api.alice.get("/session/chat")
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.json()["history"]
    return found


async def test_a_history_comes_back_as_it_was_saved(api: Api) -> None:
    ai: dict[str, object] = {
        "type": "ai",
        "content": [{"type": "text", "text": "ho"}],
        "metadata": {"t": 0.5},
    }
    await save(api, human("hi", metadata={}), ai, name="plans", configuration={"streaming": True})
    found = await history(api)
    assert [{k: v for k, v in message.items() if k != "id"} for message in found] == [
        human("hi", metadata={}),
        ai,
    ]
    session = (await api.alice.get("/session/chat")).json()
    assert (session["sessionId"], session["userId"], session["name"]) == ("chat", "alice", "plans")
    assert session["configuration"] == {"streaming": True}


async def test_saving_what_was_read_changes_nothing(api: Api) -> None:
    await save(api, human("hi"), human("hi"), {"role": "assistant", "content": "ho"})
    before = await history(api)
    await save(api, *before)
    await save(api, *[{k: v for k, v in message.items() if k != "id"} for message in before])
    assert await history(api) == before


async def test_a_second_tab_with_an_old_history_loses_nothing(api: Api) -> None:
    await save(api, human("one"), human("two"))
    await save(api, human("one"), human("three"))
    assert [message["content"] for message in await history(api)] == ["one", "two", "three"]


async def test_the_list_has_lisas_fields_and_goes_on_at_its_link(api: Api) -> None:
    for number in range(5):
        await api.alice.put(f"/session/s{number}", json={"messages": [human(f"m{number}")]})
        api.clock.advance(1)
    first = await api.alice.get("/session", params={"limit": 3})
    rest = await api.alice.get(first.links["next"]["url"])
    assert [row["sessionId"] for row in [*first.json(), *rest.json()]] == [
        "s4",
        "s3",
        "s2",
        "s1",
        "s0",
    ]
    assert first.json()[0].keys() == {
        "sessionId",
        "name",
        "firstHumanMessage",
        "startTime",
        "createTime",
        "lastUpdated",
        "isEncrypted",
        "projectId",
        "totalTokensUsed",
    }
    assert first.json()[0]["firstHumanMessage"] == "m4"


async def test_a_history_over_4_mb_gives_the_newest_and_links_the_rest(api: Api) -> None:
    for number in range(6):
        body = {"messages": [human(f"{number}" + "x" * 900_000, id=f"m{number}")]}
        await api.alice.put("/session/chat", json=body)
    newest = await api.alice.get("/session/chat")
    older = await api.alice.get(newest.links["next"]["url"])
    ids = [m["id"] for m in [*older.json()["history"], *newest.json()["history"]]]
    assert ids == [f"m{number}" for number in range(6)]


async def test_rename_and_delete_answer_as_in_lisa(api: Api) -> None:
    await save(api, human("hi"))
    renamed = await api.alice.put("/session/chat/name", json={"name": "new"})
    assert (renamed.status_code, renamed.json().keys()) == (200, {"message"})
    assert (await api.alice.delete("/session/chat")).json() == {"deleted": True}
    assert (await api.alice.get("/session/chat")).status_code == 404
    assert (await api.alice.put("/session/chat", json={"messages": []})).status_code == 404
    assert (await api.alice.delete("/session")).json() == {"deleted": True}


async def test_an_attached_image_is_kept_and_linked(api: Api) -> None:
    await save(api, human("look"))
    url = "data:image/png;base64," + base64.b64encode(b"pixels").decode()
    message = {"type": "image_url", "image_url": {"url": url}}
    answer = await api.alice.put("/session/chat/attachImage", json={"message": message})
    kept = answer.json()["body"]["image_url"]
    assert answer.json()["statusCode"] == 200
    assert kept["url"].startswith("memory:u-alice/")
    assert api.blobs._content[kept["s3_key"]] == b"pixels"
    await save(
        api, human("look"), {"type": "human", "content": [{"type": "image_url", "image_url": kept}]}
    )
    shown = (await history(api))[1]["content"]
    assert shown == [{"type": "image_url", "image_url": kept}]
    for wrong in (
        {},
        {"image_url": {"url": "http://x/y.png"}},
        {"image_url": {"url": "data:image/png;base64,%%"}},
    ):
        refused = await api.alice.put("/session/chat/attachImage", json={"message": wrong})
        assert refused.status_code == 400


async def test_a_posted_key_of_another_session_is_never_linked(api: Api) -> None:
    await save(api, human("hi"))
    stolen = {"url": "x", "s3_key": "u-bob/sessions/s_1/files/file_1"}
    await save(api, {"type": "human", "content": [{"type": "image_url", "image_url": stolen}]})
    assert "u-bob" not in str(await history(api))


async def test_a_strange_file_id_does_not_make_a_session_unreadable(api: Api) -> None:
    await save(api, human("hi"))
    for file_id in ("../../u-bob/x", "file_", 7):
        part = {"type": "input_image", "file_id": file_id, "detail": "low"}
        body = {"items": [{"role": "user", "parts": [part]}]}
        assert (await api.alice.post("/sessions/chat/items", json=body)).status_code == 201
    shown = [message["content"] for message in (await history(api))[1:]]
    assert shown == [[{"type": "image_url", "image_url": {"detail": "low", "url": None}}]] * 3


async def test_a_message_of_no_known_type_is_refused(api: Api) -> None:
    body = {"messages": [{"type": "alien", "content": "x"}]}
    answer = await api.alice.put("/session/chat", json=body)
    assert answer.status_code == 400
    assert "alien" in answer.json()["error"]["message"]
