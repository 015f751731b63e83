"""The stack of what reads documents: a function for small ones, tasks for all, and the clock."""

from typing import Final

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from deployment.config.services import Capacity, ContainerConfig
from lisa.declared.doors import INGEST
from lisa.declared.entry_points import WORK
from lisa.declared.services import INGEST_TASK
from stacks.constructs.container_service import ContainerService, Place
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.surroundings import Surroundings
from stacks.constructs.work_queue import WorkQueue

FUNCTION_READS_AT_ONCE: Final = 2
TASK_READS_AT_ONCE: Final = 4  # for each processor


class IngestStack(DeploymentStack):
    """The queue of work and the function that it feeds, and the service."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "ingest", "the reading of documents")
        work = WorkQueue(self, config, WORK, INGEST)
        wanted = config.knowledge
        told = {
            "ingest_largest_mb": wanted.small_mb if wanted.tasks else 0,
            "ingest_at_once": FUNCTION_READS_AT_ONCE,
        }
        work.feed(PythonFunction(self, config, INGEST, told).function)
        work.hear_of(wanted.source_buckets)
        self._task(config)

    def _task(self, config: DeploymentConfig) -> None:
        around, wanted = Surroundings(self, config), config.knowledge
        told = {
            "ingest_largest_mb": 0,
            "ingest_at_once": max(TASK_READS_AT_ONCE, TASK_READS_AT_ONCE * wanted.cpu // 1024),
        }
        size = Capacity(cpu=wanted.cpu, memory_mb=wanted.memory_mb)
        container = ContainerConfig(image=wanted.image, capacity=size)
        place = Place(around.vpc(named=False), around.group("serve"), tasks=wanted.tasks)
        ContainerService(self, config, INGEST_TASK, container, place, told)
