"""LISA's whole-history save, merged into what is kept."""

import asyncio

from lisa.domain.session import Draft, Message
from lisa.usecases.history import Posted
from tests.unit.conftest import ALICE, House


def message(text: str, item_id: str | None = None, role: str = "user") -> Posted:
    part = {"type": "input_text", "text": text}
    return Posted(item_id, Message.model_validate({"role": role, "parts": [part]}))


async def save(house: House, *posted: Posted) -> list[str]:
    session = await house.history.session_for(ALICE, "chat")
    await house.history.save(ALICE, session, posted)
    page = await house.sessions.read(ALICE, "chat", limit=1000)
    return [item.text() for item in page.items]


async def test_the_same_body_twice_changes_nothing(house: House) -> None:
    body = (message("hi"), message("hello", role="assistant"), message("hi"))
    once = await save(house, *body)
    assert await save(house, *body) == once == ["hi", "hello", "hi"]


async def test_only_what_is_new_is_appended_and_nothing_is_removed(house: House) -> None:
    await save(house, message("one"), message("two"))
    assert await save(house, message("two"), message("three")) == ["one", "two", "three"]


async def test_two_tabs_that_save_at_once_lose_and_double_nothing(house: House) -> None:
    await save(house, message("one"))
    await asyncio.gather(
        save(house, message("one"), message("from the left")),
        save(house, message("one"), message("from the right")),
        save(house, message("one"), message("from the right")),
    )
    assert sorted(await save(house)) == ["from the left", "from the right", "one"]


async def test_a_message_kept_under_a_native_id_is_recognised_by_its_content(house: House) -> None:
    session = await house.history.session_for(ALICE, "chat")
    part = {"type": "input_text", "text": "hi"}
    await house.sessions.append(ALICE, session.id, [Draft(id="n1", role="user", parts=(part,))])
    assert await save(house, message("hi"), message("more")) == ["hi", "more"]


async def test_an_id_given_is_the_identity_whatever_the_content(house: House) -> None:
    await save(house, message("draft", "m1"))
    assert await save(house, message("corrected", "m1"), message("draft")) == ["draft"]
    assert await save(house, message("draft", "m2")) == ["draft", "draft"]


async def test_new_messages_follow_the_one_posted_before_them(house: House) -> None:
    await save(house, message("one", "m1"), message("two", "m2"))
    await save(house, message("one", "m1"), message("other", "m3"))
    page = await house.sessions.read(ALICE, "chat")
    assert {item.id: item.parent_id for item in page.items}["m3"] == "m1"
