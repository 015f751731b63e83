"""One replica's life: started, tried, watched, and started again when it ends."""

import asyncio
import math
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from lisa.adapters.processes import keeper, marks
from lisa.adapters.processes.launching import HERE, Launch, LaunchPlan, Stock
from lisa.adapters.processes.logs import last_words
from lisa.adapters.processes.places import ModelFolder
from lisa.adapters.processes.wishes import Wish
from lisa.domain.errors import Invalid, LisaError
from lisa.domain.model import Upstream
from lisa.ports.clock import Clock
from lisa.ports.hosts import Replica
from lisa.ports.prober import Prober

NOT_TESTABLE: Final = "not_testable"  # no call to it is small enough: its health must do
LOOK: Final = "look at the logs of its replicas"
HOPELESS_AFTER: Final = 5  # starts after which it never answered


@dataclass(frozen=True)
class Pace:
    """How patiently replicas are looked at, restarted and ended, in seconds."""

    first_pause: float = 1.0
    longest_pause: float = 30.0
    steady_after: float = 30.0
    look_every: float = 0.5
    grace: float = 10.0
    segment_bytes: int = 4 * 1024 * 1024
    segments: int = 4

    def pause(self, failures: int) -> float:
        """Return how long to wait after so many failures: twice as long each time."""
        return min(math.ldexp(self.first_pause, min(failures, 30) - 1), self.longest_pause)


@dataclass(frozen=True)
class Surroundings:
    """What all replicas of this machine share."""

    home: Path
    launch: Launch
    prober: Prober
    clock: Clock
    stock: Stock
    environment: Mapping[str, str]
    pace: Pace


class _NotWell(Exception):
    """It has to be started again; the message says why."""


