"""Replicas that move between the try and the word that they serve, as when a worker was killed."""

import pytest

from lisa.adapters.scripted.host import Script
from lisa.domain.errors import Unavailable
from lisa.domain.lifecycle import Phase
from lisa.domain.model import ModelStatus
from tests.workflows.hosted import LONG_ENOUGH, house_before


async def test_a_replica_that_moved_after_it_was_tried_is_tried_at_its_new_place() -> None:
    house = await house_before("start")
    model = await house.order("start")
    state = {"model": "m", "run": model.run, "workflow": "start_model"}
    tried = {"answering": [{"url": "http://127.0.0.1:1/v1"}]}
    await house.steps["ensure_host"](state)
    house.clock.advance(LONG_ENOUGH)
    house.prober.message = "not yet"
    with pytest.raises(Unavailable, match="not yet"):
        await house.steps["put_in_service"]({**state, **tried})
    assert (await house.model()).status is ModelStatus.STARTING
    house.prober.message = ""
    for _ in range(2):  # a worker that was killed does it again
        await house.steps["put_in_service"]({**state, **tried})
    assert [each.url for each in (await house.model()).upstreams] == [Script().address]
    told = [each.phase for each in await house.timeline() if each.step == "put in service"]
    assert told == [Phase.DONE, Phase.GOING_ON, Phase.DONE]
