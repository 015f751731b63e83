"""Tool servers on every store: found by their owner and by whom they are shared with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lisa.domain.errors import ConditionFailed
from lisa.domain.tool_server import ToolChoices, ToolServer
from lisa.ports.table import Tables
from lisa.stores.tool_servers import NEVER_CHOSEN, Reach, ToolServerStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def server(number: int, **fields: Any) -> ToolServer:
    created = NOW + timedelta(seconds=number)
    about = {"id": f"ts_{number}", "owner": "ann", "name": f"n{number}", "url": "https://a.ch"}
    return ToolServer(**{**about, "created": created, "changed": created, **fields})


async def listed(store: ToolServerStore, owner: str, *groups: str, limit: int = 2) -> list[str]:
    reach, found, cursor = Reach(owner, frozenset(groups)), [], ""
    while True:
        page, cursor = await store.page(reach, limit, cursor)
        assert len(page) <= limit
        found += [each.id for each in page]
        if not cursor:
            return found


async def test_a_list_is_the_own_ones_and_each_shared_one_once(tables: Tables) -> None:
    store = ToolServerStore(tables)
    for number in range(3):
        await store.add(server(number))
    await store.add(server(3, owner="bob", groups={"b", "c", "lisa:public"}))
    await store.add(server(4, owner="bob", groups={"c"}))
    await store.add(server(5, owner="ann", groups={"a", "b"}))
    assert await listed(store, "ann", "b", "lisa:public") == [
        "ts_0",
        "ts_1",
        "ts_2",
        "ts_5",
        "ts_3",
    ]
    assert await listed(store, "eve", "b", "c", limit=1) == ["ts_3", "ts_5", "ts_4"]
    assert await listed(store, "eve") == []
    everybodys, cursor = await store.page_of_all(4, "")
    rest, end = await store.page_of_all(4, cursor)
    assert [each.id for each in everybodys + rest] == [f"ts_{number}" for number in range(6)]
    assert end == ""


async def test_sharing_is_taken_back_and_removal_leaves_nothing(tables: Tables) -> None:
    store, old = ToolServerStore(tables), server(1, groups={"a", "b"})
    await store.add(old)
    with pytest.raises(ConditionFailed):
        await store.add(old)
    new = await store.change(old, old.model_copy(update={"groups": frozenset({"b", "c"})}))
    assert [await listed(store, "eve", each) for each in "abc"] == [[], ["ts_1"], ["ts_1"]]
    with pytest.raises(ConditionFailed):
        await store.change(old, old)
    with pytest.raises(ConditionFailed):
        await store.remove(old)
    await store.remove(new)
    assert await store.by_id("ts_1") is None
    assert await listed(store, "ann", "a", "b", "c") == []
    assert await store.page_of_all(10, "") == ([], "")


async def test_choices_are_a_persons_own_and_no_change_is_lost(tables: Tables) -> None:
    store = ToolServerStore(tables)
    first = ToolChoices(enabled=True, approved_tools=frozenset({"ls"}))
    await store.choose("ann", "ts_1", first, NEVER_CHOSEN)
    with pytest.raises(ConditionFailed):
        await store.choose("ann", "ts_1", first, NEVER_CHOSEN)
    kept, version = await store.choices("ann", "ts_1")
    assert kept == first
    await store.choose("ann", "ts_1", ToolChoices(), version)
    with pytest.raises(ConditionFailed):
        await store.choose("ann", "ts_1", first, version)
    assert await store.all_choices("ann", ["ts_1", "ts_2"]) == {"ts_1": ToolChoices()}
    assert await store.choices("bob", "ts_1") == (ToolChoices(), NEVER_CHOSEN)
