"""Looking after models that run: what their hosts have, what is planned, what lies idle."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

import pytest

from lisa.domain.errors import Unavailable
from lisa.domain.hosting import HostKind
from lisa.domain.model import Model, ModelStatus
from lisa.domain.schedules import Hours, Schedule
from lisa.ports.hosts import HostState, Observed, Replica
from lisa.stores.model_reports import ModelReports, Use
from lisa.usecases.lifecycle.beginning import Asked
from lisa.usecases.lifecycle.idling import Idling
from lisa.usecases.lifecycle.load import FollowingLoad
from lisa.usecases.lifecycle.planned import MOST_TRIES, PlannedActs
from lisa.usecases.lifecycle.replica_scaling import ReplicaScaling
from lisa.usecases.lifecycle.traffic import ReportedTraffic
from lisa.usecases.lifecycle.watching import TOLD_AT_LEAST_EVERY, Watching
from tests.workflows.hosted import HOSTING, ROOT, House

EVERY_DAY: Final = Hours(start=time(9), stop=time(17))
SCHEDULE: Final = Schedule(kind="RECURRING", days=dict.fromkeys(range(7), EVERY_DAY))
IDLE: Final = 600


@dataclass
class Watched:
    """A house, and what looks after it."""

    house: House
    reports: ModelReports
    watching: Watching

    async def changed(self, **about: object) -> Model:
        """Write something of the model as if somebody had done so long ago."""
        old = await self.house.model()
        return await self.house.models.change(old, old.model_copy(update=about))

    async def looked(self) -> Model:
        """Look, do what that begins, and return the model."""
        await self.watching.look()
        for run in [each for each in self.house.bench.begun if each not in self.house.bench.ended]:
            await self.house.bench.go(run, {})
        return await self.house.model()

    async def used(self, ago: float, under_way: int = 0) -> None:
        """Let a gateway tell that it was called."""
        now = self.house.clock.now()
        last = now - timedelta(seconds=ago)
        await self.reports.tell_use("g", "m", Use(last_used=last, under_way=under_way, told=now))


@pytest.fixture
async def watched() -> Watched:
    house = House()
    reports = ModelReports(house.tables)
    uses = house.uses
    acts, idling = PlannedActs(uses), Idling(uses, reports)
    await house.does("create")
    scaling = ReplicaScaling(uses, FollowingLoad(reports, house.clock))
    watching = Watching(uses, house.recovery, reports, acts, idling, scaling)
    return Watched(house, reports, watching)


class Told:
    """A host that only says what it was told to."""

    def __init__(self, seen: Observed | None) -> None:
        self.seen = seen

    async def observe(self, model_id: str) -> Observed:
        if self.seen is None:
            raise Unavailable(f"{model_id} can't be seen")
        return self.seen


def at(*ports: int, dead: int = 0) -> Observed:
    """Return what a host says that has replicas there, and dead ones beside them."""
    alive = [Replica(f"r{port}", f"http://127.0.0.1:{port}/v1", healthy=True) for port in ports]
    others = [Replica(f"d{n}", "", healthy=False, error="it ended with 137") for n in range(dead)]
    return Observed(HostState.WORKING if dead else HostState.READY, replicas=[*alive, *others])


async def urls(watched: Watched, seen: Observed | None) -> dict[str, str]:
    """Look at what a host says, and return where calls go."""
    watched.house.hosts[HostKind.SCRIPTED] = Told(seen)  # type: ignore[assignment] # only looked at
    await watched.watching.look()
    return {each.id: each.url[17:] for each in (await watched.house.model()).upstreams}


async def test_calls_follow_replicas_and_a_new_one_gets_a_new_name(watched: Watched) -> None:
    assert await urls(watched, at(1, 2)) == {"replica-2": "1/v1", "replica-3": "2/v1"}
    assert await urls(watched, at(1, 3)) == {"replica-2": "1/v1", "replica-1": "3/v1"}
    assert await urls(watched, at(3, dead=1)) == {"replica-1": "3/v1"}


async def test_behind_a_dead_address_nobody_is_called_and_the_reason_is_told(
    watched: Watched,
) -> None:
    assert await urls(watched, at(1)) == {"replica-2": "1/v1"}
    assert await urls(watched, at(dead=1)) == {}
    assert (await watched.house.model()).reason == "it ended with 137"
    assert await urls(watched, at(4)) == {"replica-1": "4/v1"}
    assert (await watched.house.model()).reason == ""


async def test_a_timeline_tells_when_replicas_went_and_came(watched: Watched) -> None:
    for seen in (at(1), at(dead=1), at(4)):
        await urls(watched, seen)
    model, told = await watched.house.model(), await watched.house.timeline()
    assert [(each.words, each.cause) for each in told[-2:]] == [
        ("nothing answers", "it ended with 137"),
        ("its replicas changed, 1 of them answer", ""),
    ]
    assert [each.sequence for each in told] == [*range(1, model.version + 1)]


@pytest.mark.parametrize("seen", [None, Observed(HostState.ABSENT), Observed(HostState.WORKING)])
async def test_what_a_host_does_not_tell_changes_nothing(
    watched: Watched, seen: Observed | None
) -> None:
    before = await urls(watched, at(1))
    assert await urls(watched, seen) == before


async def test_calls_to_a_balancer_stay_there(watched: Watched) -> None:
    balanced = replace(at(1, 2), address="http://balancer/v1")
    assert list(await urls(watched, balanced)) == ["replica-2"]
    before = await watched.house.model()
    await urls(watched, balanced)
    assert await watched.house.model() == before


async def test_a_report_is_written_when_it_changes_and_now_and_then(watched: Watched) -> None:
    async def told() -> datetime:
        await watched.watching.look()
        report = await watched.reports.host("m")
        assert report
        return report.told

    first = await told()
    watched.house.clock.advance(1)
    assert await told() == first
    watched.house.clock.advance(TOLD_AT_LEAST_EVERY.total_seconds())
    second = await told()
    assert second > first
    watched.house.clock.advance(1)
    await watched.house.host.ensure("m", HOSTING, 3)
    assert await told() > second


async def test_what_was_told_of_a_deleted_model_is_forgotten_also_what_comes_late(
    watched: Watched,
) -> None:
    await watched.used(ago=0)
    await watched.watching.look()
    await watched.house.does("delete")
    await watched.watching.look()
    await watched.used(ago=0)
    await watched.watching.look()
    assert await watched.reports.uses("m") == []
    assert await watched.reports.host("m") is None


async def test_a_schedule_stops_and_starts_by_lisa_itself(watched: Watched) -> None:
    clock = watched.house.clock
    await watched.changed(schedule=SCHEDULE, schedule_done=clock.now())
    assert (await watched.looked()).status is ModelStatus.IN_SERVICE
    clock.time = clock.time.replace(hour=17, minute=0)
    stopped = await watched.looked()
    assert (stopped.status, stopped.schedule_error) == (ModelStatus.STOPPED, "")
    clock.time = clock.time.replace(hour=9, minute=0) + timedelta(days=1)
    started = await watched.looked()
    assert started.status is ModelStatus.IN_SERVICE
    assert started.schedule_done
    begun = [each.words for each in await watched.house.timeline() if each.phase == "begun"]
    assert begun[1:] == [
        "its schedule stops it at 2030-01-01 17:00 UTC",
        "its schedule starts it at 2030-01-02 09:00 UTC",
    ]


async def test_what_a_schedule_plans_is_done_once(watched: Watched) -> None:
    clock = watched.house.clock
    await watched.changed(schedule=SCHEDULE, schedule_done=clock.now())
    clock.time = clock.time.replace(hour=17, minute=0)
    await watched.looked()
    await watched.house.does("start")
    assert (await watched.looked()).status is ModelStatus.IN_SERVICE


async def test_what_is_so_already_is_noted_as_done(watched: Watched) -> None:
    clock = watched.house.clock
    await watched.changed(schedule=SCHEDULE, schedule_done=clock.now(), schedule_error="old")
    clock.time = clock.time.replace(hour=9, minute=30)
    model = await watched.looked()
    assert (model.schedule_done, model.schedule_error) == (clock.now(), "")


async def test_what_is_under_way_ends_before_a_planned_act(watched: Watched) -> None:
    clock = watched.house.clock
    await watched.changed(schedule=SCHEDULE, schedule_done=clock.now())
    clock.time = clock.time.replace(hour=17, minute=0)
    await watched.house.order("update")
    assert (await watched.looked()).status is ModelStatus.IN_SERVICE
    assert (await watched.looked()).status is ModelStatus.STOPPED


async def test_a_planned_act_that_fails_is_tried_again_and_then_left_with_its_error(
    watched: Watched,
) -> None:
    clock = watched.house.clock
    before = clock.now()
    await watched.changed(
        schedule=SCHEDULE, schedule_done=before, status=ModelStatus.FAILED, upstreams=()
    )
    clock.time = clock.time.replace(hour=17, minute=0)
    for _ in range(MOST_TRIES - 1):
        tried = await watched.looked()
        assert (tried.schedule_done, bool(tried.schedule_error)) == (before, True)
    left = await watched.looked()
    assert left.schedule_done == clock.now()
    assert "can't become Stopping" in left.schedule_error
    assert left.schedule_tries == MOST_TRIES
    assert await watched.looked() == left
    clock.advance(86_400)
    assert (await watched.looked()).schedule_tries == 1


@pytest.mark.parametrize(
    ("hour", "expected"), [(8, ModelStatus.STOPPED), (12, ModelStatus.IN_SERVICE)]
)
@pytest.mark.parametrize("before", ["stop", "start"])
async def test_a_new_schedule_brings_a_model_to_what_it_says_now(
    watched: Watched, before: str, hour: int, expected: ModelStatus
) -> None:
    house = watched.house
    house.clock.time = house.clock.time.replace(hour=hour)
    await house.does("stop")
    if before == "start":
        await house.does("start")
    await house.uses.schedule(Asked(ROOT), "m", SCHEDULE)
    model = await watched.looked()
    assert (model.status, model.schedule_error) == (expected, "")
    assert (await watched.looked()).schedule_done


async def test_who_starts_a_model_after_its_schedule_was_set_is_left_alone_until_its_next_act(
    watched: Watched,
) -> None:
    house = watched.house
    house.clock.time = house.clock.time.replace(hour=18)
    await house.does("stop")
    await house.uses.schedule(Asked(ROOT), "m", SCHEDULE)
    await house.does("start")
    assert (await watched.looked()).status is ModelStatus.IN_SERVICE
    house.clock.advance(86_400)
    assert (await watched.looked()).status is ModelStatus.STOPPED


async def test_who_changes_what_runs_after_a_schedule_was_set_does_not_hold_it_up(
    watched: Watched,
) -> None:
    house = watched.house
    house.clock.time = house.clock.time.replace(hour=18)
    await house.uses.schedule(Asked(ROOT), "m", SCHEDULE)
    await house.does("update")
    assert (await watched.looked()).status is ModelStatus.STOPPED


@pytest.mark.parametrize(
    ("ago", "under_way", "in_service_for", "expected"),
    [
        (IDLE + 1, 0, IDLE + 1, ModelStatus.STOPPED),
        (IDLE - 1, 0, IDLE + 1, ModelStatus.IN_SERVICE),
        (IDLE + 1, 1, IDLE + 1, ModelStatus.IN_SERVICE),
        (IDLE + 1, 0, IDLE - 1, ModelStatus.IN_SERVICE),
        (None, 0, IDLE * 100, ModelStatus.IN_SERVICE),
    ],
)
async def test_only_what_is_known_to_be_idle_is_stopped(
    watched: Watched, ago: int | None, under_way: int, in_service_for: int, expected: ModelStatus
) -> None:
    clock = watched.house.clock
    hosting = HOSTING.model_copy(update={"idle_seconds": IDLE})
    await watched.changed(hosting=hosting, changed=clock.now())
    clock.advance(in_service_for)
    if ago is not None:
        await watched.used(ago, under_way)
    assert (await watched.looked()).status is expected
    told = [each.words for each in await watched.house.timeline()]
    assert ("idle for 10 min 1 s" in told) == (expected is ModelStatus.STOPPED)


async def test_without_an_idle_time_nothing_is_stopped(watched: Watched) -> None:
    watched.house.clock.advance(10**6)
    await watched.used(ago=10**6)
    assert (await watched.looked()).status is ModelStatus.IN_SERVICE


async def test_calls_under_way_are_believed_for_a_moment(watched: Watched) -> None:
    traffic = ReportedTraffic(watched.reports, watched.house.clock)
    await watched.used(ago=0, under_way=2)
    assert await traffic.under_way("m") == 2
    watched.house.clock.advance(60)
    assert await traffic.under_way("m") == 0


async def test_a_run_that_was_never_begun_is_begun(watched: Watched) -> None:
    watched.house.bench.away = True
    stopping = await watched.house.order("stop")
    watched.house.bench.away = False
    assert stopping.run not in watched.house.bench.begun
    assert (await watched.looked()).status is ModelStatus.STOPPED


@pytest.mark.parametrize("error", [Unavailable("away"), ZeroDivisionError("a bug")])
async def test_what_fails_with_one_model_keeps_no_other_waiting(
    watched: Watched, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Told):
        async def observe(self, model_id: str) -> Observed:
            del model_id
            raise error

    old = await watched.house.model()
    hosting = HOSTING.model_copy(update={"kind": HostKind.PROCESSES})
    await watched.house.models.add(old.model_copy(update={"id": "a", "hosting": hosting}))
    watched.house.hosts[HostKind.PROCESSES] = Broken(None)  # type: ignore[assignment] # as above
    await watched.watching.look()
    await watched.watching.look()
    assert await watched.reports.host("m")
    told: Sequence[str] = [each.message for each in caplog.records if " a" in each.message]
    assert len(told) == (1 if isinstance(error, Unavailable) else 2)


async def test_a_host_that_is_not_there_is_complained_of_once(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    del watched.house.hosts[HostKind.SCRIPTED]
    await watched.watching.look()
    await watched.watching.look()
    assert [each.message for each in caplog.records] == [
        "Watching._report of m fails: this LISA can't run models by scripted"
    ]
