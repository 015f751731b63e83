"""Replicas that follow the load, on hosts that know nothing of it."""

from dataclasses import dataclass
from typing import Any, Final

import pytest

from lisa.domain.hosting import Hosting, HostKind, Scaling
from lisa.domain.model import ModelStatus, Upstream
from lisa.domain.planned_scaling import PlannedScale
from lisa.ports.hosts import HostState, Observed, Replica
from lisa.stores.model_reports import Minute, ModelReports, Use
from lisa.usecases.lifecycle.idling import Idling
from lisa.usecases.lifecycle.load import FollowingLoad
from lisa.usecases.lifecycle.planned import PlannedActs
from lisa.usecases.lifecycle.replica_scaling import WITH_LOAD, ReplicaScaling
from lisa.usecases.lifecycle.watching import Watching
from tests.workflows.hosted import HOSTING, House

SCALING: Final = Scaling(maximum=3, target=2, cooldown_seconds=60, warmup_seconds=20)
NIGHT: Final = (
    PlannedScale(at="08:00", minimum=1, maximum=3),
    PlannedScale(at="20:00", minimum=0, maximum=1),
)
LATE: Final = 21


class Sized:
    """A host that has at once what it is asked for."""

    def __init__(self, replicas: int) -> None:
        self.ports = [*range(1, replicas + 1)]
        self.asked: list[int] = []

    async def observe(self, model_id: str) -> Observed:
        del model_id
        replicas = [Replica(f"r{port}", url(port), healthy=True) for port in self.ports]
        return Observed(HostState.READY, replicas=replicas)

    async def ensure(self, model_id: str, hosting: Hosting, replicas: int) -> None:
        del model_id, hosting
        self.asked.append(replicas)
        self.ports = [*range(1, replicas + 1)]


