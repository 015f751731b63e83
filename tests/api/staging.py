"""Models that LISA runs, on a scripted host; their runs go on only when they are let go."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lisa.adapters.memory.workflows import MemoryWorkflows
from lisa.adapters.scripted.host import Script, ScriptedHost
from lisa.bootstrap.hosting import ground_of, watching_of
from lisa.bootstrap.model_routes import ModelPorts
from lisa.bootstrap.ports import Ports
from lisa.domain.hosting import HostKind
from lisa.ports.hosts import Host
from lisa.usecases.lifecycle.steps import model_steps
from lisa.usecases.lifecycle.watching import Watching
from lisa.workflows.definition import State, Task
from lisa.workflows.of_models import MODEL_WORKFLOWS
from lisa.workflows.running import Attempts, Failure

NOWHERE = "http://127.0.0.1:9/v1"


@dataclass(frozen=True)
class Stage:
    """Where such models are, and what an app needs of it."""

    ports: ModelPorts
    workflows: MemoryWorkflows
    gate: asyncio.Event
    watching: Watching

    async def go(self) -> None:
        """Let all runs come to their end."""
        self.gate.set()
        await self.workflows.settled()
        self.gate.clear()


def staged(ports: Ports, models: ModelPorts, address: str = NOWHERE) -> Stage:
    """Let models be run by a scripted host, as if they answered at this address."""
    hosts: Mapping[HostKind, Host] = {
        HostKind.SCRIPTED: ScriptedHost(ports.clock, Script(address=address))
    }
    attempts = Attempts(model_steps(ground_of(ports, hosts, models.prober)))
    gate = asyncio.Event()

    async def attempt(task: Task, state: State) -> State | Failure:
        await gate.wait()
        return await attempts.attempt(task, state)

    workflows = MemoryWorkflows(MODEL_WORKFLOWS, attempt, ports.clock.sleep)
    own = replace(models, hosts=hosts, workflows=workflows)
    return Stage(own, workflows, gate, watching_of(ports, hosts, workflows))
