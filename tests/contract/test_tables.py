"""What every table store does alike."""

import asyncio

import pytest

from lisa.domain.errors import ConditionFailed, Invalid
from lisa.ports.table import (
    ABSENT,
    PRESENT,
    Check,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Step,
    Tables,
    Update,
    When,
    at_version,
)
from tests.contract.records import KEY, PLAIN, RECORDS, fill, record, sort_keys


async def test_a_row_is_read_back_as_it_was_written(tables: Tables) -> None:
    written = record(
        empty="",
        no_items=[],
        no_names={},
        nothing=None,
        yes=True,
        no=False,
        text="e\u0301 \U0001f600 \uffff \U00010000 %s ' \\ \"",
        deep={"list": [1, [2, {"x": None}]], "names with spaces.and#signs:": "v"},
        numbers=[0, -7, 0.1, 1.5e-10, -2.25, 10**37, 12345678901234567890, 1e-100],
    )
    assert await tables.apply(Put(RECORDS, written)) == written
    read = await tables.get(RECORDS, KEY)
    assert read == written
    assert repr(read["yes"] if read else None) == "True"


async def test_numbers_are_whole_where_they_can_be(tables: Tables) -> None:
    await tables.apply(Put(RECORDS, record(n=2.0, zero=-0.0, big=1e100)))
    read = await tables.get(RECORDS, KEY)
    assert read is not None
    assert [repr(read[name]) for name in ("n", "zero", "big")] == ["2", "0", str(10**100)]


async def test_what_isnt_there_is_nothing(tables: Tables) -> None:
    assert await tables.get(RECORDS, KEY) is None
    assert await tables.get_many(RECORDS, [KEY]) == []
    assert await tables.get_many(RECORDS, []) == []
    assert (await tables.query(Query(RECORDS, "a"))).rows == []
    assert await tables.apply(Delete(RECORDS, KEY)) is None
    await tables.delete_many(RECORDS, [KEY])
    await tables.delete_many(RECORDS, [])


async def test_tables_are_separate(tables: Tables) -> None:
    await tables.apply(Put(RECORDS, record(n=1)))
    assert await tables.get(PLAIN, KEY) is None


async def test_a_put_replaces_the_whole_row(tables: Tables) -> None:
    await fill(tables, record(old=1), record(new=2))
    assert await tables.get(RECORDS, KEY) == record(new=2)


async def test_an_update_changes_adds_and_removes(tables: Tables) -> None:
    await fill(tables, record(kept=1, changed=1, removed=1, counter=5))
    update = Update(
        RECORDS,
        KEY,
        values={"changed": [2], "created": ""},
        add={"counter": -2, "begun": 3},
        remove=["removed", "unknown"],
    )
    expected = record(kept=1, changed=[2], created="", counter=3, begun=3)
    assert await tables.apply(update) == expected
    assert await tables.get(RECORDS, KEY) == expected


async def test_an_update_starts_from_an_empty_row(tables: Tables) -> None:
    assert await tables.apply(Update(RECORDS, KEY, add={"n": 1})) == record(n=1)
    assert await tables.apply(Update(RECORDS, Key("a", "2"), remove=["n"])) == record(sk="2")


async def test_adding_to_what_is_no_number_changes_nothing(tables: Tables) -> None:
    await fill(tables, record(text="x"))
    with pytest.raises(Invalid, match="not a number"):
        await tables.apply(Update(RECORDS, KEY, add={"text": 1}))
    assert await tables.get(RECORDS, KEY) == record(text="x")


async def test_adding_to_a_fraction(tables: Tables) -> None:
    await fill(tables, record(n=0.5))
    assert await tables.apply(Update(RECORDS, KEY, add={"n": 2})) == record(n=2.5)


@pytest.mark.parametrize(
    ("before", "when", "holds"),
    [
        (None, ABSENT, True),
        (None, PRESENT, False),
        (None, at_version(1), False),
        (record(version=1), ABSENT, False),
        (record(version=1), PRESENT, True),
        (record(version=1), at_version(1), True),
        (record(version=1), at_version(2), False),
        (record(version=1), When(version=1), True),
        (record(), at_version(0), False),
    ],
)
async def test_a_write_happens_only_under_its_condition(
    tables: Tables, before: Row | None, when: When, *, holds: bool
) -> None:
    attempts: list[Put | Update | Delete] = [
        Put(RECORDS, record(by="put"), when),
        Update(RECORDS, KEY, {"by": "update"}, when=when),
        Delete(RECORDS, KEY, when),
    ]
    for attempt in attempts:
        await tables.apply(Delete(RECORDS, KEY))
        await fill(tables, *([before] if before else []))
        if holds:
            await tables.apply(attempt)
            assert await tables.get(RECORDS, KEY) != before or before is None
        else:
            with pytest.raises(ConditionFailed):
                await tables.apply(attempt)
            assert await tables.get(RECORDS, KEY) == before


