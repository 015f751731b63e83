"""What a request costs does not grow with what is stored beside it."""

from dataclasses import dataclass, field
from typing import Any

from lisa.domain.session import Draft
from lisa.ports.table import Tables
from tests.unit.conftest import ALICE, House


@dataclass
class Counted:
    """The table port, counting calls."""

    inner: Tables
    calls: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self.inner, name)


def message(number: int) -> Draft:
    part = {"type": "input_text", "text": "hello"}
    return Draft(id=f"i{number}", role="user", parts=(part,))


async def test_listing_ten_thousand_sessions_takes_one_query_per_thousand(house: House) -> None:
    for number in range(2_500):
        await house.sessions.create(ALICE, session_id=f"s{number}")
    counted = Counted(house.tables)
    sessions = house.sessions_over(counted)
    cursor, listed = "", 0
    while True:
        page, cursor = await sessions.page(ALICE, limit=1000, cursor=cursor)
        listed += len(page)
        if not cursor:
            break
    assert (listed, counted.calls) == (2_500, ["query"] * 3)


async def test_an_append_makes_as_many_calls_behind_a_thousand_items_as_behind_none(
    house: House,
) -> None:
    session = await house.sessions.create(ALICE)

    async def calls_of_an_append(number: int) -> list[str]:
        counted = Counted(house.tables)
        await house.sessions_over(counted).append(ALICE, session.id, [message(number)])
        return counted.calls

    first = await calls_of_an_append(0)
    await house.sessions.append(ALICE, session.id, [message(n) for n in range(1, 1_000)])
    assert await calls_of_an_append(1_000) == first == ["get", "get_many", "transact"]
