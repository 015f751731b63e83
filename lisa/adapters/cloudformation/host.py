"""Models that run as stacks on AWS: made, changed, watched and removed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError

from lisa.adapters.cloudformation.calls import Calls, refused, unavailable
from lisa.adapters.cloudformation.stacks import (
    GOOD,
    LOST,
    Stack,
    Stacks,
    later,
    outputs_of,
    refusal,
)
from lisa.adapters.cloudformation.wanted import WANTED_TAG, Containers, stack, stack_name
from lisa.declared.model_stack import CONTAINER, TAG, Output, Site
from lisa.domain.errors import Invalid, NotFound
from lisa.domain.hosting import Hosting
from lisa.ports.hosts import HostState, LogPage, Observed, Replica

AGAIN_TAG: Final = "lisa:again"
IN_USE: Final = ("pending", "running", "stopping", "stopped", "shutting-down")
COSTLY: Final = ("elasticloadbalancing", "ec2:volume", "ec2:security-group", "logs:log-group")


class CloudFormationHost:
    """One stack for each model."""

    def __init__(self, calls: Calls, site: Site, containers: Containers) -> None:
        """`containers` says what the replicas of a hosting run."""
        self._stacks, self._site, self._containers = Stacks(calls), site, containers

    async def ensure(self, model_id: str, hosting: Hosting, replicas: int) -> None:
        """Begin to make the stack or to change it; what is wanted already is left alone."""
        container = await self._containers(model_id, hosting)
        wanted = stack(self._site, model_id, hosting, replicas, container)
        found = await self._stacks.find(stack_name(self._site, model_id))
        if found is None:
            await self._write("create_stack", wanted)
        elif found["StackStatus"] in LOST:
            await self.remove(model_id)
            raise later("what failed before is being removed")
        elif _tag(found, WANTED_TAG) == _tag(wanted, WANTED_TAG) and not _undone(found):
            return
        elif found["StackStatus"].endswith("IN_PROGRESS"):
            raise later("the stack is still being changed")
        else:
            await self._write("update_stack", {**wanted, "Tags": [*wanted["Tags"], *_again(found)]})

    async def observe(self, model_id: str) -> Observed:
        """Tell how far the stack has come, and which replicas it has."""
        found = await self._stacks.find(stack_name(self._site, model_id))
        if found is None:
            return Observed(HostState.ABSENT, "there is no stack")
        status, told = found["StackStatus"], outputs_of(found)
        address = told.get(Output.ADDRESS, "")
        replicas = await self._replicas(told, address)
        if status.endswith("IN_PROGRESS"):
            words = await self._stacks.progress(found)
            return Observed(HostState.WORKING, words, address, replicas)
        if status in GOOD:
            words = f"the stack stands, with {len(replicas)} replicas"
            return Observed(HostState.READY, words, address, replicas)
        cause = await self._stacks.cause(found)
        step = "mend the cause, and start the model again"
        return Observed(HostState.FAILED, status, address, replicas, cause, step)

    async def remove(self, model_id: str) -> None:
        """Begin to remove the stack with all that is in it."""
        await self._stacks.remove(stack_name(self._site, model_id), self._site.role)

    async def leftovers(self, model_id: str) -> Sequence[str]:
        """Name the stack, machines, and whatever else costs and bears the model's mark."""
        found = await self._stacks.find(stack_name(self._site, model_id))
        stacks = [f"stack {found['StackName']} ({await self._stacks.how(found)})"] if found else []
        marked = await self._stacks.ask(
            "resourcegroupstaggingapi",
            "get_resources",
            TagFilters=[{"Key": TAG, "Values": [model_id]}],
            ResourceTypeFilters=list(COSTLY),
        )
        arns = [each["ResourceARN"] for each in marked["ResourceTagMappingList"]]
        return [*stacks, *await self._machines(model_id), *arns]

    async def logs(
        self, model_id: str, replica: str, limit: int, cursor: str, *, backward: bool = False
    ) -> LogPage:
        """Read a replica's log; it is kept as long as the stack."""
        group = outputs_of(await self._stacks.find(stack_name(self._site, model_id)) or {}).get(
            Output.LOG_GROUP
        )
        if not group:
            raise NotFound("there is no log of this model", code="log_not_found")
        try:
            page = await self._stacks.calls.ask(
                "logs",
                "get_log_events",
                logGroupName=group,
                logStreamName=f"{CONTAINER}/{CONTAINER}/{replica}",
                limit=limit,
                startFromHead=not backward,
                **({"nextToken": cursor} if cursor else {}),
            )
        except ClientError as error:
            if refused(error, "ResourceNotFoundException"):
                raise NotFound("there is no log of this replica", code="log_not_found") from error
            raise unavailable(error) from error
        lines = [each["message"] for each in page["events"]]
        before = page["nextBackwardToken"] if backward else ""
        earlier = before if before != cursor else ""  # the same again: nothing came before
        return LogPage(lines, page["nextForwardToken"], earlier)

    async def _write(self, operation: str, wanted: Stack) -> None:
        try:
            await self._stacks.calls.ask("cloudformation", operation, **wanted)
        except ClientError as error:
            if refused(error, "No updates are to be performed"):
                return
            refused_so = refusal(error)
            if refused(error, "ValidationError") and not refused(error, "IN_PROGRESS"):
                raise Invalid(
                    refused_so.message, next_step="correct the model's hosting"
                ) from error
            raise refused_so from error

    async def _replicas(self, told: Mapping[str, str], address: str) -> Sequence[Replica]:
        if Output.SERVICE not in told:
            return []
        cluster = told[Output.CLUSTER]
        listed = await self._stacks.ask(
            "ecs", "list_tasks", cluster=cluster, serviceName=told[Output.SERVICE]
        )
        if not listed["taskArns"]:
            return []
        tasks = await self._stacks.ask(
            "ecs", "describe_tasks", cluster=cluster, tasks=listed["taskArns"]
        )
        health = await self._stacks.ask(
            "elbv2", "describe_target_health", TargetGroupArn=told[Output.TARGETS]
        )
        well = {
            each["Target"]["Id"]
            for each in health["TargetHealthDescriptions"]
            if each["TargetHealth"]["State"] == "healthy"
        }
        return [_replica(each, address, well) for each in tasks["tasks"]]

    async def _machines(self, model_id: str) -> Sequence[str]:
        told = await self._stacks.ask(
            "ec2",
            "describe_instances",
            Filters=[
                {"Name": f"tag:{TAG}", "Values": [model_id]},
                {"Name": "instance-state-name", "Values": list(IN_USE)},
            ],
        )
        return [
            f"machine {each['InstanceId']}"
            for group in told["Reservations"]
            for each in group["Instances"]
        ]


def _replica(task: Mapping[str, Any], address: str, well: set[str]) -> Replica:
    addresses = {
        detail["value"]
        for each in task.get("attachments", [])
        for detail in each.get("details", [])
        if detail["name"] == "privateIPv4Address"
    }
    return Replica(
        task["taskArn"].rsplit("/", 1)[-1],
        address,
        healthy=not addresses.isdisjoint(well),
        since=task.get("startedAt"),
        error=task.get("stoppedReason", ""),
    )


def _again(found: Stack) -> list[dict[str, str]]:
    """Return a difference for a stack that was rolled back: else it would be left in that state."""
    since = str(found.get("LastUpdatedTime", found["CreationTime"]))
    return [{"Key": AGAIN_TAG, "Value": since}] if _undone(found) else []


def _undone(found: Stack) -> bool:
    return "ROLLBACK" in found["StackStatus"] or found["StackStatus"].startswith("DELETE")


def _tag(found: Stack, name: str) -> str:
    return next((str(each["Value"]) for each in found["Tags"] if each["Key"] == name), "")
