"""Limits that change hold from the next call on, and what is held is given to one call alone."""

import asyncio

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.declared.tables import Table
from lisa.domain.errors import LimitReached
from lisa.domain.identity import Limits, Principal
from lisa.domain.model import Model
from lisa.domain.usage import Counts
from lisa.ports.calls import Ask
from lisa.ports.table import Key, Row
from lisa.stores.allowances import AllowanceStore
from lisa.usecases.limits.limiter import FleetLimiter, Reserved
from lisa.usecases.limits.settings import LimitSettings

ONE_A_MINUTE = Limits(requests_per_minute=1)
CLOCK = ManualClock()
MODEL = Model(id="m", created=CLOCK.now(), changed=CLOCK.now())
ALICE = Principal(subject="alice", groups=frozenset({"red"}), token_id="t", limits=Limits())


class SlowTables(MemoryTables):
    """A store whose answers let others go on meanwhile."""

    async def get(self, table: Table, key: Key) -> Row | None:
        await asyncio.sleep(0)
        return await super().get(table, key)


class Limited:
    """Processes over one store, with settings that can be changed."""

    def __init__(self, settings: LimitSettings) -> None:
        self.settings = settings
        store = AllowanceStore(SlowTables(CLOCK), CLOCK)
        self.limiters = [FleetLimiter(store, self._limits, name, lambda *_: None) for name in "ab"]

    async def _limits(self) -> LimitSettings:
        return self.settings

    async def admits(
        self, *, most: int = 1, caller: Principal = ALICE, model: Model = MODEL, process: int = 0
    ) -> Reserved | None:
        ask = Ask("call", caller, model, "chat", prompt_estimate=0, most_completion=most)
        try:
            return await self.limiters[process].admit(ask)
        except LimitReached:
            return None


@pytest.mark.parametrize(
    ("settings", "caller", "model"),
    [
        (LimitSettings(everybody=ONE_A_MINUTE), ALICE, MODEL),
        (LimitSettings(), ALICE.model_copy(update={"limits": ONE_A_MINUTE}), MODEL),
        (LimitSettings(), ALICE, MODEL.model_copy(update={"limits": ONE_A_MINUTE})),
        (LimitSettings(groups={"blue": ONE_A_MINUTE}), ALICE, MODEL),
    ],
    ids=["everybody's", "the token's", "the model's", "a group's"],
)
async def test_a_limit_that_is_set_holds_from_the_next_call_on(
    settings: LimitSettings, caller: Principal, model: Model
) -> None:
    limited = Limited(LimitSettings())
    for _ in range(3):
        assert await limited.admits()
    limited.settings = settings
    blue = caller.model_copy(update={"groups": frozenset({"blue"})})
    assert await limited.admits(caller=blue, model=model)
    assert not await limited.admits(caller=blue, model=model)


async def test_what_is_held_of_a_budget_goes_to_one_of_two_who_ask_at_once() -> None:
    limited = Limited(LimitSettings(everybody=Limits(tokens_per_day=20)))
    first = await limited.admits(most=10)
    assert first
    await first.settle(Counts(completion=5), 0)  # five stay held, and ten are needed
    assert all(await asyncio.gather(limited.admits(most=10), limited.admits(most=5)))
    assert not await limited.admits(most=5, process=1)
