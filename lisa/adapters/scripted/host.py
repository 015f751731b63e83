"""A host that runs no model: for demos and tests, by a script on the clock port.

While its block runs, calls are answered with the words that this is a demo. What it says of itself
begins with `scripted:`, so that nobody takes it for a real one.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lisa.adapters.scripted.server import answering
from lisa.adapters.scripted.stages import Stage, Stages
from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.hosting import Hosting
from lisa.ports.clock import Clock
from lisa.ports.hosts import HostState, LogPage, Observed, Replica


@dataclass(frozen=True)
class Script:
    """How long things take, what goes wrong, and where replicas claim to be outside a block.

    `calls` says by the name of a call what comes of each in turn: `ok`, `busy`, `wrong` or `hangs`;
    the last goes on. With a `cause`, replicas never get ready.
    """

    ready_after: float = 4
    gone_after: float = 2
    cause: str = ""
    address: str = "http://127.0.0.1:9/v1"
    calls: Mapping[str, Sequence[str]] = field(default_factory=dict)


class ScriptedHost:
    """Does as if."""

    def __init__(
        self, clock: Clock, script: Script | None = None, file: Path | None = None
    ) -> None:
        """Begin with what the file says, or with nothing."""
        self._clock = clock
        self._script = script or Script()
        self._address = self._script.address
        self._stages = Stages(file)
        self._deciding = asyncio.Lock()
        self._made: Counter[str] = Counter()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let all replicas answer."""
        async with answering() as self._address:
            yield

    async def ensure(self, model_id: str, hosting: Hosting, replicas: int) -> None:
        """Begin as if; the same again changes nothing."""
        del hosting
        await self._follow("ensure")
        async with self._deciding:
            stage = await self._stage(model_id)
            if stage is None or stage.removed or stage.replicas != replicas:
                before = stage.replicas if stage else 0
                await self._set(model_id, Stage(replicas, self._clock.now(), before=before))

    async def observe(self, model_id: str) -> Observed:
        """Tell what would be there."""
        await self._follow("observe")
        stage = await self._stage(model_id)
        if stage is None:
            return Observed(HostState.ABSENT, "scripted: nothing is there")
        if stage.replicas and self._script.cause:
            return Observed(
                HostState.FAILED, cause=self._script.cause, next_step="change the script"
            )
        wanted = 0 if stage.removed else stage.replicas
        if self._passed(stage) < self._delay(stage):
            return Observed(
                HostState.WORKING,
                f"scripted: {wanted} replicas are on their way",
                replicas=self._replicas(stage.before, stage.since),
            )
        words = f"scripted: {wanted} replicas"
        return Observed(HostState.READY, words, replicas=self._replicas(wanted, stage.since))

    async def remove(self, model_id: str) -> None:
        """Begin to forget."""
        await self._follow("remove")
        async with self._deciding:
            stage = await self._stage(model_id)
            if stage and not stage.removed:
                gone = Stage(0, self._clock.now(), removed=True, before=stage.replicas)
                await self._set(model_id, gone)

    async def leftovers(self, model_id: str) -> Sequence[str]:
        """Name what would still be there."""
        await self._follow("leftovers")
        return [f"scripted: {model_id}"] if await self._stage(model_id) else []

    async def logs(
        self, model_id: str, replica: str, limit: int, cursor: str, *, backward: bool = False
    ) -> LogPage:
        """Return the one line there is."""
        del limit, backward
        await self._follow("logs")
        return LogPage([] if cursor else [f"scripted: no engine runs as {replica} of {model_id}"])

    async def _stage(self, model_id: str) -> Stage | None:
        return (await self._present()).get(model_id)

    async def _set(self, model_id: str, stage: Stage) -> None:
        stages = {**await self._present(), model_id: stage}
        await asyncio.to_thread(self._stages.write, stages)

    async def _present(self) -> Mapping[str, Stage]:
        """Return them without those that are gone by now."""
        found = await asyncio.to_thread(self._stages.read)
        return {name: each for name, each in found.items() if not self._gone(each)}

    def _gone(self, stage: Stage) -> bool:
        return stage.removed and self._passed(stage) >= self._script.gone_after

    def _passed(self, stage: Stage) -> float:
        return (self._clock.now() - stage.since).total_seconds()

    def _delay(self, stage: Stage) -> float:
        return self._script.ready_after if stage.replicas else self._script.gone_after

    def _replicas(self, count: int, since: datetime) -> Sequence[Replica]:
        ids = (f"scripted-{number}" for number in range(1, count + 1))
        return [Replica(each, self._address, healthy=True, since=since) for each in ids]

    async def _follow(self, call: str) -> None:
        turns = self._script.calls.get(call, ("ok",))
        happens = turns[min(self._made[call], len(turns) - 1)]
        self._made[call] += 1
        if happens == "busy":
            raise Unavailable(f"scripted: {call} is busy", next_step="wait")
        if happens == "wrong":
            raise Invalid(f"scripted: {call} is wrong", next_step="change the script")
        if happens == "hangs":
            await asyncio.Event().wait()
