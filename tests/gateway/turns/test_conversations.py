"""OpenAI's own package keeps conversations, which are the caller's sessions."""

from typing import Any

import httpx
import pytest
from openai import BadRequestError, NotFoundError, PermissionDeniedError
from openai.types.conversations import Conversation, ConversationItem
from pydantic import TypeAdapter

from tests.gateway.turns.running import Turning
from tests.gateway.turns.test_responses import SAID

ITEM: TypeAdapter[Any] = TypeAdapter(ConversationItem)


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": text, **more}


async def texts(client: Any, name: str, **how: Any) -> list[str]:
    """Return what a conversation says, page by page."""
    found = []
    async for item in client.conversations.items.list(name, **how):
        ITEM.validate_python(item.to_dict())
        found.append(item.content[0].text)
    return found


async def test_a_conversation_is_made_changed_and_deleted(turning: Turning) -> None:
    client = await turning.client()
    made = await client.conversations.create(items=[said("a")], metadata={"topic": "x"})
    Conversation.model_validate(made.to_dict())
    assert made.metadata == {"topic": "x"}

    changed = await client.conversations.update(made.id, metadata={"topic": "y"})
    assert changed.metadata == {"topic": "y"}
    assert (await client.conversations.retrieve(made.id)).to_dict() == changed.to_dict()
    assert await texts(client, made.id) == ["a"]

    gone = await client.conversations.delete(made.id)
    assert gone.deleted
    with pytest.raises(NotFoundError):
        await client.conversations.retrieve(made.id)


async def test_items_are_listed_both_ways(turning: Turning) -> None:
    client = await turning.client()
    name = (await client.conversations.create()).id
    added = await client.conversations.items.create(name, items=[said(str(n)) for n in range(7)])
    assert [item.content[0].text for item in added.data] == list("0123456")

    assert await texts(client, name, limit=3) == list("6543210")
    assert await texts(client, name, limit=3, order="asc") == list("0123456")
    third = added.data[2].id
    assert await texts(client, name, after=third, order="asc") == list("3456")


async def test_an_item_is_shown_and_taken_out(turning: Turning) -> None:
    client = await turning.client()
    name = (await client.conversations.create(items=[said("a", id="m-1"), said("b")])).id
    shown = await client.conversations.items.retrieve("m-1", conversation_id=name)
    assert shown.content[0].text == "a"

    await client.conversations.items.delete("m-1", conversation_id=name)

    assert await texts(client, name) == ["b"]
    with pytest.raises(NotFoundError):
        await client.conversations.items.retrieve("m-1", conversation_id=name)
    with pytest.raises(NotFoundError):
        await client.conversations.items.delete("m-9", conversation_id=name)


async def test_a_conversation_holds_what_its_responses_said(turning: Turning) -> None:
    client = await turning.client()
    name = (await client.conversations.create(items=[said("Remember 7.")])).id
    answer = await client.responses.create(model="tiny", input="Hi", conversation=name)

    assert answer.conversation.id == name
    assert await texts(client, name, order="asc") == ["Remember 7.", "Hi", SAID]


async def test_conversations_of_others_are_not_there(turning: Turning) -> None:
    client, stranger = await turning.client(), await turning.client("mallory")
    name = (await client.conversations.create(items=[said("a", id="m-1")])).id
    for asking in (
        stranger.conversations.retrieve(name),
        stranger.conversations.delete(name),
        stranger.conversations.update(name, metadata={}),
        stranger.conversations.items.create(name, items=[said("b")]),
        stranger.conversations.items.retrieve("m-1", conversation_id=name),
        stranger.conversations.items.delete("m-1", conversation_id=name),
        stranger.responses.create(model="tiny", input="Hi", conversation=name),
    ):
        with pytest.raises(NotFoundError):
            await asking
    with pytest.raises(NotFoundError):
        await texts(stranger, name)


async def test_a_token_for_inference_keeps_no_conversations(turning: Turning) -> None:
    client = await turning.client(scopes=frozenset({"inference"}))
    with pytest.raises(PermissionDeniedError) as refused:
        await client.conversations.create()
    assert refused.value.code == "out_of_scope"


async def test_what_makes_no_sense_is_refused(turning: Turning) -> None:
    client = await turning.client()
    for wrong in (
        {"metadata": {"a": 1}},
        {"items": [said("a")] * 21},
        {"items": [{"type": "computer_call"}]},
    ):
        with pytest.raises(BadRequestError):
            await client.conversations.create(**wrong)


async def test_other_paths_and_methods_are_named(turning: Turning) -> None:
    headers = {"authorization": f"Bearer {await turning.token()}"}
    async with httpx.AsyncClient(headers=headers, timeout=20) as http:
        for prefix in ("/v1", "/v2/serve", "/v2/serve/v1"):
            wrong = await http.put(f"{turning.url}{prefix}/responses/resp_a_b")
            assert wrong.status_code == 405
            unknown = await http.get(f"{turning.url}{prefix}/responses/a/b/c")
            assert unknown.status_code == 404
            assert unknown.json()["error"]["code"] == "unknown_url"
            missing = await http.get(f"{turning.url}{prefix}/conversations/none")
            assert missing.json()["error"]["code"] == "session_not_found"
        page = {"origin": "https://chat.example.org"}
        allowed = await http.options(f"{turning.openai}/responses", headers=page)
        assert "DELETE" in allowed.headers["access-control-allow-methods"]
