"""Limits hold for all processes together, whatever becomes of one of them."""

import asyncio
import random
from datetime import timedelta

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.domain.errors import LimitReached
from lisa.domain.identity import Limits, Principal
from lisa.domain.model import Model, Prices
from lisa.domain.usage import Counts
from lisa.ports.calls import Ask
from lisa.stores.allowances import AllowanceStore, Place
from lisa.usecases.limits.limiter import FleetLimiter, Reserved
from lisa.usecases.limits.settings import LimitSettings

ALICE = Principal(subject="alice", groups=frozenset({"red"}))


class Fleet:
    """Several gateway processes over one table, and a clock that we move."""

    def __init__(self, processes: int, settings: LimitSettings) -> None:
        self.clock = ManualClock()
        self.store = AllowanceStore(MemoryTables(self.clock), self.clock)
        self.lost: list[tuple[Place, int]] = []

        async def limits() -> LimitSettings:
            return settings

        self.limiters = [
            FleetLimiter(self.store, limits, f"process-{n}", lambda *each: self.lost.append(each))
            for n in range(processes)
        ]

    async def report(self) -> None:
        for limiter in self.limiters:
            await limiter.report()


def model(**fields: object) -> Model:
    now = ManualClock().now()
    return Model.model_validate({"id": "m", "created": now, "changed": now} | fields)


def ask(model: Model, *, most: int = 100, caller: Principal = ALICE) -> Ask:
    return Ask("call", caller, model, "chat", prompt_estimate=0, most_completion=most)


async def admitted(limiter: FleetLimiter, wanted: Ask) -> Reserved | None:
    try:
        return await limiter.admit(wanted)
    except LimitReached:
        return None


