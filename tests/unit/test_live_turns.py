"""Followers of a turn: all hear everything once, the slow ones from the log, and none slows it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from lisa.domain.errors import Unavailable
from lisa.domain.turns.turn import Turn, TurnStatus
from lisa.stores.turns.log import Batch, TurnLog
from lisa.stores.turns.places import turn_id
from lisa.usecases.turns.live import KEPT_IN_MEMORY, LiveTurn
from lisa.usecases.turns.watching import Watching
from lisa.usecases.turns.writing import LogWriter
from tests.unit.conftest import House

PIECE = "x" * 2000


class AwayForAWhile(TurnLog):
    """A log that can't be written for the first few times."""

    failures = 2
    writes = 0

    async def write(self, batches: object, now: object) -> None:
        type(self).writes += 1
        if type(self).writes <= self.failures:
            raise Unavailable("not now")
        await super().write(batches, now)  # type: ignore[arg-type] # as they come


@pytest.fixture
async def writer(house: House) -> AsyncIterator[LogWriter]:
    writer = LogWriter(house.closing.log, house.clock)
    task = asyncio.create_task(writer.keep_writing())
    yield writer
    task.cancel()
    await asyncio.wait([task])


def a_turn(house: House) -> Turn:
    return Turn(
        id=turn_id("s_1", house.ids.new("turn")),
        owner="alice",
        session_id="chat",
        session_uid="s_1",
        model="tiny",
        created=house.clock.now(),
    )


def watching(house: House) -> Watching:
    return Watching(house.closing.heads, house.closing.log, house.closing, house.clock)


def pieces(count: int) -> list[dict[str, str]]:
    return [{"type": "response.output_text.delta", "delta": PIECE} for _ in range(count)]


async def heard(house: House, live: LiveTurn, number: int = 0) -> list[int]:
    """Follow to the end, and return the numbers that were heard."""
    found: list[int] = []
    async for events in watching(house).live(live, number):
        for event in events:
            found.append(number + len(found))
            assert f'"sequence_number":{found[-1]}}}' in event.text
        await asyncio.sleep(0)
    return found


async def test_memory_holds_only_the_latest_events_and_followers_hear_all(
    house: House, writer: LogWriter
) -> None:
    live = LiveTurn(a_turn(house), writer.note)
    following = [asyncio.create_task(heard(house, live)) for _ in range(3)]
    for _ in range(60):
        live.tell(pieces(10))
        await writer.flush(live)
    assert live.first > 0
    assert live.size <= 2 * KEPT_IN_MEMORY + 10 * len(PIECE)
    late = asyncio.create_task(heard(house, live))
    from_the_middle = asyncio.create_task(heard(house, live, 123))
    await asyncio.sleep(0.01)
    live.end(live.turn, [{"type": "response.completed"}])

    for each in (*following, late):
        assert await each == list(range(601))
    assert await from_the_middle == list(range(123, 601))


async def test_what_is_not_stored_stays_in_memory(house: House) -> None:
    live = LiveTurn(a_turn(house), lambda _: None)
    live.tell(pieces(1000))
    live.now_stored(10)
    assert live.first == 10
    assert live.following == 1000


async def test_all_that_was_told_is_in_the_log_after_a_flush(
    house: House, writer: LogWriter
) -> None:
    turns = [LiveTurn(a_turn(house), writer.note) for _ in range(150)]
    for number, live in enumerate(turns):
        live.tell(pieces(number % 5 + 1))
    await asyncio.gather(*(writer.flush(live) for live in turns))

    for number, live in enumerate(turns):
        assert len(await house.closing.log.all(live.turn.id)) == number % 5 + 1


async def test_a_log_that_is_away_is_waited_for(house: House) -> None:
    writer = LogWriter(AwayForAWhile(house.tables), house.clock)
    task = asyncio.create_task(writer.keep_writing())
    live = LiveTurn(a_turn(house), writer.note)
    live.tell(pieces(3))
    await writer.flush(live)
    task.cancel()

    assert len(await house.closing.log.all(live.turn.id)) == 3


async def test_only_events_that_count_are_replayed(house: House) -> None:
    """An owner who lost the turn may have logged more than what it ended with."""
    turn = a_turn(house).model_copy(update={"status": TurnStatus.COMPLETED, "last_sequence": 2})
    texts = [f'{{"type":"x","sequence_number":{n}}}' for n in range(5)]
    await house.closing.log.write([Batch(turn.id, 0, texts)], house.clock.now())

    told = [event async for some in watching(house).elsewhere(turn, 0) for event in some]
    assert [event.name for event in told] == ["x", "x", "response.completed"]
    behind = [event async for some in watching(house).elsewhere(turn, 3) for event in some]
    assert behind == []
