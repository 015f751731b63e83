"""Usage over each store: counted once whatever is repeated, listed and summed up as it was."""

from collections import Counter
from datetime import timedelta

import pytest

from lisa.adapters.memory.clock import START, ManualClock
from lisa.domain.usage import Call, Counts
from lisa.domain.usage_sums import NANO, Sums
from lisa.ports.journal import Batch
from lisa.ports.table import Tables
from lisa.stores.usage.batches import UsageBatches
from lisa.stores.usage.records import CallSearch, UsageRecords
from lisa.stores.usage.sums import Span, UsageSums

DAY = Span("day", START, START + timedelta(days=1))


def call(number: int, *, subject: str = "alice", model: str = "m", seconds: float = 0) -> Call:
    return Call(
        id=f"call_{number}",
        at=START + timedelta(seconds=seconds or number),
        subject=subject,
        groups=frozenset({"research"}),
        token_id="token_1",
        model=model,
        endpoint="chat/completions",
        status=200,
        counts=Counts(prompt=10, completion=number),
        cost=0.000_000_2,
        first_byte_ms=20.5,
        total_ms=100,
    )


async def listed(tables: Tables, **wanted: str) -> list[str]:
    """Return the ids of all calls, page by page."""
    found: list[str] = []
    search = CallSearch(START, START + timedelta(days=9), limit=7, **wanted)
    while True:
        calls, cursor = await UsageRecords(tables).page(search)
        found += [each.id for each in calls]
        if not cursor:
            return found
        search = CallSearch(START, START + timedelta(days=9), limit=7, cursor=cursor, **wanted)


async def total(tables: Tables, span: Span = DAY) -> Sums:
    summed: Sums = Counter()
    for _, sums in await UsageSums(tables).of_all(span):
        summed.update(sums)
    return summed


async def test_a_batch_that_is_sent_again_counts_once(tables: Tables) -> None:
    calls = tuple(call(n, subject=f"user{n % 3}") for n in range(30))
    for _ in range(2):
        await UsageBatches(tables).add(Batch("b1", calls))

    assert sorted(await listed(tables)) == sorted(each.id for each in calls)
    sums = await total(tables)
    assert sums["requests"] == 30
    assert sums["completion"] == sum(range(30))
    assert sums["cost"] == 30 * 200 == round(0.000_006 * NANO)
    assert sums["total6"] == sums["first_byte5"] == 30


async def test_a_batch_of_which_a_part_was_stored_is_completed(tables: Tables) -> None:
    """Many subjects make many rows: more than one transaction can hold."""
    calls = tuple(call(n, subject=f"user{n}", model=f"m{n % 4}") for n in range(36))
    await UsageBatches(tables).add(Batch("b1", calls[:10]))
    whole = Batch("b2", calls[10:])
    await UsageBatches(tables).add(whole)
    await UsageBatches(tables).add(whole)

    assert (await total(tables))["requests"] == 36
    assert sorted(await listed(tables)) == sorted(each.id for each in calls)
    by_subject = await UsageSums(tables).of_each(DAY)
    assert {counted.subject for counted, _ in by_subject} == {f"user{n}" for n in range(36)}
    assert {sums["requests"] for _, sums in by_subject} == {1}


async def test_processes_add_to_the_same_sums(tables: Tables) -> None:
    for lane in range(3):
        await UsageBatches(tables, lane).add(Batch(f"b{lane}", (call(lane), call(lane + 10))))

    [(counted, sums)] = await UsageSums(tables).of_subject(DAY, "alice")
    assert (counted.model, counted.token, sums["requests"]) == ("m", "token_1", 6)
    assert await UsageSums(tables).of_subject(DAY, "bob") == []


@pytest.mark.parametrize("subject", ["", "alice"])
async def test_calls_are_found_by_time_and_model_over_days(tables: Tables, subject: str) -> None:
    store = UsageBatches(tables)
    for number in range(40):
        ago = number * 3600 * 5
        await store.add(Batch(f"b{number}", (call(number, seconds=ago, model=f"m{number % 2}"),)))
    since, until = START + timedelta(hours=50), START + timedelta(hours=150)

    search = CallSearch(since, until, subject=subject, model="m0", limit=1000)
    calls, _ = await UsageRecords(tables).page(search)
    assert [each.id for each in calls] == [f"call_{n}" for n in range(28, 9, -2)]
    assert len(await listed(tables, subject=subject)) == 40


async def test_hours_and_days_agree(tables: Tables) -> None:
    calls = tuple(call(n, seconds=n * 1000) for n in range(200))
    await UsageBatches(tables).add(Batch("b", calls))
    until = START + timedelta(days=3)

    days = await UsageSums(tables).of_subject(Span("day", START, until), "alice")
    hours = await UsageSums(tables).of_subject(Span("hour", START, until), "alice")
    assert len(days) == 3
    assert len(hours) == 56
    assert sum((s for _, s in days), Counter()) == sum((s for _, s in hours), Counter())


async def test_calls_expire_before_their_daily_sums(tables: Tables, clock: ManualClock) -> None:
    await UsageBatches(tables, days=5).add(Batch("b", (call(1),)))
    clock.advance(5 * 86_400 + 2)

    assert await listed(tables) == []
    assert (await total(tables))["requests"] == 1


async def test_people_are_remembered_with_their_first_and_last_call(tables: Tables) -> None:
    await UsageBatches(tables).add(Batch("b1", (call(1), call(2, subject="bob"))))
    await UsageBatches(tables).add(Batch("b2", (call(90),)))

    person = await UsageSums(tables).person("alice")
    assert person is not None
    assert (person.requests, person.groups) == (2, ("research",))
    assert (person.first_seen[17:19], person.last_seen[17:19]) == ("01", "30")
    assert {each.subject async for each in UsageSums(tables).people()} == {"alice", "bob"}