@dataclass
class ReplicaLife:
    """One replica, from its beginning until its task is cancelled."""

    id: str
    wish: Wish
    around: Surroundings
    address: str = ""
    healthy: bool = False
    since: datetime | None = None
    error: str = ""
    next_step: str = LOOK
    failures: int = 0
    starts_in_vain: int = 0
    hopeless: bool = False
    _folder: ModelFolder = field(init=False)

    def __post_init__(self) -> None:
        """Know its place."""
        self._folder = ModelFolder(self.around.home, self.wish.model_id)

    def fits(self, wish: Wish) -> bool:
        """Tell whether it will do for a newer wish; one without hope is better begun anew."""
        return self.wish.process == wish.process and not self.hopeless

    def told(self) -> Replica:
        """Return what there is of it now."""
        return Replica(self.id, self.address, self.healthy, self.since, self.error)

    async def live(self) -> None:
        """Run until cancelled; what can never work waits to be replaced."""
        while True:
            try:
                await self._run_once()
            except Invalid as fault:
                self.error, self.hopeless = fault.message, True
                self.next_step = fault.next_step or LOOK
                return
            except (LisaError, _NotWell, OSError) as fault:
                self._note_failure(str(fault))
            await self.around.clock.sleep(self.around.pace.pause(self.failures))

    def _note_failure(self, why: str) -> None:
        self.failures += 1
        self.starts_in_vain += 1
        self.hopeless = self.starts_in_vain >= HOPELESS_AFTER
        words = last_words(self._folder.log(self.id))
        self.error = f"{why}: {words}" if words else why

    async def _run_once(self) -> None:
        """Run it until it isn't well any more."""
        stock, wish = self.around.stock, self.wish
        with stock.devices(wish.hosting.gpus) as shown, stock.ports() as (port, side_port):
            plan = await self.around.launch(wish.model_id, wish.hosting, port, side_port)
            async with self._process(plan, shown) as process:
                url = f"http://{HERE}:{port}"
                try:
                    await self._until_it_answers(process, plan, url)
                    await self._while_it_is_well(process, url + plan.health_path)
                finally:
                    self._note_end()

    def _note_end(self) -> None:
        now, pace = self.around.clock.now(), self.around.pace
        if self.since and (now - self.since).total_seconds() > pace.steady_after:
            self.failures = 0
        self.healthy, self.address, self.since = False, "", None

    async def _until_it_answers(
        self, process: asyncio.subprocess.Process, plan: LaunchPlan, url: str
    ) -> None:
        """Return when its health and a real call say that it works."""
        address, clock = f"{url}/v1", self.around.clock
        begun, patience = clock.now(), self.wish.hosting.health.start_seconds
        while True:
            _refuse_ended(process)
            why = await self._silence(plan, url)
            if not why:
                break
            self.error = why
            if (clock.now() - begun).total_seconds() > patience:
                raise _NotWell(f"it wasn't ready within {patience} s: {why}")
            await clock.sleep(self.around.pace.look_every)
        _refuse_ended(process)  # else somebody else answered at its port
        self.address, self.healthy, self.since = address, True, clock.now()
        self.error, self.starts_in_vain, self.hopeless = "", 0, False

    async def _silence(self, plan: LaunchPlan, url: str) -> str:
        """Return why it can't be called yet; nothing if it can."""
        unwell = await self._unwell(url + plan.health_path)
        if unwell:
            return unwell
        probe = await self.around.prober.probe(
            self.wish.model_id, plan.type, Upstream(url=f"{url}/v1")
        )
        return "" if probe.ok or probe.cause == NOT_TESTABLE else probe.message or probe.cause

    async def _while_it_is_well(self, process: asyncio.subprocess.Process, health: str) -> None:
        """Look after it; raises when it ended or was unwell too often in a row."""
        checks, unwell_times = self.wish.hosting.health, 0
        while True:
            try:
                async with asyncio.timeout(checks.interval_seconds):
                    await process.wait()
            except TimeoutError:
                unwell = await self._unwell(health)
            _refuse_ended(process)
            unwell_times = unwell_times + 1 if unwell else 0
            if unwell_times >= checks.unhealthy_after:
                raise _NotWell(f"it was unwell {unwell_times} times: {unwell}")

    async def _unwell(self, health: str) -> str:
        """Return why its health is in doubt."""
        try:
            async with asyncio.timeout(self.wish.hosting.health.timeout_seconds):
                status = await _status(urlsplit(health))
        except (OSError, EOFError, TimeoutError) as error:
            return f"its health check isn't answered ({type(error).__name__})"
        return "" if status.startswith("2") else f"its health check says {status}"

    @asynccontextmanager
    async def _process(
        self, plan: LaunchPlan, shown: Mapping[str, str]
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run the engine below a keeper that ends it when we let go of the pipe, or end."""
        pace, log = self.around.pace, self._folder.log(self.id)
        log.mkdir(mode=0o700, parents=True, exist_ok=True)
        bounds = (pace.segment_bytes, pace.segments, pace.grace)
        mark = marks.mark(self.around.home, self.wish.model_id, self.id)
        process = None
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", keeper.__file__, str(log), *map(str, bounds)),
                *plan.argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={**self.around.environment, **plan.env, **shown, **marks.LEGIBLE, **mark},
                cwd=self._folder.path,
                start_new_session=True,
            )
            yield process
        finally:
            await _undisturbed(_let_go(process, mark))


async def _let_go(process: asyncio.subprocess.Process | None, mark: Mapping[str, str]) -> None:
    """Close the pipe and wait until nothing of the engine is left."""
    if process and process.stdin:
        process.stdin.close()
        await process.wait()
    await asyncio.to_thread(marks.kill_marked, mark)  # what a killed keeper left


async def _undisturbed(work: Coroutine[None, None, None]) -> None:
    """Do it to its end, though we are cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _status(url: SplitResult) -> str:
    """Return the status that one plain call is answered with."""
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    try:
        asked = f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n\r\n"
        writer.write(asked.encode())
        return (await reader.readexactly(len(b"HTTP/1.1 200"))).decode(errors="replace")[-3:]
    finally:
        writer.close()


def _refuse_ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        raise _NotWell(f"it ended with {process.returncode}")
