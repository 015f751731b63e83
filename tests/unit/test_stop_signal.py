"""A process that is told to stop knows how long it may still work."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from lisa.bootstrap.stop_signal import StopSignal


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """Stand in for the server's own handler."""
    numbers: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: numbers.append(number))
    yield numbers
    signal.signal(signal.SIGTERM, before)


async def test_the_time_that_is_left_runs_from_the_signal(heard: list[int]) -> None:
    stop = StopSignal(seconds=100, least=1)
    listening = asyncio.create_task(stop.listen())
    await asyncio.sleep(0)
    assert stop.seconds_left() == 100
    signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM]
    assert stop.seconds_left() < 100
    listening.cancel()
    await asyncio.wait([listening])

    signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM] * 2


async def test_a_little_time_is_always_left(heard: list[int]) -> None:
    stop = StopSignal(seconds=0, least=5)
    listening = asyncio.create_task(stop.listen())
    await asyncio.sleep(0)
    signal.raise_signal(signal.SIGTERM)
    assert stop.seconds_left() == 5
    assert len(heard) == 1
    listening.cancel()
    await asyncio.wait([listening])
