"""Replicas that are planned by the time of day, on hosts that know nothing of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest

from lisa.domain.errors import Unavailable
from lisa.domain.hosting import Hosting, HostKind, Scaling
from lisa.domain.model import ModelStatus, Upstream
from lisa.domain.planned_scaling import PlannedScale
from lisa.ports.hosts import HostState, Observed, Replica
from lisa.stores.model_reports import ModelReports, Use
from lisa.usecases.lifecycle.idling import Idling
from lisa.usecases.lifecycle.load import FollowingLoad
from lisa.usecases.lifecycle.planned import PlannedActs
from lisa.usecases.lifecycle.replica_scaling import AS_PLANNED, ReplicaScaling
from lisa.usecases.lifecycle.resting import ALL_KNOW_AFTER, PATIENCE
from lisa.usecases.lifecycle.watching import Watching
from tests.workflows.hosted import HOSTING, House

PLANNED: Final = (
    PlannedScale(at="09:00", minimum=2, maximum=4),
    PlannedScale(at="17:00", minimum=0, maximum=1),
)
HOSTED: Final = HOSTING.model_copy(update={"scaling": Scaling(planned=PLANNED)})


@dataclass
class Planned:
    """A house with the model `m` in service at noon, whose replicas are planned from then on."""

    house: House
    reports: ModelReports
    scaling: ReplicaScaling
    watching: Watching

    async def look_at(self, hour: int, seconds: float = 0) -> int:
        """Look at this time of the day, and return how many replicas run when they are ready."""
        day = self.house.clock.time.replace(hour=0, minute=0, second=0, microsecond=0)
        self.house.clock.time = day + timedelta(hours=hour, seconds=seconds)
        await self.watching.look()
        return await self.house.running()

    async def calls(self, number: int) -> None:
        """Let a gateway tell how many calls are under way."""
        now = self.house.clock.now()
        await self.reports.tell_use("g", "m", Use(last_used=now, under_way=number, told=now))

    async def told(self) -> list[str]:
        """Return what its timeline tells of the plan."""
        return [each.words for each in await self.house.timeline() if each.step == AS_PLANNED]


def watching_of(house: House, reports: ModelReports, scaling: ReplicaScaling) -> Watching:
    acts, idling = PlannedActs(house.uses), Idling(house.uses, reports)
    return Watching(house.uses, house.recovery, reports, acts, idling, scaling)


@pytest.fixture
async def planned() -> Planned:
    house = House()
    reports = ModelReports(house.tables)
    scaling = ReplicaScaling(house.uses, FollowingLoad(reports, house.clock))
    await house.does("create")
    await changed(house, hosting=HOSTED)
    return Planned(house, reports, scaling, watching_of(house, reports, scaling))


async def changed(house: House, **about: object) -> None:
    """Write something of the model as if somebody had done so long ago."""
    old = await house.model()
    await house.models.change(old, old.model_copy(update=about))


async def test_replicas_come_and_go_as_planned_and_the_model_stays_in_service(
    planned: Planned,
) -> None:
    before = await planned.house.model()
    await planned.look_at(10)
    assert await planned.look_at(10, 10) == 2
    await planned.look_at(17)
    await planned.look_at(17, ALL_KNOW_AFTER)
    assert await planned.look_at(17, 20) == 1
    after = await planned.house.model()
    assert (after.status, after.run) == (ModelStatus.IN_SERVICE, before.run)
    assert await planned.told() == [
        "2 to 4 replicas are planned now: 2 instead of 1",
        "0 to 1 replicas are planned now: 1 instead of 2",
    ]


async def test_what_is_so_already_is_not_told_also_not_by_a_new_watcher(planned: Planned) -> None:
    await planned.look_at(10)
    load = FollowingLoad(planned.reports, planned.house.clock)
    again = ReplicaScaling(planned.house.uses, load)
    planned.watching = watching_of(planned.house, planned.reports, again)
    for seconds in (1, 10, 20):
        await planned.look_at(10, seconds)
    assert len(await planned.told()) == 1


async def test_what_is_to_go_waits_for_calls_under_way_and_not_for_ever(planned: Planned) -> None:
    await planned.look_at(10)
    await planned.look_at(17)
    for seconds in (10, PATIENCE - 1):
        planned.house.clock.advance(5)
        await planned.calls(1)
        assert await planned.look_at(17, seconds) == 2
    await planned.look_at(17, PATIENCE)
    assert await planned.look_at(17, PATIENCE + 10) == 1


async def test_a_plan_that_changes_its_mind_is_as_patient_the_next_time(planned: Planned) -> None:
    await planned.look_at(10)
    await planned.look_at(17)
    await planned.look_at(10, 30)  # before they went, they were wanted again
    await planned.look_at(17, 60)
    await planned.calls(1)
    assert await planned.look_at(17, 70) == 2


async def test_a_start_brings_as_many_as_are_planned_then(planned: Planned) -> None:
    await planned.house.does("stop")
    assert await planned.look_at(10) == 0
    await planned.house.does("start")
    assert await planned.house.running() == 2
    assert await planned.told() == []


async def test_a_stopped_model_is_not_woken_by_a_plan(planned: Planned) -> None:
    await planned.look_at(18)
    await planned.house.does("stop")
    planned.house.clock.advance(86_400)
    assert await planned.look_at(10) == 0
    assert (await planned.house.model()).status is ModelStatus.STOPPED


@pytest.mark.parametrize(("verb", "left"), [("stop", 0), ("delete", 0), ("update", 1)])
async def test_what_happens_to_a_model_meanwhile_is_not_undone(
    planned: Planned, verb: str, left: int
) -> None:
    async def meanwhile() -> None:
        planned.house.host.meanwhile = None
        await planned.house.does(verb)

    planned.house.host.meanwhile = meanwhile
    await planned.look_at(10)
    for _ in range(5):
        planned.house.clock.advance(5)
        await planned.watching.look()
    assert await planned.house.running() == left


async def test_a_host_that_is_busy_is_asked_again_and_that_is_told_once(planned: Planned) -> None:
    async def busy() -> None:
        raise Unavailable("busy")

    planned.house.host.meanwhile = busy
    assert await planned.look_at(10) == 1
    assert await planned.look_at(10, 2) == 1
    planned.house.host.meanwhile = None
    await planned.look_at(10, 4)
    assert await planned.look_at(10, 20) == 2
    assert len(await planned.told()) == 1


@dataclass
class Recorded:
    """A host that has what it is told to have, and notes what it is asked for."""

    ports: list[int]
    asked: list[tuple[int, int]] = field(default_factory=list)
    address: str = ""

    async def observe(self, model_id: str) -> Observed:
        del model_id
        alive = [Replica(f"r{port}", url(port), healthy=True) for port in self.ports]
        return Observed(HostState.READY, address=self.address, replicas=alive)

    async def ensure(self, model_id: str, hosting: Hosting, replicas: int) -> None:
        del model_id
        self.asked.append((hosting.scaling.maximum, replicas))
        self.ports = self.ports[:replicas]


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}/v1"


async def with_host(planned: Planned, kind: HostKind, host: Any) -> None:
    """Let the model be at this host, and called at each of its replicas."""
    planned.house.hosts[kind] = host
    upstreams = [Upstream(id=f"replica-{port}", url=url(port)) for port in host.ports]
    hosting = HOSTED.model_copy(update={"kind": kind})
    await changed(planned.house, hosting=hosting, upstreams=tuple(upstreams))


async def test_a_replica_gets_no_new_call_before_it_goes(planned: Planned) -> None:
    host = Recorded([1, 2, 3])
    await with_host(planned, HostKind.PROCESSES, host)
    await planned.watching.look()  # at night
    assert [each.url for each in (await planned.house.model()).upstreams] == [url(1)]
    assert host.asked == []
    for _ in range(3):
        planned.house.clock.advance(ALL_KNOW_AFTER)
        await planned.watching.look()
    assert host.asked == [(1, 1)]


async def test_what_the_plan_lets_be_is_called(planned: Planned) -> None:
    host = Recorded([1, 2])
    await with_host(planned, HostKind.PROCESSES, host)
    day = planned.house.clock.time.replace(hour=10)
    planned.house.clock.time = day
    await planned.watching.look()
    assert len((await planned.house.model()).upstreams) == 2
    assert host.asked == [(4, 2)]


async def test_aws_keeps_the_plan_by_itself(planned: Planned) -> None:
    host = Recorded([1, 2, 3], address="http://balancer/v1")
    await with_host(planned, HostKind.CLOUDFORMATION, host)
    await planned.watching.look()
    planned.house.clock.advance(PATIENCE)
    await planned.watching.look()
    assert host.asked == []
