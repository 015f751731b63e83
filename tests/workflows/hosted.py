"""Models that we run, over memory and a scripted host; steps fail by a script."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.scripted.host import Script, ScriptedHost
from lisa.adapters.system.ids import RandomIds
from lisa.domain.errors import Invalid, NotFound, Unavailable
from lisa.domain.hosting import EngineName, Hosting, HostKind, Weights
from lisa.domain.identity import Principal
from lisa.domain.lifecycle import ModelEvent
from lisa.domain.model import Model, ModelType, Upstream
from lisa.ports.prober import Probe
from lisa.ports.workflows import RunState, RunStatus, Workflows
from lisa.stores.audit import AuditStore
from lisa.stores.model_events import ModelEvents
from lisa.stores.models import ModelStore
from lisa.usecases.audit import Audit
from lisa.usecases.lifecycle.beginning import Asked, Beginning
from lisa.usecases.lifecycle.ground import Ground
from lisa.usecases.lifecycle.orders import Lifecycle
from lisa.usecases.lifecycle.recovery import Recovery
from lisa.usecases.lifecycle.steps import model_steps
from lisa.usecases.lifecycle.telling import Telling
from lisa.usecases.models import Wanted
from lisa.workflows.definition import State, Task, WaitUntil, Workflow
from lisa.workflows.interpreting import Run
from lisa.workflows.of_models import MODEL_WORKFLOWS
from lisa.workflows.of_stores import STORE_WORKFLOWS
from lisa.workflows.running import Attempts, Failure, Steps, first_state

ROOT: Final = Principal(subject="root", admin=True)
WORKFLOWS: Final = {**MODEL_WORKFLOWS, **STORE_WORKFLOWS}
SOON: Final = 0.01  # seconds until a step that hangs is given up
PATIENT: Final = 60.0
LONG_ENOUGH: Final = 60  # seconds of the scripted clock for any wait
HOSTING: Final = Hosting(
    kind=HostKind.SCRIPTED, engine=EngineName.VLLM, weights=Weights(source="/weights/tiny")
)
OTHER: Final = HOSTING.model_copy(update={"gpus": 1})
Turns = Mapping[str, Sequence[str]]


@dataclass
class ListenedTo:
    """Answers as long as it shall."""

    message: str = ""
    asked: list[str] = field(default_factory=list)

    async def probe(self, name: str, kind: ModelType, upstream: Upstream) -> Probe:
        del kind
        self.asked.append(f"{name} at {upstream.url}")
        return Probe(upstream.id, 1, cause="refused" if self.message else "", message=self.message)


@dataclass
class Bench:
    """Notes the runs that are begun, and does them when told to."""

    steps: Steps
    clock: ManualClock
    begun: dict[str, tuple[str, State]] = field(default_factory=dict)
    ended: dict[str, RunState] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    away: bool = False

    async def start(self, workflow: str, run_id: str, state: Mapping[str, Any]) -> None:
        if self.away:
            raise Unavailable("no runs can be begun")
        self.begun.setdefault(run_id, (workflow, dict(state)))

    async def state(self, workflow: str, run_id: str) -> RunState:
        del workflow
        if run_id not in self.begun:
            raise NotFound("no such run")
        return self.ended.get(run_id, RunState(RunStatus.RUNNING))

    async def stop(self, workflow: str, run_id: str) -> None:
        del workflow
        self.stopped.append(run_id)

    async def go(self, run_id: str, turns: Turns) -> State | Failure:
        """Do a run, in which steps are `busy`, `wrong`, `lost` or `hangs` in turn."""
        workflow, state = self.begun[run_id]
        calls = Counter[str]()
        steps = {
            name: partial(self._call, name, turns.get(name, ("ok",)), calls) for name in self.steps
        }
        attempts = Attempts(steps)

        async def attempt(task: Task, state: State) -> State | Failure:
            seconds = SOON if "hangs" in turns.get(task.run, ()) else PATIENT
            return await attempts.attempt(replace(task, timeout_seconds=seconds), state)

        run = Run(attempt, self.clock.sleep, first_state(workflow, run_id, state))
        outcome = await run.go(_sooner(WORKFLOWS[workflow]))
        failed = isinstance(outcome, Failure)
        self.ended[run_id] = RunState(RunStatus.FAILED if failed else RunStatus.DONE)
        return outcome

    async def _call(
        self, name: str, turns: Sequence[str], calls: Counter[str], state: State
    ) -> State:
        happens = turns[min(calls[name], len(turns) - 1)]
        calls[name] += 1
        if happens == "busy":
            raise Unavailable(f"{name} is busy", next_step="wait")
        if happens == "wrong":
            raise Invalid(f"{name} is wrong", next_step="change it")
        if happens == "hangs":
            await asyncio.Event().wait()
        after = await self.steps[name](state)
        if happens == "lost":  # done, and nobody heard of it
            raise Unavailable(f"the answer of {name} was lost")
        return after


class WatchedHost(ScriptedHost):
    """Lets something happen just before it ensures."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def ensure(self, model_id: str, hosting: Hosting, replicas: int) -> None:
        if self.meanwhile:
            await self.meanwhile()
        await super().ensure(model_id, hosting, replicas)


