"""A deployment replaces gateways and LiteLLM replicas under load: nobody has to ask twice."""

from signal import SIGTERM

import pytest

from tests.availability.callers import load
from tests.availability.site import KINDS, Site
from tests.availability.tasks import Task
from tests.availability.test_killed import AFTER, BEFORE, counted_once
from tests.availability.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]


async def retired(lisa: Site, kind: str, old: Task) -> None:
    """Do what ECS does once there is a new one: take the old one out, then tell it to stop."""
    await lisa.busy(kind, old)
    lisa.fronts[kind].drain(old.port)
    old.tell_to_stop()
    await until(lambda: old.has_ended)


async def test_replacing_gateways_and_litellm_under_load_fails_no_call_and_lets_streams_end(
    lisa: Site,
) -> None:
    here, there = await lisa.whole()
    old = {**here.tasks}
    async with load(lisa, "five", retries=0) as calls:
        await calls.until(BEFORE)
        new = {kind: lisa.replace(here, kind) for kind in KINDS}
        for kind in KINDS:
            await lisa.until_well(kind, old[kind], new[kind], there.tasks[kind])
            await retired(lisa, kind, old[kind])
        await calls.until(AFTER)
    assert not calls.cut
    assert {each.process.returncode for each in old.values()} <= {0, -SIGTERM}
    counted_once(calls, await lisa.recorded("five", *calls.answered))
