import asyncio
from collections.abc import Sequence

import pytest

from lisa.domain.errors import LimitReached
from local.builtin.batches import MOST_PIECES, PIECE, Batches


class Doubling:
    """Computes, and remembers what it was given at once."""

    def __init__(self) -> None:
        self.given: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.given.append(list(numbers))
        if 13 in numbers:
            raise ArithmeticError(13)
        return [2 * number for number in numbers]


async def test_each_call_gets_its_own_results_in_order() -> None:
    batches = Batches(Doubling())
    async with batches.running():
        large, small = await asyncio.gather(batches.results(range(100, 150)), batches.results([1]))
    assert large == list(range(200, 300, 2))
    assert small == [2]


async def test_a_small_call_is_computed_with_the_first_piece_of_a_large_one() -> None:
    double = Doubling()
    batches = Batches(double)
    async with batches.running():
        await asyncio.gather(batches.results(range(100, 200)), batches.results([1]))
    assert double.given[0] == [*range(100, 100 + PIECE), 1]
    assert max(map(len, double.given)) <= PIECE * MOST_PIECES


async def test_what_is_too_much_is_turned_away_and_room_comes_back() -> None:
    batches = Batches(Doubling(), most=20)
    async with batches.running():
        first = asyncio.create_task(batches.results(range(100, 115)))
        await asyncio.sleep(0)
        with pytest.raises(LimitReached) as refused:
            await batches.results(range(6))
        assert refused.value.retry_after > 0
        await first
        assert await batches.results(range(20, 40)) == list(range(40, 80, 2))


async def test_a_failure_reaches_who_asked_and_the_next_are_served() -> None:
    batches = Batches(Doubling())
    async with batches.running():
        with pytest.raises(ArithmeticError):
            await batches.results([13])
        assert await batches.results([1]) == [2]


async def test_who_leaves_holds_nobody_up_and_leaves_room() -> None:
    batches = Batches(Doubling(), most=10)
    async with batches.running():
        leaving = asyncio.create_task(batches.results(range(100, 110)))
        await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert await batches.results(range(20, 30)) == list(range(40, 60, 2))
