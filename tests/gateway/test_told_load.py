"""What gateways tell of a model's load: the calls of the last minute, and how long they took."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from lisa.gateway.uses import Count
from lisa.stores.model_reports import Minute, Use
from tests.gateway.hosted import chat, client_of, hosted
from tests.gateway.running import Running, to
from tests.standins.engine.server import Engine

START = datetime(2026, 6, 1, tzinfo=UTC)


def looked(count: Count, seconds: float) -> Minute:
    """Look at a count so many seconds after the first time."""
    use = count.look(START + timedelta(seconds=seconds))
    assert use
    assert use.minute
    return use.minute


def called(count: Count, times: int = 1) -> None:
    for _ in range(times):
        count.begin()
        count.sent += 1
        count.answers(0.5)
        count.end()


def test_calls_count_for_a_minute_from_the_look_that_saw_them() -> None:
    count, seen = Count(), {}
    for half_seconds in range(182):
        called(count, {0: 3, 60: 1}.get(half_seconds, 0))
        seen[half_seconds / 2] = looked(count, half_seconds / 2)
    assert seen[0] == Minute(calls=3, answered=3, seconds=1.5)
    told = [seen[second].calls for second in (29.5, 30, 60, 60.5, 89.5, 90)]
    assert told == [3, 4, 4, 1, 1, 0]
    assert seen[90] == Minute()


def test_calls_under_way_are_told_as_their_mean_of_a_minute() -> None:
    count = Count()
    assert count.look(START) is None
    count.begin()
    count.begin()
    assert [looked(count, second).under_way for second in (30, 60)] == [1, 2]
    count.end()
    assert looked(count, 90).under_way == pytest.approx(1.5)
    assert looked(count, 120).under_way == pytest.approx(1)


async def test_calls_are_told_but_for_those_that_were_answered_from_memory(
    gateway: Running, engine: Engine
) -> None:
    await hosted(gateway, "ours", to(engine), cache_seconds=60)
    async with client_of(gateway, await gateway.token()) as http:
        first, again = await chat(http, "ours"), await chat(http, "ours")
        assert again.headers["x-lisa-cache"] == "hit"
        assert "x-lisa-cache" not in first.headers
        await chat(http, "ours", stream=True, engine={"tokens": 3, "pause": 0.3})
        await chat(http, "ours", engine={"status": 400})
    told = await told_of(gateway, calls=3)
    assert told.answered == 2
    assert told.seconds > 0
    assert told.under_way > 0


async def told_of(gateway: Running, calls: int) -> Minute:
    """Let the gateway tell until it has told of so many calls."""
    count = gateway.service.gateway.calls.uses.of("ours")
    async with asyncio.timeout(10):
        while True:
            uses: list[Use] = await gateway.reports.uses("ours")
            if uses and uses[0].minute and uses[0].minute.calls == calls:
                return uses[0].minute
            count.told = None  # else it would take half a minute
            await asyncio.sleep(0.05)
