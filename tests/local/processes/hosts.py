"""Process hosts whose engine is the stand-in, and how tests wait for them."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lisa.adapters.probe.prober import HttpProber
from lisa.adapters.processes.host import ProcessHost
from lisa.adapters.processes.launching import Launch, LaunchPlan
from lisa.adapters.processes.replica import Pace
from lisa.adapters.system.clock import SystemClock
from lisa.domain.hosting import Hosting
from lisa.ports.hosts import HostState, Observed

ROOT = Path(__file__).parents[3]
QUICK = Pace(first_pause=0.05, longest_pause=0.1, look_every=0.05, grace=2)
LOOKS = 1_000


class NoSecrets:
    async def resolve(self, reference: str) -> str:
        raise AssertionError(reference)


@dataclass
class StandIn:
    """Launches the stand-in, or a shell's `script` whose arguments are how to launch it."""

    script: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    launched: list[tuple[int, int]] = field(default_factory=list)

    async def __call__(
        self, model_id: str, hosting: Hosting, port: int, side_port: int
    ) -> LaunchPlan:
        del model_id, hosting
        self.launched.append((port, side_port))
        return LaunchPlan(self._argv(port), {"PYTHONPATH": str(ROOT), **self.env}, "/v1/models")

    def _argv(self, port: int) -> Sequence[str]:
        engine = [sys.executable, "-m", "tests.standins.engine", str(port)]
        if self.script:
            return ["/bin/sh", "-c", self.script, "engine", *engine]
        return engine


def process_host(
    home: Path, launch: StandIn | Launch | None = None, gpus: Sequence[str] = (), pace: Pace = QUICK
) -> ProcessHost:
    prober = HttpProber(NoSecrets())
    return ProcessHost(home, launch or StandIn(), prober, SystemClock(), gpus=gpus, pace=pace)


async def until(
    host: ProcessHost, model: str, true: Callable[[Observed], bool] | HostState
) -> Observed:
    for _ in range(LOOKS):
        seen = await host.observe(model)
        if seen.state is true if isinstance(true, HostState) else true(seen):
            return seen
        await asyncio.sleep(0.05)
    raise AssertionError(seen)


def within(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]
