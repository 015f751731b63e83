"""Carries out runs so that a killed worker's successor goes on where it was.

Each attempt and each pause is a step of DBOS: it is written down when it ends, and not done again.
A run's own definition is written down with it, as Step Functions does, so it ends as it began.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from dbos import DBOS, DBOSConfig

from lisa.adapters.dbos.settings import APPLICATION, CARRY_OUT, QUEUE, VERSION
from lisa.workflows.definition import State, Task, Workflow
from lisa.workflows.interpreting import Attempt, Pause, Run
from lisa.workflows.running import Failure

LOOK_EVERY_SECONDS: Final = 0.5


@asynccontextmanager
async def working(
    url: str,
    attempt: Attempt,
    pause: Pause = DBOS.sleep_async,
    look_every_seconds: float = LOOK_EVERY_SECONDS,
) -> AsyncIterator[None]:
    """Carry out what is begun, and what an earlier worker left, while the block runs.

    DBOS exists once in a process, and so does this.
    """

    async def noted(task: Task, state: State) -> State | Failure:
        return await DBOS.run_step_async({"name": task.name}, attempt, task, state)

    async def carry_out(workflow: Workflow, state: State) -> State | Failure:
        return await Run(noted, pause, state).go(workflow)

    DBOS(config=_config(url))
    # However often a worker dies: the run itself is bounded.
    DBOS.workflow(name=CARRY_OUT, max_recovery_attempts=None)(carry_out)
    try:
        DBOS.launch()  # blocks for a moment, but must know this loop: steps run in it
        await DBOS.register_queue_async(QUEUE, polling_interval_sec=look_every_seconds)
        yield
    finally:
        # DBOS put its own threads in this place, which end with it; others still need some.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)


def _config(url: str) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "system_database_url": url,
        "application_version": VERSION,
        "executor_id": "local",
        "sys_db_pool_size": 5,
        "log_level": "WARNING",
    }
