"""A row that has expired is absent for every operation."""

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.domain.errors import ConditionFailed
from lisa.ports.table import (
    ABSENT,
    PRESENT,
    Check,
    Delete,
    Key,
    Put,
    Query,
    Tables,
    Update,
    at_version,
)
from tests.contract.records import KEY, NOW, RECORDS, fill, record, sort_keys, walk


async def test_an_expired_row_is_absent_from_its_second_on(
    tables: Tables, clock: ManualClock
) -> None:
    await fill(tables, record(expires_at=NOW + 10, version=1, group="g", rank="r"), record(sk="2"))
    clock.advance(9.9)
    assert await tables.get(RECORDS, KEY) is not None
    clock.advance(0.1)
    assert await tables.get(RECORDS, KEY) is None
    assert await tables.get_many(RECORDS, [KEY]) == []
    assert await sort_keys(tables, Query(RECORDS, "a", limit=1)) == ["2"]
    assert (await tables.query(Query(RECORDS, "g", index="by_group"))).rows == []
    for step in (
        Put(RECORDS, record(), at_version(1)),
        Update(RECORDS, KEY, {"n": 1}, when=PRESENT),
        Delete(RECORDS, KEY, PRESENT),
    ):
        with pytest.raises(ConditionFailed):
            await tables.apply(step)
    with pytest.raises(ConditionFailed):
        await tables.transact([Check(RECORDS, KEY, PRESENT)])


async def test_an_expired_row_is_replaced_not_continued(tables: Tables, clock: ManualClock) -> None:
    expiring = [record(sk=str(n), expires_at=NOW + 1, n=5) for n in range(6)]
    await fill(tables, *expiring)
    clock.advance(1)
    assert await tables.apply(Update(RECORDS, Key("a", "0"), add={"n": 1})) == record(sk="0", n=1)
    await tables.apply(Update(RECORDS, Key("a", "1"), add={"n": 1}, when=ABSENT))
    await tables.apply(Put(RECORDS, record(sk="2", n=1), ABSENT))
    await tables.apply(Delete(RECORDS, Key("a", "3"), ABSENT))
    await tables.transact(
        [
            Update(RECORDS, Key("a", "4"), add={"n": 1}),
            Update(RECORDS, Key("a", "5"), add={"n": 1}, when=ABSENT),
        ]
    )
    rows = (await tables.query(Query(RECORDS, "a"))).rows
    assert rows == [record(sk=sk, n=1) for sk in "01245"]


async def test_pages_are_full_although_rows_expired(tables: Tables, clock: ManualClock) -> None:
    await fill(tables, *(record(sk=f"{n:02}", expires_at=NOW + 1 + n % 2 * 100) for n in range(20)))
    clock.advance(5)
    page = await tables.query(Query(RECORDS, "a", limit=5))
    assert [each["sk"] for each in page.rows] == ["01", "03", "05", "07", "09"]
    for limit in range(1, 11):
        assert len(await walk(tables, partition="a", limit=limit)) == 10


async def test_a_row_written_as_already_expired_is_absent(tables: Tables) -> None:
    assert await tables.apply(Put(RECORDS, record(expires_at=NOW))) is None
    assert await tables.apply(Update(RECORDS, Key("a", "2"), {"expires_at": 0})) is None
    assert (await tables.query(Query(RECORDS, "a"))).rows == []
