"""What the process host does beyond what every host does."""

import json
import os
import signal
from pathlib import Path

import pytest

from lisa.adapters.processes.launching import LaunchPlan, Stock
from lisa.adapters.processes.replica import Pace
from lisa.domain.errors import Invalid, LimitReached, NotFound, Unavailable
from lisa.domain.hosting import HealthCheck
from lisa.ports.hosts import HostState
from tests.contract.hosts import HOSTING
from tests.local.processes.hosts import StandIn, process_host, until, within

# A server of files: one lies where its health is asked for, and it takes no call.
HEALTHY_AND_NO_MORE = (
    'mkdir -p v1; echo > v1/models; exec "$1" -m http.server --bind 127.0.0.1 "$4"'
)
GPU = HOSTING.model_copy(update={"gpus": 1})


class Refuses(StandIn):
    async def __call__(self, *_asked: object) -> LaunchPlan:
        raise Invalid("the folder of its weights is empty")


async def test_an_engine_sees_only_what_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVIDER_KEY", "secret")
    host = process_host(tmp_path, StandIn('env; echo over; exec "$@"', env={"DECLARED": "yes"}))
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        (replica,) = (await until(host, "tiny", HostState.READY)).replicas
        said = (await host.logs("tiny", replica.id, 100, "")).lines
    names = {line.partition("=")[0] for line in said[: said.index("over")]}
    ours = {
        "LISA_MODELS_HOME",
        "LISA_MODEL",
        "LISA_MODEL_REPLICA",
        "SPT_NOENV",
        "CUDA_VISIBLE_DEVICES",
    }
    assert names <= {"PATH", "LANG", "PYTHONPATH", "DECLARED", "PWD", "_", "SHLVL"} | ours
    assert {"DECLARED"} | ours <= names
    assert "CUDA_VISIBLE_DEVICES=" in said


async def test_health_alone_makes_no_replica_healthy(tmp_path: Path) -> None:
    host = process_host(tmp_path, StandIn(HEALTHY_AND_NO_MORE))
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        seen = await until(host, "tiny", lambda seen: "501" in seen.words)
        assert seen.state is HostState.WORKING
        assert not seen.replicas[0].healthy


async def test_one_that_never_starts_fails_with_its_last_words_until_asked_again(
    tmp_path: Path,
) -> None:
    launch = StandIn("echo there is no such tensor >&2; exit 3")
    host = process_host(tmp_path, launch)
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        seen = await until(host, "tiny", HostState.FAILED)
        assert "ended with 3" in seen.cause
        assert "there is no such tensor" in seen.cause
        assert len(launch.launched) >= 5
        launch.script = ""
        await host.ensure("tiny", HOSTING, 1)
        assert (await host.observe("tiny")).state is HostState.WORKING
        await until(host, "tiny", HostState.READY)


async def test_what_can_never_work_fails_at_once(tmp_path: Path) -> None:
    host = process_host(tmp_path, Refuses())
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        seen = await until(host, "tiny", HostState.FAILED)
    assert seen.cause == "the folder of its weights is empty"


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    host = process_host(tmp_path, StandIn('exec no-such-engine "$@"'))
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        assert "no-such-engine" in (await until(host, "tiny", HostState.FAILED)).cause


@pytest.mark.slow
async def test_one_that_hangs_is_started_again(tmp_path: Path) -> None:
    health = HealthCheck(interval_seconds=5, timeout_seconds=2, unhealthy_after=2)
    hosting = HOSTING.model_copy(update={"health": health})
    launch = StandIn('echo $$ > pid; exec "$@"')
    host = process_host(tmp_path, launch)
    async with host.running():
        await host.ensure("tiny", hosting, 1)
        await until(host, "tiny", HostState.READY)
        os.kill(int((tmp_path / "tiny" / "pid").read_text()), signal.SIGSTOP)
        await until(host, "tiny", HostState.WORKING)
        await until(host, "tiny", HostState.READY)
    assert len(launch.launched) == 2


async def test_another_hosting_replaces_what_runs(tmp_path: Path) -> None:
    host = process_host(tmp_path, gpus=("0",))
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        before = (await until(host, "tiny", HostState.READY)).replicas
        await host.ensure("tiny", GPU, 1)
        after = (await until(host, "tiny", HostState.READY)).replicas
    assert before[0].id != after[0].id