@dataclass
class Loaded:
    """A house with the model `m` in service, of which gateways tell."""

    house: House
    reports: ModelReports
    host: Sized
    watching: Watching

    async def load(self, calls: int | None, under_way: int = 0) -> None:
        """Let a gateway tell how many calls there were within a minute, if it knows of that."""
        now = self.house.clock.now()
        minute = None if calls is None else Minute(calls=calls)
        use = Use(last_used=now, under_way=under_way, told=now, minute=minute)
        await self.reports.tell_use("g", "m", use)

    async def looks(self, seconds: float = 0, calls: int | None = None) -> int:
        """Look every few seconds for so long; return how many replicas there are then."""
        await self.watching.look()
        for _ in range(int(seconds // 5)):
            self.house.clock.advance(5)
            if calls is not None:
                await self.load(calls)
            await self.watching.look()
        return len(self.host.ports)

    async def told(self) -> list[str]:
        """Return what its timeline tells of its load."""
        return [each.words for each in await self.house.timeline() if each.step == WITH_LOAD]

    def watched_anew(self) -> None:
        """Let another process look after the model from now on."""
        self.watching = watching_of(self.house, self.reports)


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}/v1"


def watching_of(house: House, reports: ModelReports) -> Watching:
    acts, idling = PlannedActs(house.uses), Idling(house.uses, reports)
    scaling = ReplicaScaling(house.uses, FollowingLoad(reports, house.clock))
    return Watching(house.uses, house.recovery, reports, acts, idling, scaling)


async def loaded_with(kind: HostKind = HostKind.PROCESSES, **scaling: Any) -> Loaded:
    house, scaled = House(), SCALING.model_copy(update=scaling)
    await house.does("create")
    host, reports = Sized(scaled.desired), ModelReports(house.tables)
    house.hosts[kind] = host  # type: ignore[assignment] # only looked at and asked for a number
    old = await house.model()
    hosting = HOSTING.model_copy(update={"kind": kind, "scaling": scaled})
    upstreams = tuple(Upstream(id=f"replica-{port}", url=url(port)) for port in host.ports)
    new = old.model_copy(update={"hosting": hosting, "upstreams": upstreams})
    await house.models.change(old, new)
    return Loaded(house, reports, host, watching_of(house, reports))


@pytest.fixture
async def loaded() -> Loaded:
    return await loaded_with()


async def test_a_step_of_load_brings_replicas_at_the_next_look_and_its_end_takes_them_away(
    loaded: Loaded,
) -> None:
    before = await loaded.house.model()
    assert await loaded.looks(20) == 1
    await loaded.load(calls=4)
    assert await loaded.looks() == 2
    assert await loaded.looks(300, calls=4) == 2
    assert await loaded.looks(55, calls=0) == 2
    assert await loaded.looks(30, calls=0) == 1
    after = await loaded.house.model()
    assert (after.status, after.run) == (ModelStatus.IN_SERVICE, before.run)
    assert [each.url for each in after.upstreams] == [url(1)]
    assert await loaded.told() == [
        "4 calls per minute and replica of 2 wanted: 2 replicas instead of 1",
        "0 calls per minute and replica of 2 wanted: 1 replica instead of 2",
    ]


async def test_a_silent_gateway_is_believed_for_a_minute(loaded: Loaded) -> None:
    await loaded.load(calls=4)
    await loaded.looks()
    assert await loaded.looks(60 + 55) == 2
    assert await loaded.looks(20) == 1


async def test_of_what_nobody_tells_replicas_stay_as_they_are_desired() -> None:
    loaded = await loaded_with(desired=2)
    await loaded.load(calls=None)
    assert await loaded.looks(1000) == 2


async def test_a_replica_gets_no_new_call_and_ends_those_it_has_before_it_goes(
    loaded: Loaded,
) -> None:
    await loaded.load(calls=4)
    await loaded.looks(5)
    assert len((await loaded.house.model()).upstreams) == 2
    await loaded.looks(60, calls=0)
    for _ in range(8):
        loaded.house.clock.advance(5)
        await loaded.load(calls=0, under_way=1)
        assert await loaded.looks() == 2
    assert [each.url for each in (await loaded.house.model()).upstreams] == [url(1)]
    assert await loaded.looks(5, calls=0) == 1


async def test_load_that_comes_back_keeps_what_was_about_to_go(loaded: Loaded) -> None:
    await loaded.load(calls=4)
    await loaded.looks(5)
    await loaded.looks(60, calls=0)
    await loaded.load(calls=4)
    assert await loaded.looks(20, calls=4) == 2
    assert len((await loaded.house.model()).upstreams) == 2
    assert len(await loaded.told()) == 1


async def test_a_plan_bounds_what_the_load_wants_and_the_load_stays_known() -> None:
    loaded = await loaded_with(planned=NIGHT)
    clock = loaded.house.clock
    clock.time = clock.time.replace(hour=12)
    await loaded.load(calls=100)
    assert await loaded.looks() == 3
    clock.time = clock.time.replace(hour=LATE)
    assert await loaded.looks(20, calls=100) == 1
    clock.advance(12 * 3600)
    await loaded.load(calls=100)
    assert await loaded.looks() == 3


async def test_another_process_goes_on_with_as_many_as_there_are(loaded: Loaded) -> None:
    await loaded.load(calls=4)
    await loaded.looks(5)
    loaded.watched_anew()
    assert await loaded.looks(30, calls=4) == 2
    assert len((await loaded.house.model()).upstreams) == 2
    assert await loaded.looks(90, calls=0) == 1


async def test_a_new_run_begins_with_what_is_desired(loaded: Loaded) -> None:
    await loaded.load(calls=4)
    await loaded.looks(5)
    await loaded.load(calls=2)
    model = await loaded.house.model()
    await loaded.house.models.change(model, model.model_copy(update={"run": "update-it"}))
    assert await loaded.looks(20, calls=2) == 1


@pytest.mark.parametrize("number", [1, 2])
async def test_where_the_bounds_leave_no_choice_nothing_is_asked_for(number: int) -> None:
    loaded = await loaded_with(minimum=number, desired=number, maximum=number)
    await loaded.load(calls=100)
    await loaded.looks(20)
    assert loaded.host.asked == []


async def test_on_aws_replicas_are_left_to_aws() -> None:
    loaded = await loaded_with(HostKind.CLOUDFORMATION)
    await loaded.load(calls=100)
    await loaded.looks(20)
    assert loaded.host.asked == []


async def test_a_model_that_is_stopped_meanwhile_stays_so(loaded: Loaded) -> None:
    await loaded.load(calls=100)
    await loaded.house.order("stop")
    assert await loaded.looks(20) == 1
    assert loaded.host.asked == []
