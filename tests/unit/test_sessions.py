"""Sessions and their items, over memory."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from lisa.domain.errors import Conflict, Invalid, NotFound
from lisa.domain.session import Draft
from lisa.stores.sessions.contents import session_prefix
from tests.unit.conftest import ALICE, BOB, House


def said(item_id: str, text: str = "hello", parent_id: str | None = None) -> Draft:
    part = {"type": "input_text", "text": text}
    return Draft(id=item_id, role="user", parts=(part,), parent_id=parent_id)


async def ids_in(house: House, session_id: str) -> list[str]:
    page = await house.sessions.read(ALICE, session_id, limit=1000)
    return [item.id for item in page.items]


async def test_items_come_back_in_the_order_they_were_appended(house: House) -> None:
    session = await house.sessions.create(ALICE, name="plans")
    await house.sessions.append(ALICE, session.id, [said("a"), said("b")])
    await house.sessions.append(ALICE, session.id, [said("c")])
    page = await house.sessions.read(ALICE, session.id)
    assert [(item.id, item.sequence, item.parent_id) for item in page.items] == [
        ("a", 1, None),
        ("b", 2, "a"),
        ("c", 3, "b"),
    ]


async def test_the_same_item_id_twice_is_one_item(house: House) -> None:
    session = await house.sessions.create(ALICE)
    first = await house.sessions.append(ALICE, session.id, [said("a"), said("b")])
    again = await house.sessions.append(ALICE, session.id, [said("b"), said("a"), said("c")])
    assert again[:2] == [first[1], first[0]]
    assert await ids_in(house, session.id) == ["a", "b", "c"]


async def test_an_item_id_with_another_content_is_refused_and_nothing_is_lost(house: House) -> None:
    session = await house.sessions.create(ALICE)
    await house.sessions.append(ALICE, session.id, [said("a", "one")])
    with pytest.raises(Conflict):
        await house.sessions.append(ALICE, session.id, [said("a", "two"), said("b")])
    assert await ids_in(house, session.id) == ["a"]


async def test_one_id_for_two_items_of_a_request_is_refused(house: House) -> None:
    session = await house.sessions.create(ALICE)
    with pytest.raises(Invalid):
        await house.sessions.append(ALICE, session.id, [said("a", "one"), said("a", "two")])


async def test_concurrent_appends_all_survive_once_and_in_order(house: House) -> None:
    session = await house.sessions.create(ALICE)
    names = [f"{writer}-{turn}" for writer in range(8) for turn in range(5)]

    async def write(writer: int) -> None:
        for turn in range(5):
            await house.sessions.append(ALICE, session.id, [said(f"{writer}-{turn}")])

    await asyncio.gather(*(write(writer) for writer in range(8)), *(write(w) for w in range(8)))
    found = await ids_in(house, session.id)
    assert sorted(found) == sorted(names)
    for writer in range(8):
        assert [name for name in found if name.startswith(f"{writer}-")] == names[
            writer * 5 : writer * 5 + 5
        ]


async def test_branches_name_their_parent_and_a_strange_parent_is_refused(house: House) -> None:
    session = await house.sessions.create(ALICE)
    await house.sessions.append(ALICE, session.id, [said("a"), said("b")])
    branch = await house.sessions.append(ALICE, session.id, [said("c", parent_id="a")])
    assert branch[0].parent_id == "a"
    with pytest.raises(Invalid, match="parent_id"):
        await house.sessions.append(ALICE, session.id, [said("d", parent_id="nowhere")])
    for circle in ([said("x", parent_id="x")], [said("x", parent_id="y"), said("y")]):
        with pytest.raises(Invalid, match="parent"):
            await house.sessions.append(ALICE, session.id, circle)


@pytest.mark.parametrize("size", [10, 64 * 1024, 70 * 1024, 900_000])
async def test_parts_of_any_size_come_back_as_written(house: House, size: int) -> None:
    session = await house.sessions.create(ALICE)
    text = "å\x00\U0001f600" + "x" * size
    await house.sessions.append(ALICE, session.id, [said("a", text)])
    page = await house.sessions.read(ALICE, session.id)
    assert page.items[0].parts[0]["text"] == text


async def test_many_middle_sized_parts_still_fit_a_row(house: House) -> None:
    session = await house.sessions.create(ALICE)
    parts = tuple({"type": "input_text", "text": f"{n}" + "x" * 60_000} for n in range(20))
    await house.sessions.append(ALICE, session.id, [Draft(id="a", role="user", parts=parts)])
    page = await house.sessions.read(ALICE, session.id)
    assert page.items[0].parts == parts


async def test_a_part_that_looks_like_a_reference_is_only_a_part(house: House) -> None:
    theirs = await house.sessions.create(BOB)
    await house.sessions.append(BOB, theirs.id, [said("a", "s" * 100_000)])
    key = next(iter(house.blobs._content))
    session = await house.sessions.create(ALICE)
    forged = Draft(id="a", role="user", parts=({"blob": key},))
    await house.sessions.append(ALICE, session.id, [forged])
    page = await house.sessions.read(ALICE, session.id)
    assert page.items[0].parts == ({"blob": key},)


async def test_another_users_session_is_not_found_by_any_use_case(house: House) -> None:
    session = await house.sessions.create(ALICE)
    for attempt in (
        house.sessions.get(BOB, session.id),
        house.sessions.read(BOB, session.id),
        house.sessions.append(BOB, session.id, [said("x")]),
        house.sessions.change(BOB, session.id, name="mine"),
        house.sessions.delete(BOB, session.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await house.sessions.page(BOB, limit=10, cursor=""))[0] == []


async def test_two_users_may_choose_the_same_id(house: House) -> None:
    await house.sessions.create(ALICE, session_id="notes")
    await house.sessions.create(BOB, session_id="notes")
    await house.sessions.append(ALICE, "notes", [said("a")])
    assert (await house.sessions.read(BOB, "notes")).items == []


async def test_creating_an_existing_session_is_a_conflict(house: House) -> None:
    await house.sessions.create(ALICE, session_id="notes")
    with pytest.raises(Conflict):
        await house.sessions.create(ALICE, session_id="notes")


async def test_pages_of_sessions_list_the_last_changed_first(house: House) -> None:
    for number in range(5):
        house.clock.advance(1)
        await house.sessions.create(ALICE, session_id=f"s{number}")
    house.clock.advance(1)
    await house.sessions.append(ALICE, "s1", [said("a")])
    first, cursor = await house.sessions.page(ALICE, limit=3, cursor="")
    second, end = await house.sessions.page(ALICE, limit=3, cursor=cursor)
    listed = [session.id for session in [*first, *second]]
    assert (listed, end) == (["s1", "s4", "s3", "s2", "s0"], "")


async def test_pages_of_items_go_both_ways_and_keep_to_the_budget(house: House) -> None:
    session = await house.sessions.create(ALICE)
    await house.sessions.append(ALICE, session.id, [said(f"i{n}", "y" * 900_000) for n in range(9)])
    seen: list[str] = []
    after = None
    while True:
        page = await house.sessions.read(ALICE, session.id, newest_first=True, after=after)
        assert len(page.items) == 4 or page.after is None
        seen += [item.id for item in page.items]
        after = page.after
        if after is None:
            break
    assert seen == [f"i{n}" for n in reversed(range(9))]


async def test_a_rename_at_an_old_version_is_a_conflict_and_appends_do_not_count(
    house: House,
) -> None:
    session = await house.sessions.create(ALICE)
    await house.sessions.append(ALICE, session.id, [said("a")])
    renamed = await house.sessions.change(ALICE, session.id, name="new", version=session.version)
    with pytest.raises(Conflict):
        await house.sessions.change(ALICE, session.id, name="late", version=session.version)
    assert (renamed.name, renamed.version) == ("new", session.version + 1)


async def test_a_deleted_session_is_gone_at_once_and_for_good(house: House) -> None:
    session = await house.sessions.create(ALICE, session_id="notes")
    await house.sessions.append(ALICE, "notes", [said("a", "z" * 100_000)])
    await house.sessions.delete(ALICE, "notes")
    for attempt in (
        house.sessions.get(ALICE, "notes"),
        house.sessions.append(ALICE, "notes", [said("b")]),
        house.sessions.create(ALICE, session_id="notes"),
        house.sessions.delete(ALICE, "notes"),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert house.blobs._content == {}
    assert await house.items.marks(session) == []


async def test_the_sweeper_ends_a_removal_that_was_interrupted(house: House) -> None:
    session = await house.sessions.create(ALICE)
    await house.sessions.append(ALICE, session.id, [said("a", "z" * 100_000)])
    await house.heads.bury([session], house.clock.now())  # the process died right after this
    assert await house.sweep.run() == 0
    assert house.blobs._content == {}
    late = f"{session_prefix('alice', session.uid)}files/file_1"
    await house.blobs.put(late, b"uploaded by a link given out before", "text/plain")
    house.clock.advance(timedelta(minutes=21).total_seconds())
    assert await house.sweep.run() == 1
    assert house.blobs._content == {}
    assert await house.sweep.run() == 0


async def test_delete_all_sees_every_session_however_late_the_index_is(
    lagging_house: Callable[[int], House],
) -> None:
    house = lagging_house(1000)
    for number in range(95):
        await house.sessions.create(ALICE, session_id=f"s{number}")
    await house.sessions.create(BOB, session_id="kept")
    assert await house.sessions.delete_all(ALICE) == 95
    with pytest.raises(NotFound):
        await house.sessions.get(ALICE, "s94")
    assert (await house.sessions.get(BOB, "kept")).id == "kept"