class House:
    """All of it."""

    def __init__(self, script: Script | None = None, clock: ManualClock | None = None) -> None:
        self.clock = clock or ManualClock()
        self.tables = MemoryTables(self.clock)
        self.models, self.events = ModelStore(self.tables), ModelEvents(self.tables)
        self.host, self.prober = WatchedHost(self.clock, script), ListenedTo()
        self.telling = Telling(self.models, self.events, self.clock)
        self.hosts = {HostKind.SCRIPTED: self.host}
        self.audits = AuditStore(self.tables)
        self.steps = model_steps(Ground(self.telling, self.hosts, self.prober, self.clock))
        self.bench = Bench(self.steps, self.clock)
        self.uses = self.served_by(self.bench)
        self.recovery = Recovery(self.telling, self.bench)

    def served_by(self, workflows: Workflows) -> Lifecycle:
        """Return the use cases whose runs are begun there."""
        audit = Audit(self.audits, self.clock, RandomIds())
        beginning = Beginning(self.models, self.events, workflows, self.clock, audit)
        return Lifecycle(beginning, self.hosts, check=lambda *_: None)

    async def order(self, verb: str, key: str = "") -> Model:
        """Ask for one of the five things with the model `m`."""
        asked = Asked(ROOT, key)
        if verb == "create":
            return await self.uses.create(asked, Wanted("m", {}), HOSTING)
        if verb == "update":
            return await self.uses.update(asked, "m", lambda _: OTHER)
        ways = {"delete": self.uses.delete, "start": self.uses.start, "stop": self.uses.stop}
        return await ways[verb](asked, "m")

    async def does(self, verb: str, turns: Turns | None = None) -> State | Failure:
        """Ask for it, and do its run."""
        model = await self.order(verb)
        return await self.bench.go(model.run, turns or {})

    async def model(self) -> Model:
        """Return the model `m` as it is."""
        model = await self.models.by_id("m")
        assert model
        return model

    async def left(self) -> list[str]:
        """Return what is left at the host."""
        return [*await self.host.leftovers("m")]

    async def running(self) -> int:
        """Return how many replicas run."""
        return len((await self.host.observe("m")).replicas)

    async def timeline(self) -> list[ModelEvent]:
        """Return all that was told."""
        return await self.uses.timeline(ROOT, "m", -1, limit=1000)


async def house_before(verb: str) -> House:
    """Return a house in which this can be done with the model `m`."""
    house = House()
    if verb != "create":
        await house.does("create")
    if verb == "start":
        await house.does("stop")
    return house


def _sooner(workflow: Workflow) -> Workflow:
    """Return it with waits that end soon."""
    nodes = [_with_short_waits(each) for each in workflow.nodes]
    return replace(workflow, nodes=nodes)


def _with_short_waits(node: Any) -> Any:
    if isinstance(node, WaitUntil):
        return replace(node, at_most_seconds=LONG_ENOUGH)
    undo = getattr(node, "undo", None)
    return replace(node, undo=_with_short_waits(undo)) if undo else node
