"""What no store can keep is refused by all of them, for the same reason."""

import pytest

from lisa.domain.errors import Invalid, TooLarge
from lisa.ports.rows import size_of_row
from lisa.ports.table import (
    MAX_ROW_BYTES,
    Check,
    Delete,
    Json,
    Key,
    Put,
    Query,
    Step,
    Tables,
    Update,
    When,
)
from tests.contract.records import KEY, PLAIN, RECORDS, fill, record

DEEPEST: Json = "x"
for _ in range(31):
    DEEPEST = [DEEPEST]


async def test_the_largest_that_fits(tables: Tables) -> None:
    longest = Key("p" * 1024, "\u00e9" * 512)
    fitting = {"pk": longest.pk, "sk": longest.sk, "deep": DEEPEST, "n" * 255: 10**38 - 1, "x": ""}
    fitting["x"] = "y" * (MAX_ROW_BYTES - size_of_row(fitting) - 5000)
    await tables.apply(Put(RECORDS, fitting))
    assert await tables.get(RECORDS, longest) == fitting
    assert (await tables.query(Query(RECORDS, longest.pk, first=longest.sk))).rows == [fitting]


REFUSED: list[Put | Update | Delete] = [
    Put(RECORDS, {"pk": "a"}),
    Put(RECORDS, {"pk": 1, "sk": "1"}),
    Put(RECORDS, record(pk="")),
    Put(RECORDS, record(sk="")),
    Put(RECORDS, record(pk="x" * 1025)),
    Put(RECORDS, record(sk="\u00e9" * 513)),
    Put(RECORDS, record(sk="a\x00b")),
    Put(RECORDS, record(sk="\ud800")),
    Put(RECORDS, record(text="\udfff")),
    Put(RECORDS, record(text="a\x00")),
    Put(RECORDS, record(n=float("nan"))),
    Put(RECORDS, record(n=float("-inf"))),
    Put(RECORDS, record(n=10**38 + 1)),
    Put(RECORDS, record(n=1e126)),
    Put(RECORDS, record(n=10**4000)),
    Put(RECORDS, record(n=1e-131)),
    Put(RECORDS, record(deep=[DEEPEST])),
    Put(RECORDS, record(bytes=b"x")),  # type: ignore[arg-type] # callers may be untyped
    Put(RECORDS, record(inner={1: "x"})),  # type: ignore[dict-item] # the same
    Put(RECORDS, record(inner={"": "x"})),
    Put(RECORDS, {**record(), "": 1}),
    Put(RECORDS, {**record(), "n" * 256: 1}),
    Put(RECORDS, record(group="")),
    Put(RECORDS, record(rank=7)),
    Put(RECORDS, record(rank="r" * 1025)),
    Put(RECORDS, record(expires_at=1.5)),
    Put(RECORDS, record(expires_at=True)),
    Put(RECORDS, record(expires_at=-1)),
    Put(RECORDS, record(version="1")),
    Put(PLAIN, record(expires_at=1)),
    Put(RECORDS, record(), When(present=False, version=1)),
    Update(RECORDS, KEY),
    Update(RECORDS, KEY, {"sk": "2"}),
    Update(RECORDS, KEY, {"n": 1}, {"n": 1}),
    Update(RECORDS, KEY, {"rank": ""}),
    Update(RECORDS, KEY, remove=["n", "n"]),
    Update(RECORDS, KEY, remove=["pk"]),
    Update(RECORDS, KEY, add={"rank": 1}),
    Update(RECORDS, KEY, add={"expires_at": 1}),
    Update(RECORDS, KEY, add={"n": 1.5}),  # type: ignore[dict-item] # the same
    Update(RECORDS, Key("", "1"), {"n": 1}),
    Delete(RECORDS, Key("a", "")),
]


async def test_what_no_store_can_keep_is_refused(tables: Tables, subtests: pytest.Subtests) -> None:
    for step in REFUSED:
        with subtests.test(step=step), pytest.raises(Invalid):
            await tables.apply(step)
        with subtests.test(step=step), pytest.raises(Invalid):
            await tables.transact([step])
    assert (await tables.query(Query(RECORDS, "a"))).rows == []


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [Put(RECORDS, record(sk=str(n))) for n in range(101)],
        [Put(RECORDS, record()), Delete(RECORDS, KEY)],
        [Check(RECORDS, KEY, When())],
    ],
    ids=["none", "too many", "one row twice", "a check of nothing"],
)
async def test_what_is_no_transaction_is_refused(tables: Tables, steps: list[Step]) -> None:
    with pytest.raises(Invalid):
        await tables.transact(steps)


async def test_more_than_a_row_holds_is_too_large(tables: Tables) -> None:
    most = MAX_ROW_BYTES - size_of_row(record(x=""))
    with pytest.raises(TooLarge):
        await tables.apply(Put(RECORDS, record(x="y" * (most + 1))))
    with pytest.raises(TooLarge):
        await tables.apply(Put(RECORDS, record(x="\u00e9" * (most // 2 + 1))))
    with pytest.raises(TooLarge):
        await tables.transact([Put(RECORDS, record(x=["y"] * (most // 2)))])
    assert await tables.get(RECORDS, KEY) is None


async def test_an_update_to_more_than_a_row_holds_is_too_large(tables: Tables) -> None:
    await fill(tables, record(x="y" * 300_000))
    update = Update(RECORDS, KEY, {"z": "y" * 120_000})
    with pytest.raises(TooLarge):
        await tables.apply(update)
    with pytest.raises(TooLarge):
        await tables.transact([Put(RECORDS, record(sk="2")), update])
    assert await tables.get(RECORDS, KEY) == record(x="y" * 300_000)
    assert await tables.get(RECORDS, Key("a", "2")) is None


async def test_more_than_a_transaction_holds_is_too_large(tables: Tables) -> None:
    steps = [Put(RECORDS, record(sk=str(n), x="y" * 400_000)) for n in range(11)]
    with pytest.raises(TooLarge):
        await tables.transact(steps)
    assert await tables.get(RECORDS, Key("a", "0")) is None
