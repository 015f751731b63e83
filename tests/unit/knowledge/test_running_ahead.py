"""What runs ahead: in order, not too far, and stopped with whoever takes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from lisa.usecases.knowledge.ahead import running_ahead


class Counting:
    """Counts up to a number, then fails if told to; remembers how far it got and its end."""

    def __init__(self, end: int, *, fails: bool = False) -> None:
        self.made = 0
        self.closed = False
        self._end, self._fails = end, fails

    async def numbers(self) -> AsyncGenerator[int, None]:
        try:
            while self.made < self._end:
                self.made += 1
                yield self.made
            if self._fails:
                raise ValueError("no more")
        finally:
            self.closed = True


async def test_all_comes_in_order_and_not_too_much_is_made() -> None:
    source, taken = Counting(50), []
    async for number in running_ahead(source.numbers(), 3):
        taken.append(number)
        await asyncio.sleep(0)
        assert source.made <= number + 5
    assert taken == [*range(1, 51)]
    assert source.closed


async def test_a_failure_comes_after_what_was_made_before_it() -> None:
    async with aclosing(running_ahead(Counting(4, fails=True).numbers(), 1)) as ahead:
        assert [await anext(ahead) for _ in range(4)] == [1, 2, 3, 4]
        with pytest.raises(ValueError, match="no more"):
            await anext(ahead)


async def test_who_leaves_ends_the_source() -> None:
    source = Counting(1000)
    async with aclosing(running_ahead(source.numbers(), 2)) as ahead:
        assert await anext(ahead) == 1
    assert source.closed
    assert source.made < 10
