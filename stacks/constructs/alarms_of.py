"""Which alarms there are: each rule about everything that it can be about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import aws_cdk as cdk

from deployment.config.deployment import DeploymentConfig
from deployment.config.services import Capacity
from lisa.declared.doors import AUTHORIZER
from lisa.declared.entry_points import STAGE, Door, Service
from lisa.declared.services import LITELLM, SERVE
from stacks.constructs import alarm_rules as rules
from stacks.constructs.alarm import Alarm
from stacks.constructs.parameters import look_up
from stacks.constructs.statement import arn
from stacks.constructs.watched import Plane, Watched, plane_of

MILLISECONDS: Final = 1000
OFTEN: Final = 5  # minutes: what is called more often need not be looked at more often


@dataclass(frozen=True)
class Alarms:
    """The alarms of one deployment, for the stack that makes them."""

    stack: cdk.Stack
    config: DeploymentConfig
    watched: Watched

    def all(self) -> Iterator[Alarm]:
        """Yield all there are."""
        if self.watched.api:
            yield from self._api()
        for door in self.watched.doors:
            yield from self._door(door)
        for service in self.watched.services:
            yield from self._service(service)
        for queue in self.watched.queues:
            yield from self._queue(queue.name)
        for name, plane in self.watched.workflows:
            yield self._workflow(name, plane)
        yield from self._tables()
        if self.config.backup.enabled:
            vault = {"BackupVaultName": self._named("backup/vault")}
            for rule in (rules.BACKUP_FAILS, rules.BACKUP_IS_MISSING):
                yield Alarm(Plane.DATA, rule, "tables", vault)

    def _api(self) -> Iterator[Alarm]:
        where = {"ApiName": self.config.stack_name("api"), "Stage": STAGE}
        for rule in (rules.API_FAILS, rules.API_IS_SLOW):
            yield Alarm(Plane.CONTROL, rule, "api", where)

    def _door(self, door: Door) -> Iterator[Alarm]:
        plane, name = plane_of(door), f"function-{door.name}"
        where = {"FunctionName": self.config.stack_name(door.name)}
        fails = rules.AUTHORIZER_FAILS if door is AUTHORIZER else rules.FUNCTION_FAILS
        yield Alarm(plane, fails, name, where)
        yield Alarm(plane, rules.FUNCTION_IS_THROTTLED, name, where)
        near = rules.FUNCTION_IS_SLOW.threshold * door.timeout_seconds * MILLISECONDS
        yield Alarm(plane, rules.FUNCTION_IS_SLOW, name, where, threshold=near)
        if every := door.every_minutes:
            yield Alarm(plane, rules.CLOCK_STANDS, name, where, minutes=max(every, OFTEN))

    def _service(self, service: Service) -> Iterator[Alarm]:
        plane, name = plane_of(service), f"service-{service.name}"
        where = {
            "ClusterName": self._named(f"service/{service.name}/cluster"),
            "ServiceName": self._named(f"service/{service.name}/name"),
        }
        yield Alarm(plane, rules.TASKS_ARE_MISSING, name, where)
        yield Alarm(plane, rules.MEMORY_IS_SHORT, name, where)
        if service.port:  # what only works through a queue may be as busy as it can
            yield Alarm(plane, rules.TASKS_ARE_BUSY, name, where)
            yield from self._balancer(service, plane, name)

    def _balancer(self, service: Service, plane: Plane, name: str) -> Iterator[Alarm]:
        front = {"LoadBalancer": self._named(f"service/{service.name}/balancer")}
        tasks = {"TargetGroup": self._named(f"service/{service.name}/targets"), **front}
        most = rules.FEW_ARE_HEALTHY.threshold
        fewest = min(most, self._capacity(service).min_tasks)
        yield Alarm(plane, rules.FEW_ARE_HEALTHY, name, tasks, threshold=fewest)
        yield Alarm(plane, rules.SERVICE_FAILS, name, tasks)
        yield Alarm(plane, rules.SERVICE_IS_SLOW, name, tasks)
        yield Alarm(plane, rules.BALANCER_FAILS, name, front)

    def _capacity(self, service: Service) -> Capacity:
        chosen = {SERVE.name: self.config.serve, LITELLM.name: self.config.litellm}
        return chosen[service.name].capacity

    def _queue(self, name: str) -> Iterator[Alarm]:
        for rule, which in ((rules.WORK_WAITS, "name"), (rules.WORK_GIVEN_UP, "unhandled")):
            where = {"QueueName": self._named(f"queue/{name}/{which}")}
            yield Alarm(Plane.KNOWLEDGE, rule, f"queue-{name}", where)

    def _workflow(self, name: str, plane: Plane) -> Alarm:
        machine = f"stateMachine:{self.config.stack_name(name)}"
        where = {"StateMachineArn": arn(self.stack, "states", machine)}
        return Alarm(plane, rules.WORKFLOW_FAILS, f"workflow-{name}", where)

    def _named(self, name: str) -> str:
        return look_up(self.stack, self.config, name)

    def _tables(self) -> Iterator[Alarm]:
        """Ask about all tables at once: they report these metrics for each operation apart."""
        names = [self._named(f"table/{each.name}") for each in self.watched.tables]
        for rule in (rules.TABLES_THROTTLE, rules.TABLES_FAIL) if names else ():
            asked = query_of(rule.metrics[0], names)
            yield Alarm(Plane.DATA, rule, "tables", query=asked)


def query_of(metric: str, tables: Sequence[str]) -> str:
    """Return how CloudWatch is asked for the sum of a metric over these tables."""
    any_of_them = " OR ".join(f"TableName = '{each}'" for each in tables)
    source = f'SCHEMA("{rules.TABLES}", Operation, TableName)'
    # No database hears it: CloudWatch does, with names that are our own.
    return f"SELECT SUM({metric}) FROM {source} WHERE {any_of_them}"  # noqa: S608 - see above