@pytest.mark.parametrize("processes", [1, 8])
@pytest.mark.parametrize("cap", [7, 60, 300])
async def test_in_any_minute_at_most_the_limit_is_admitted_and_nearly_all_of_it(
    processes: int, cap: int
) -> None:
    fleet = Fleet(processes, LimitSettings(everybody=Limits(requests_per_minute=cap)))
    begun, times = fleet.clock.now(), list[float]()
    chance = random.Random(cap)  # noqa: S311 - to be repeatable
    while fleet.clock.now() - begun < timedelta(minutes=4):
        for limiter in fleet.limiters:
            wanted = [ask(model())] * max(1, cap // 60 // processes * 2)
            passed = [await admitted(limiter, each) for each in wanted]
            times += [fleet.clock.now().timestamp()] * (len(passed) - passed.count(None))
        await fleet.report()
        fleet.clock.advance(0.2 + chance.random() * 0.4)
    windows = [sum(start <= time < start + 60 for time in times) for start in times]
    assert max(windows) <= cap
    assert len(times) >= 0.9 * cap * 4


async def test_fifty_at_once_never_pass_a_budget() -> None:
    priced = model(prices=Prices(completion=10_000, source="test"))  # a cent per token
    fleet = Fleet(5, LimitSettings(everybody=Limits(budget_usd_per_month=7.5)))

    async def call(n: int) -> int:
        permit = await admitted(fleet.limiters[n % 5], ask(priced, most=100))
        await asyncio.sleep(0)
        if permit:
            await permit.settle(Counts(completion=100), 1.0)
        return bool(permit)

    assert sum(await asyncio.gather(*(call(n) for n in range(50)))) == 7
    await fleet.report()
    again = await admitted(fleet.limiters[0], ask(priced, most=50))
    assert again is not None
    await again.settle(Counts(completion=50), 0.5)
    assert await admitted(fleet.limiters[1], ask(priced, most=1)) is None


async def test_what_was_reserved_and_not_used_can_be_used_by_others() -> None:
    fleet = Fleet(2, LimitSettings(everybody=Limits(tokens_per_day=1000)))
    first = await fleet.limiters[0].admit(ask(model(), most=900))
    assert await admitted(fleet.limiters[1], ask(model(), most=200)) is None
    await first.settle(Counts(completion=10), 0)
    await fleet.report()
    fleet.clock.advance(1)
    await fleet.report()
    assert await admitted(fleet.limiters[1], ask(model(), most=900)) is not None


@pytest.mark.parametrize(
    "limits", [Limits(requests_per_minute=1), Limits(concurrent_requests=1)], ids=str
)
async def test_what_was_reserved_and_not_used_is_there_at_once(limits: Limits) -> None:
    limiter = Fleet(1, LimitSettings(everybody=limits)).limiters[0]
    for _ in range(3):
        permit = await limiter.admit(ask(model()))
        await permit.settle(None, 0)
    await limiter.admit(ask(model()))
    with pytest.raises(LimitReached):
        await limiter.admit(ask(model()))


async def test_more_than_was_reserved_is_counted_all_the_same() -> None:
    fleet = Fleet(2, LimitSettings(everybody=Limits(tokens_per_day=1000)))
    first = await fleet.limiters[0].admit(ask(model(), most=100))
    await first.settle(Counts(completion=950), 0)
    await fleet.report()
    fleet.clock.advance(1)
    await fleet.report()
    assert await admitted(fleet.limiters[1], ask(model(), most=60)) is None
    assert await admitted(fleet.limiters[1], ask(model(), most=50)) is not None


async def test_a_call_larger_than_the_whole_budget_may_go_while_nothing_else_does() -> None:
    fleet = Fleet(1, LimitSettings(everybody=Limits(tokens_per_minute=100)))
    assert await admitted(fleet.limiters[0], ask(model(), most=4096)) is not None
    assert await admitted(fleet.limiters[0], ask(model(), most=1)) is None


async def test_what_a_dead_process_held_of_a_budget_counts_as_spent_and_is_told() -> None:
    fleet = Fleet(2, LimitSettings(everybody=Limits(tokens_per_day=1000)))
    await fleet.limiters[0].admit(ask(model(), most=600))
    fleet.limiters[0] = fleet.limiters[1]  # the first one dies
    fleet.clock.advance(31)
    assert await admitted(fleet.limiters[1], ask(model(), most=500)) is None
    assert await admitted(fleet.limiters[1], ask(model(), most=300)) is not None
    assert [amount for _, amount in fleet.lost] == [600]


async def test_slots_of_a_dead_process_come_back() -> None:
    fleet = Fleet(2, LimitSettings(everybody=Limits(concurrent_requests=2)))
    await fleet.limiters[0].admit(ask(model()))
    await fleet.limiters[0].admit(ask(model()))
    assert await admitted(fleet.limiters[1], ask(model())) is None
    fleet.clock.advance(31)
    assert await admitted(fleet.limiters[1], ask(model())) is not None


async def test_slots_of_a_long_call_stay_taken_while_its_process_lives() -> None:
    fleet = Fleet(2, LimitSettings(everybody=Limits(concurrent_requests=1)))
    long = await fleet.limiters[0].admit(ask(model()))
    for _ in range(200):
        fleet.clock.advance(0.5)
        await fleet.report()
    assert await admitted(fleet.limiters[1], ask(model())) is None
    await long.settle(Counts(), 0)
    for _ in range(3):
        fleet.clock.advance(0.5)
        await fleet.report()
    assert await admitted(fleet.limiters[1], ask(model())) is not None


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        (LimitSettings(groups={"red": Limits(requests_per_minute=1)}), model()),
        (LimitSettings(users={"alice": Limits(requests_per_minute=1)}), model()),
        (LimitSettings(), model(limits=Limits(requests_per_minute=1))),
    ],
)
async def test_the_limits_of_user_group_and_model_hold(
    settings: LimitSettings, wanted: Model
) -> None:
    fleet = Fleet(2, settings)
    assert await admitted(fleet.limiters[0], ask(wanted)) is not None
    with pytest.raises(LimitReached) as refusal:
        await fleet.limiters[1].admit(ask(wanted))
    assert 0 < refusal.value.retry_after <= 64


async def test_a_token_has_its_own_limits_also_an_administrators() -> None:
    fleet = Fleet(1, LimitSettings())
    root = Principal(subject="root", admin=True, token_id="t", limits=Limits(requests_per_minute=1))
    assert await admitted(fleet.limiters[0], ask(model(), caller=root)) is not None
    assert await admitted(fleet.limiters[0], ask(model(), caller=root)) is None


async def test_a_call_refused_by_one_limit_uses_nothing_of_the_others() -> None:
    settings = LimitSettings(
        everybody=Limits(requests_per_minute=2),
        groups={"red": Limits(tokens_per_day=100)},
    )
    fleet = Fleet(1, settings)
    for _ in range(3):
        await admitted(fleet.limiters[0], ask(model(), most=100))
    blue = Principal(subject="alice")
    await fleet.report()
    fleet.clock.advance(3)
    await fleet.report()
    assert await admitted(fleet.limiters[0], ask(model(), caller=blue)) is not None
    assert await admitted(fleet.limiters[0], ask(model(), caller=blue)) is None


async def test_shares_that_nobody_uses_are_forgotten() -> None:
    fleet = Fleet(1, LimitSettings(everybody=Limits(requests_per_minute=5, tokens_per_day=10**6)))
    for n in range(20):
        caller = Principal(subject=f"user-{n}")
        permit = await fleet.limiters[0].admit(ask(model(), caller=caller))
        await permit.settle(Counts(completion=1), 0)
    assert fleet.limiters[0].held() == 40
    for _ in range(8):
        fleet.clock.advance(1)
        await fleet.report()
    assert fleet.limiters[0].held() == 0
