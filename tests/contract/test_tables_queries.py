"""The order of rows, and what a query returns of them."""

import pytest

from lisa.domain.errors import Invalid
from lisa.ports.table import (
    Key,
    Query,
    Tables,
    Update,
)
from tests.contract.records import RECORDS, fill, record, sort_keys, walk


async def test_order_is_that_of_utf8_bytes(tables: Tables) -> None:
    keys = ["!", "A", "Z", "a", "b", "e\u0301", "z", "\u00e9", "\ud7ff", "\uffff", "\U00010000"]
    await fill(tables, *(record(sk=key, group="g", rank=key) for key in reversed(keys)))
    assert await walk(tables, partition="a", limit=3) == keys
    assert await walk(tables, partition="a", limit=4, newest_first=True) == keys[::-1]
    assert await walk(tables, partition="g", index="by_group", limit=3) == keys
    assert await sort_keys(tables, Query(RECORDS, "a", first="z", last="\uffff")) == keys[6:10]


@pytest.mark.parametrize(
    ("stretch", "expected"),
    [
        ({"first": "b"}, ["b", "b/1", "b/2", "c"]),
        ({"last": "b/1"}, ["a", "b", "b/1"]),
        ({"first": "aa", "last": "b/1"}, ["b", "b/1"]),
        ({"first": "b", "last": "b"}, ["b"]),
        ({"first": "d", "last": "b"}, []),
        ({"prefix": "b/"}, ["b/1", "b/2"]),
        ({"prefix": "b"}, ["b", "b/1", "b/2"]),
        ({"prefix": "x"}, []),
    ],
)
async def test_a_query_covers_its_bounds_or_prefix(
    tables: Tables, stretch: dict[str, str], expected: list[str]
) -> None:
    await fill(
        tables, *(record(sk=key, group="g", rank=key) for key in ["a", "b", "b/1", "b/2", "c"])
    )
    assert await walk(tables, partition="a", limit=1, **stretch) == expected
    assert (
        await walk(tables, partition="a", limit=2, newest_first=True, **stretch) == (expected[::-1])
    )
    assert await walk(tables, partition="g", index="by_group", **stretch) == expected


async def test_a_prefix_may_end_with_the_last_of_all_characters(tables: Tables) -> None:
    last = "\U0010ffff"
    keys = ["a", f"b{last}", f"b{last}x", "c", last, last + last]
    await fill(tables, *(record(sk=key) for key in keys))
    assert await sort_keys(tables, Query(RECORDS, "a", prefix=f"b{last}")) == keys[1:3]
    assert await sort_keys(tables, Query(RECORDS, "a", prefix=last)) == keys[4:]


async def test_a_full_page_has_a_cursor_only_if_more_follows(tables: Tables) -> None:
    await fill(tables, record(sk="1"), record(sk="2"))
    assert (await tables.query(Query(RECORDS, "a", limit=2))).cursor == ""
    assert (await tables.query(Query(RECORDS, "a", limit=1))).cursor != ""


async def test_cursors_stay_right_under_inserts_and_deletes(tables: Tables) -> None:
    await fill(tables, *(record(sk=key) for key in ["b", "d", "f", "h"]))
    page = await tables.query(Query(RECORDS, "a", limit=2))
    await tables.delete_many(RECORDS, [Key("a", "d"), Key("a", "f")])
    await fill(tables, record(sk="a"), record(sk="e"))
    assert await sort_keys(tables, Query(RECORDS, "a", cursor=page.cursor)) == ["e", "h"]


async def test_an_index_holds_rows_that_have_both_attributes(tables: Tables) -> None:
    await fill(
        tables,
        record("a", "1", group="g", rank="2"),
        record("b", "2", group="g", rank="1"),
        record("c", "3", group="g"),
        record("d", "4", rank="1"),
        record("e", "5", group="other", rank="1"),
    )
    assert await walk(tables, partition="g", index="by_group", limit=1) == ["2", "1"]
    await tables.apply(Update(RECORDS, Key("a", "1"), remove=["rank"]))
    await tables.apply(Update(RECORDS, Key("d", "4"), {"group": "g"}))
    assert sorted(map(str, await walk(tables, partition="g", index="by_group"))) == ["2", "4"]


async def test_every_row_of_a_tie_in_an_index_is_seen_once(tables: Tables) -> None:
    await fill(tables, *(record(f"p{n % 3}", str(n), group="g", rank="same") for n in range(7)))
    for newest_first in (False, True):
        seen = await walk(
            tables, partition="g", index="by_group", limit=2, newest_first=newest_first
        )
        assert sorted(map(str, seen)) == [str(n) for n in range(7)]


async def test_index_attributes_may_be_as_long_as_keys(tables: Tables) -> None:
    group, rank = (each * 341 for each in ("\u4e2d", "\u6587"))
    await fill(tables, record(group=group, rank=rank, label="x" * 1024))
    assert await sort_keys(tables, Query(RECORDS, group, index="by_group", prefix=rank)) == ["1"]


SENSELESS = [
    Query(RECORDS, ""),
    Query(RECORDS, "a\x00"),
    Query(RECORDS, "x" * 1025),
    Query(RECORDS, "a", first="\ud800"),
    Query(RECORDS, "a", last="x" * 1025),
    Query(RECORDS, "a", limit=0),
    Query(RECORDS, "a", limit=1001),
    Query(RECORDS, "a", prefix="x", first="x"),
    Query(RECORDS, "a", cursor="x"),
    Query(RECORDS, "a", cursor="WyIiXQ=="),
    Query(RECORDS, "a", cursor="WyIiLCAxXQ=="),
    Query(RECORDS, "a", cursor="bnVsbA=="),
    Query(RECORDS, "a", cursor="\u00e9"),
]


async def test_a_query_that_makes_no_sense_is_refused(
    tables: Tables, subtests: pytest.Subtests
) -> None:
    for query in SENSELESS:
        with subtests.test(query=query), pytest.raises(Invalid):
            await tables.query(query)


async def test_a_cursor_of_another_query_is_refused(tables: Tables) -> None:
    await fill(tables, *(record(sk=sk, group="g", rank="r") for sk in "12"))
    cursor = (await tables.query(Query(RECORDS, "a", limit=1))).cursor
    for other in (
        Query(RECORDS, "g", index="by_group", cursor=cursor),
        Query(RECORDS, "a", first="2", cursor=cursor),
        Query(RECORDS, "a", prefix="x", cursor=cursor),
    ):
        with pytest.raises(Invalid, match="cursor"):
            await tables.query(other)