async def test_models_take_gpus_that_others_have_not(tmp_path: Path) -> None:
    host = process_host(tmp_path, StandIn('echo $CUDA_VISIBLE_DEVICES; exec "$@"'), gpus=("4", "7"))
    said: list[str] = []
    async with host.running():
        for model in ("one", "two"):
            await host.ensure(model, GPU, 1)
            (replica,) = (await until(host, model, HostState.READY)).replicas
            said += (await host.logs(model, replica.id, 1, "")).lines
        await host.ensure("three", GPU, 1)
        words = (await until(host, "three", lambda seen: "GPU" in seen.words)).words
        assert "0 of 2 are free" in words
        await host.remove("one")
        await until(host, "three", HostState.READY)
    assert said == ["4", "7"]


def test_gpus_and_ports_come_back() -> None:
    stock = Stock(("a",))
    with stock.devices(1), pytest.raises(LimitReached), stock.devices(1):
        pass
    with stock.devices(1) as shown, stock.ports() as one, stock.ports() as other:
        assert shown == {"CUDA_VISIBLE_DEVICES": "a"}
        assert len({*one, *other}) == 4


def test_pauses_double_up_to_the_longest() -> None:
    pace = Pace(first_pause=1, longest_pause=30)
    assert [pace.pause(failures) for failures in (1, 2, 3, 6, 9_999)] == [1, 2, 4, 30, 30]


async def test_a_log_is_read_by_page_and_only_its_newest_part_is_kept(tmp_path: Path) -> None:
    script = 'for i in $(seq 0 399); do echo "line $i"; sleep 0.001; done; exec "$@"'
    small = Pace(0.05, 0.1, look_every=0.05, grace=2, segment_bytes=500, segments=3)
    host = process_host(tmp_path, StandIn(script), pace=small)
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        (replica,) = (await until(host, "tiny", HostState.READY)).replicas
        pages = [await host.logs("tiny", replica.id, 7, "")]
        while pages[-1].lines:
            pages.append(await host.logs("tiny", replica.id, 7, pages[-1].cursor))
        back = [await host.logs("tiny", replica.id, 7, "", backward=True)]
        while back[-1].earlier:
            back.append(await host.logs("tiny", replica.id, 7, back[-1].earlier, backward=True))
        with pytest.raises(Invalid):
            await host.logs("tiny", replica.id, 7, "-1")
        for stranger in ("replica-00000000", "../../secrets"):
            with pytest.raises(NotFound):
                await host.logs("tiny", stranger, 7, "")
    lines = [line for page in pages for line in page.lines if line.startswith("line ")]
    assert lines == [f"line {number}" for number in range(400 - len(lines), 400)]
    assert 100 < len(lines) < 400
    backwards = [line for page in reversed(back) for line in page.lines]
    assert backwards == [line for page in pages for line in page.lines][-len(backwards) :]
    assert len(backwards) >= len(lines)


async def test_logs_outlive_their_replica_and_its_worker(tmp_path: Path) -> None:
    host = process_host(tmp_path, StandIn('echo hello; exec "$@"'))
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        (replica,) = (await until(host, "tiny", HostState.READY)).replicas
        await host.ensure("tiny", HOSTING, 0)
        await until(host, "tiny", HostState.READY)
    page = await process_host(tmp_path).logs("tiny", replica.id, 10, "")
    assert page.lines[0] == "hello"
    assert page.lines[-1].startswith("lisa: the engine ended")


async def test_a_wish_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    host = process_host(tmp_path)
    async with host.running():
        for model in ("one", "two"):
            await host.ensure(model, HOSTING, 0)
    (tmp_path / "one" / "wish.json").write_text(json.dumps({"model_id": "one"}))
    async with host.running():
        assert (await host.observe("one")).state is HostState.ABSENT
        assert (await host.observe("two")).state is HostState.READY


async def test_nothing_is_begun_by_a_host_that_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await process_host(tmp_path).ensure("tiny", HOSTING, 1)


async def test_a_name_leads_out_of_no_folder(tmp_path: Path) -> None:
    host = process_host(tmp_path / "models")
    async with host.running():
        for name in ("..", "a/../../b"):
            await host.ensure(name, HOSTING, 0)
            await host.remove(name)
            await until(host, name, HostState.ABSENT)
    assert within(tmp_path) == ["models"]