async def test_a_transaction_does_all_of_its_steps(tables: Tables) -> None:
    await fill(tables, record(sk="gone"), record(sk="head", version=3, n=1))
    await tables.transact(
        [
            Put(RECORDS, record(sk="new"), ABSENT),
            Update(RECORDS, Key("a", "head"), add={"n": 1}, when=at_version(3)),
            Delete(RECORDS, Key("a", "gone"), PRESENT),
            Check(RECORDS, Key("b", "other"), ABSENT),
            Put(PLAIN, record()),
        ]
    )
    assert await sort_keys(tables, Query(RECORDS, "a")) == ["head", "new"]
    assert await tables.get(RECORDS, Key("a", "head")) == record(sk="head", version=3, n=2)
    assert await tables.get(PLAIN, KEY) == record()


async def test_a_failed_transaction_does_nothing_and_names_every_failed_step(
    tables: Tables,
) -> None:
    await fill(tables, record(sk="there"))
    steps: list[Step] = [
        Put(RECORDS, record(sk="new")),
        Put(RECORDS, record(sk="there", n=1), ABSENT),
        Check(RECORDS, Key("a", "missing"), PRESENT),
        Delete(RECORDS, Key("a", "also missing"), ABSENT),
    ]
    with pytest.raises(ConditionFailed) as failure:
        await tables.transact(steps)
    assert failure.value.failed == (1, 2)
    assert (await tables.query(Query(RECORDS, "a"))).rows == [record(sk="there")]


async def test_a_transaction_that_adds_to_a_text_does_nothing(tables: Tables) -> None:
    await fill(tables, record(text="x"))
    with pytest.raises(Invalid, match="not a number"):
        await tables.transact([Put(RECORDS, record(sk="2")), Update(RECORDS, KEY, add={"text": 1})])
    assert (await tables.query(Query(RECORDS, "a"))).rows == [record(text="x")]


async def test_a_hundred_steps_are_one_transaction(tables: Tables) -> None:
    await tables.transact([Put(RECORDS, record(sk=f"{n:03}")) for n in range(100)])
    assert len((await tables.query(Query(RECORDS, "a", limit=1000))).rows) == 100


async def test_get_many_keeps_the_order_of_the_keys(tables: Tables) -> None:
    await tables.transact([Put(RECORDS, record(sk=str(n))) for n in range(100)])
    await tables.transact([Put(RECORDS, record(sk=str(n))) for n in range(100, 150)])
    keys = [Key("a", str(n)) for n in reversed(range(160))]
    rows = await tables.get_many(RECORDS, [*keys, keys[20]])
    assert [each["sk"] for each in rows] == [str(n) for n in reversed(range(150))]


async def test_delete_many_removes_any_number(tables: Tables) -> None:
    await tables.transact([Put(RECORDS, record(sk=str(n))) for n in range(60)])
    await tables.delete_many(RECORDS, [Key("a", str(n)) for n in [*range(1, 70), 5]])
    assert await sort_keys(tables, Query(RECORDS, "a")) == ["0"]


async def test_concurrent_additions_lose_nothing(tables: Tables) -> None:
    async def add() -> None:
        for _ in range(10):
            await tables.apply(Update(RECORDS, KEY, add={"n": 1}))

    await asyncio.gather(*(add() for _ in range(8)))
    assert await tables.get(RECORDS, KEY) == record(n=80)


async def test_one_of_many_claims_on_a_row_wins(tables: Tables) -> None:
    async def claim(name: str) -> str:
        other = Update(RECORDS, Key("b", "claims"), add={"n": 1})
        try:
            await tables.transact([Put(RECORDS, record(by=name), ABSENT), other])
        except ConditionFailed:
            return ""
        return name

    claims = await asyncio.gather(*(claim(f"c{n}") for n in range(12)))
    (winner,) = filter(None, claims)
    assert await tables.get(RECORDS, KEY) == record(by=winner)
    assert await tables.get(RECORDS, Key("b", "claims")) == record("b", "claims", n=1)


async def test_rows_given_and_returned_are_the_callers_own(tables: Tables) -> None:
    mine = record(inner=[1])
    returned = await tables.apply(Put(RECORDS, mine))
    assert returned is not None
    mine["inner"] = returned["inner"] = "changed"
    read = await tables.get(RECORDS, KEY)
    assert read == record(inner=[1])
    read["inner"] = 2
    assert await tables.get(RECORDS, KEY) == record(inner=[1])
