"""The timelines of models: read from any event on, and gone after a season."""

from datetime import timedelta

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.domain.errors import ConditionFailed
from lisa.domain.lifecycle import ModelEvent, Phase
from lisa.domain.model import ModelStatus
from lisa.stores.model_events import KEPT_FOR, ModelEvents, Order


def event(clock: ManualClock, sequence: int, model_id: str = "m") -> ModelEvent:
    status = ModelStatus.CREATING
    return ModelEvent(
        model_id=model_id, sequence=sequence, at=clock.now(), phase=Phase.DONE, status=status
    )


async def test_events_are_read_in_their_order_from_any_on_and_for_one_model() -> None:
    clock = ManualClock()
    events = ModelEvents(tables := MemoryTables(clock))
    told = [event(clock, sequence) for sequence in (2, 9, 10, 100)]
    await tables.transact([events.step(each) for each in (*told, event(clock, 11, "n"))])
    assert await events.page("m", -1, 10) == told
    assert await events.page("m", 9, 1) == told[2:3]
    assert await events.newest("m") == told[-1]
    assert await events.newest("other") is None


async def test_an_order_is_given_once() -> None:
    clock = ManualClock()
    events = ModelEvents(tables := MemoryTables(clock))
    order = Order("stop-1", "stop_model", {"model": "m", "routed": True})
    await tables.transact([events.order_step(order, clock.now())])
    assert await events.order("stop-1") == order
    with pytest.raises(ConditionFailed):
        await tables.transact([events.order_step(order, clock.now())])


async def test_what_is_old_is_gone() -> None:
    clock = ManualClock()
    events = ModelEvents(tables := MemoryTables(clock))
    await tables.transact([events.step(event(clock, 1))])
    clock.advance((KEPT_FOR + timedelta(seconds=1)).total_seconds())
    assert await events.page("m", -1, 10) == []
