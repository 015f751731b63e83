"""A gateway, a LiteLLM replica or a whole zone dies under load: no call fails beyond one retry."""

from collections import Counter

import pytest

from lisa.domain.identity import Limits
from lisa.domain.usage import Call
from tests.availability.callers import OF_EACH_CALL, Load, load
from tests.availability.site import BESIDE, Site

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]
BEFORE, AFTER = 20, 80  # calls
AFFORDED = 60


def counted_once(calls: Load, records: list[Call]) -> None:
    """Each call that was answered stands there, once, with what it used."""
    assert max(Counter(call.id for call in records).values()) == 1
    answered = [call for call in records if call.id in calls.answered]
    told = {(call.status, call.ended, call.unsettled, call.counts.total) for call in answered}
    assert told == {(200, "done", False, OF_EACH_CALL)}


def seen_of(lisa: Site, name: str) -> int:
    """Return how many calls of somebody the engines saw."""
    bodies = [seen.body for zone in lisa.zones for seen in zone.engine.seen]
    return sum(f"I am {name}.".encode() in body for body in bodies)


async def test_a_gateway_killed_under_load_fails_no_call_beyond_a_retry(lisa: Site) -> None:
    here, there = await lisa.whole()
    killed = here.tasks["serve"]
    async with load(lisa, "one") as calls:
        await calls.until(BEFORE)
        await lisa.busy("serve", killed)
        killed.kill()
        await calls.until(AFTER)
    assert calls.cut
    assert lisa.fronts["serve"].sends_to(there.tasks["serve"].port)
    lisa.replace(here, "serve", disk=killed.folder)
    counted_once(calls, await lisa.recorded("one", *calls.answered, *calls.cut))


async def test_a_budget_holds_though_a_gateway_is_killed_that_spends_of_it(lisa: Site) -> None:
    here, _ = await lisa.whole()
    budget = Limits(tokens_per_month=AFFORDED * OF_EACH_CALL)
    async with load(lisa, "two", limits=budget) as calls:
        await calls.until(AFFORDED // 4)
        await lisa.busy("serve", here.tasks["serve"])
        here.tasks["serve"].kill()
        await calls.spent()
    assert len(calls.answered) <= seen_of(lisa, "two") <= AFFORDED


async def test_a_litellm_replica_killed_under_load_fails_no_call_beyond_a_retry(lisa: Site) -> None:
    here, there = await lisa.whole()
    async with load(lisa, "three") as calls:
        await calls.until(BEFORE)
        await lisa.busy("litellm", here.tasks["litellm"])
        here.tasks["litellm"].kill()
        await calls.until(AFTER)
    assert calls.cut
    assert lisa.fronts["litellm"].sends_to(there.tasks["litellm"].port)
    records = await lisa.recorded("three", *calls.answered, *calls.cut)
    counted_once(calls, records)
    cut = {(call.model, call.ended) for call in records if call.id in calls.cut}
    assert cut == {(BESIDE, "cut")}


async def test_a_zone_lost_under_load_fails_no_call_beyond_a_retry(lisa: Site) -> None:
    here, there = await lisa.whole()
    lost = here.tasks["serve"]
    async with load(lisa, "four") as calls:
        await calls.until(BEFORE)
        await lisa.busy("serve", lost)
        await here.lose()
        await calls.until(AFTER)
    assert calls.cut
    for kind, front in lisa.fronts.items():
        assert front.sends_to(there.tasks[kind].port)
    lisa.replace(here, "serve", disk=lost.folder)
    counted_once(calls, await lisa.recorded("four", *calls.answered))
