"""Finds out what goes with a deployment, what is in the way, and what stays behind."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from deployment.account import Account
from deployment.plan.comparing import KEPT_BEHIND
from deployment.plan.deployed import Stack, Stacks
from lisa.declared.store_stack import stores_of

AT_ONCE: Final = 4
BUCKET: Final = "AWS::S3::Bucket"
VAULT: Final = "AWS::Backup::BackupVault"
BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"


@dataclass(frozen=True)
class Resource:
    """One resource of a stack, by the name that AWS knows."""

    stack: str
    kind: str
    name: str
    stays: bool


@dataclass(frozen=True)
class Departure:
    """What goes: run-time stacks first, then the deployment's own, with all but what stays."""

    running: Sequence[Stack]
    stacks: Sequence[Stack]
    resources: Sequence[Resource]
    stores: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to remove."""
        return not (self.running or self.stacks)

    @property
    def staying(self) -> list[Resource]:
        """Return what the stacks leave behind."""
        return [each for each in self.resources if each.stays]

    def going(self, kind: str) -> list[Resource]:
        """Return the resources of a type that go with their stacks."""
        return [each for each in self.resources if each.kind == kind and not each.stays]


def departure_of(stacks: Stacks) -> Departure:
    """Ask CloudFormation what there is of a deployment."""
    own, running = stacks.all(), stacks.made_while_running()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        resources = threads.map(lambda name: [*_resources_of(stacks, name)], sorted(own))
    return Departure(
        [running[name] for name in sorted(running)],
        [own[name] for name in sorted(own)],
        [each for some in resources for each in some],
        [name for name in sorted(running) if name.startswith(stores_of(stacks.deployment))],
    )


def _resources_of(stacks: Stacks, name: str) -> Iterator[Resource]:
    told: Mapping[str, Any] = stacks.template(name).get("Resources", {})
    for each in _members(stacks.account, name):
        resource = told.get(each["LogicalResourceId"], {})
        stays = resource.get("DeletionPolicy") in KEPT_BEHIND
        if each.get("PhysicalResourceId"):
            yield Resource(name, each["ResourceType"], each["PhysicalResourceId"], stays)


def _members(account: Account, stack: str) -> Iterator[Mapping[str, Any]]:
    yield from account.every(
        "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=stack
    )
