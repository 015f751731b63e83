"""Nothing of a model outlives whoever is killed."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from lisa.adapters.processes import marks
from lisa.ports.hosts import HostState
from tests.contract.hosts import HOSTING
from tests.local.processes.hosts import LOOKS, ROOT, StandIn, process_host, until, within

# Its child is in a session of its own, has no mark, and wouldn't end when asked to.
WITH_A_CHILD = 'env -i setsid sh -c "trap \'\' TERM; while :; do sleep 1; done" & exec "$@"'


def processes(home: Path) -> list[int]:
    return marks.marked(marks.mark(home, "tiny"))


def engines(home: Path) -> list[int]:
    return [each for each in processes(home) if b"keeper.py" not in command(each)]


def keepers(home: Path) -> list[int]:
    return [each for each in processes(home) if b"keeper.py" in command(each)]


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def descendants(pid: int) -> set[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {pid}.union(*(descendants(int(each)) for each in children))


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


async def all_end(pids: set[int]) -> None:
    for _ in range(LOOKS):
        if not any(map(alive, pids)):
            return
        await asyncio.sleep(0.05)
    raise AssertionError([command(each) for each in pids if alive(each)])


async def test_a_killed_worker_leaves_nothing_and_its_successor_goes_on(tmp_path: Path) -> None:
    orders = ("-m", "tests.local.processes.host_process", str(tmp_path), WITH_A_CHILD)
    worker = await asyncio.create_subprocess_exec(
        sys.executable, *orders, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"ready\n"
    ours = descendants(worker.pid) - {worker.pid}
    assert len(ours) >= 6  # for each of two replicas a keeper, an engine and its child
    worker.kill()
    await worker.wait()
    await all_end(ours)
    host = process_host(tmp_path)
    async with host.running():
        assert len((await until(host, "tiny", HostState.READY)).replicas) == 2
    assert not processes(tmp_path)


async def test_a_killed_engine_or_keeper_leaves_nothing_and_is_replaced(tmp_path: Path) -> None:
    host = process_host(tmp_path, StandIn('sleep 600 & exec "$@"'))
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        for kind in (engines, keepers):
            before = await until(host, "tiny", HostState.READY)
            ours = {*processes(tmp_path)}
            os.kill(min(kind(tmp_path)), signal.SIGKILL)
            await all_end(ours)
            after = await until(host, "tiny", HostState.READY)
            assert after.replicas[0].id == before.replicas[0].id
            assert after.replicas[0].since != before.replicas[0].since
    assert not processes(tmp_path)


async def test_what_ignores_being_asked_is_killed(tmp_path: Path) -> None:
    host = process_host(tmp_path, StandIn(WITH_A_CHILD))
    async with host.running():
        await host.ensure("tiny", HOSTING, 1)
        await until(host, "tiny", HostState.READY)
        (keeper,) = keepers(tmp_path)
        ours = descendants(keeper)
        await host.remove("tiny")
        await until(host, "tiny", HostState.ABSENT)
        assert not any(map(alive, ours))
        assert not await host.leftovers("tiny")
    assert not within(tmp_path)


async def test_a_removal_that_was_cut_off_is_finished_by_the_next_worker(tmp_path: Path) -> None:
    (tmp_path / "tiny" / "logs").mkdir(parents=True)
    host = process_host(tmp_path)
    assert await host.leftovers("tiny") == ["folder of tiny"]
    async with host.running():
        assert not await host.leftovers("tiny")
