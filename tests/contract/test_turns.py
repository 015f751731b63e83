"""Turns over each store: found by their ids, leased, closed once; events read from any number."""

import json
from datetime import timedelta

import pytest

from lisa.adapters.memory.clock import START, ManualClock
from lisa.domain.errors import ConditionFailed
from lisa.domain.turns.turn import Measures, Turn, TurnStatus
from lisa.ports.table import Tables
from lisa.stores.turns.heads import TurnHeads
from lisa.stores.turns.log import KEPT_FOR, Batch, Event, TurnLog
from lisa.stores.turns.places import session_uid, turn_id

LEASE = timedelta(seconds=10)


def turn(name: str = "1", **more: object) -> Turn:
    fields = {
        "id": turn_id("s_abc", name),
        "owner": "alice",
        "session_id": "chat",
        "session_uid": "s_abc",
        "model": "tiny",
        "request": {"instructions": "Be brief.", "temperature": 0.2},
        "lease": "lease_1",
        "lease_until": START + LEASE,
        "created": START,
    }
    return Turn.model_validate(fields | more)


def event(number: int, size: int = 10) -> str:
    return json.dumps({"type": "x", "sequence_number": number, "delta": "ü" * size})


def numbers(events: list[Event]) -> list[object]:
    return [each["sequence_number"] for each in events]


def test_the_id_of_a_turn_names_its_session() -> None:
    assert session_uid(turn().id) == "s_abc"
    assert session_uid("resp_abc") == session_uid("resp_../x_1") == session_uid("turn_a_1") == ""


async def test_a_turn_is_kept_as_it_was(tables: Tables) -> None:
    heads = TurnHeads(tables)
    await heads.begin(turn())

    assert await heads.get(turn().id) == turn()
    assert await heads.get(turn("2").id) is None
    assert await heads.get("resp_no#id") is None
    with pytest.raises(ConditionFailed):
        await heads.begin(turn())
    found = await heads.get_many([turn().id, turn("2").id])
    assert found == {turn().id: turn(request={})}


async def test_open_turns_are_found_when_their_lease_is_over(tables: Tables) -> None:
    heads = TurnHeads(tables)
    turns = [turn(str(n), lease_until=START + n * LEASE) for n in range(4)]
    for each in turns:
        await heads.begin(each)

    assert [each.id for each in await heads.expired(START + LEASE)] == [turns[0].id, turns[1].id]
    await heads.renew(turns[:2], START + 9 * LEASE)
    assert [each.id for each in await heads.expired(START + 2 * LEASE)] == [turns[2].id]
    ended = turns[2].model_copy(update={"status": TurnStatus.INCOMPLETE})
    await heads.close(ended, version=1)
    assert await heads.expired(START + 2 * LEASE) == []


async def test_what_was_changed_meanwhile_is_not_renewed(tables: Tables) -> None:
    heads = TurnHeads(tables)
    turns = [turn(str(n)) for n in range(150)]
    for each in turns:
        await heads.begin(each)
    await heads.request_cancel(turns[3])
    await heads.forget(turns[4].id)

    until = START + 2 * LEASE
    await heads.renew(turns, until)

    kept = await heads.get_many([each.id for each in turns])
    assert turns[4].id not in kept
    assert kept[turns[3].id].cancel_requested
    assert kept[turns[3].id].lease_until == START + LEASE
    renewed = [each for each in kept.values() if each.lease_until == until]
    assert len(renewed) == 148
    assert {each.version for each in renewed} == {2}


async def test_a_turn_is_closed_by_one_only(tables: Tables) -> None:
    heads = TurnHeads(tables)
    await heads.begin(turn())
    ended = turn(
        status=TurnStatus.COMPLETED,
        output_ids=("msg_1",),
        last_sequence=7,
        usage={"total_tokens": 3},
        measures=Measures(cost=0.000_000_2, first_token_ms=12.5),
        completed=START,
    )
    await heads.close(ended, version=1)

    assert await heads.get(turn().id) == ended.model_copy(
        update={"version": 2, "lease_until": None}
    )
    for version in (1, 3):
        with pytest.raises(ConditionFailed):
            await heads.close(ended, version=version)


async def test_cancelling_a_turn_that_is_gone_makes_no_row(tables: Tables) -> None:
    with pytest.raises(ConditionFailed):
        await TurnHeads(tables).request_cancel(turn())
    assert not await TurnHeads(tables).are_in("s_abc")


async def test_events_are_read_from_any_number_on(tables: Tables) -> None:
    log = TurnLog(tables)
    await log.write([Batch(turn().id, 0, [event(n) for n in range(5)])], START)
    await log.write([Batch(turn().id, 5, [event(5)])], START)
    await log.write([Batch(turn().id, 6, [event(n) for n in range(6, 9)])], START)
    await log.write([Batch(turn("2").id, 0, [event(0)])], START)

    for first in range(9):
        assert numbers(await log.read(turn().id, first)) == list(range(first, 9))
    assert await log.read(turn().id, 9) == []
    assert numbers(await log.all(turn().id)) == list(range(9))


async def test_writing_events_again_changes_nothing(tables: Tables) -> None:
    log = TurnLog(tables)
    batches = [Batch(turn(str(n)).id, 0, [event(0), event(1)]) for n in range(120)]
    for _ in range(2):
        await log.write(batches, START)

    for batch in batches[::40]:
        assert numbers(await log.all(batch.turn_id)) == [0, 1]


async def test_events_larger_than_a_row_are_put_together_again(tables: Tables) -> None:
    log = TurnLog(tables)
    events = [event(0, 10), event(1, 120_000), event(2, 10)]
    await log.write([Batch(turn().id, 0, events)], START)
    await log.write([Batch(turn().id, 3, [event(3)])], START)

    read = await log.all(turn().id)
    assert read == [json.loads(each) for each in [*events, event(3)]]
    assert numbers(await log.read(turn().id, 2)) == [2, 3]


async def test_events_are_forgotten_after_a_day_and_the_turn_is_not(
    tables: Tables, clock: ManualClock
) -> None:
    await TurnHeads(tables).begin(turn())
    await TurnLog(tables).write([Batch(turn().id, 0, [event(0)])], clock.now())
    clock.advance(KEPT_FOR.total_seconds())

    assert await TurnLog(tables).all(turn().id) == []
    assert await TurnHeads(tables).get(turn().id)


async def test_nothing_is_left_of_a_forgotten_turn(tables: Tables) -> None:
    heads, log = TurnHeads(tables), TurnLog(tables)
    await heads.begin(turn())
    await log.write([Batch(turn().id, 0, [event(0, 120_000)])], START)
    await heads.forget(turn().id)

    assert await heads.get(turn().id) is None
    assert await log.all(turn().id) == []
    assert not await heads.are_in("s_abc")
