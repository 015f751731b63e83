"""Stores that are stacks on AWS: made, protected, watched and removed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias

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
from lisa.adapters.cloudformation.store_wanted import NO, YES, store_stack, store_stack_name
from lisa.declared.store_offers import OFFERS, template_for
from lisa.declared.store_stack import TAG, StoreOutput, StoreParameter, StoreSite, StoreTemplate
from lisa.domain.errors import Invalid
from lisa.domain.knowledge.repository import Repository
from lisa.domain.knowledge.store_offer import Offer
from lisa.ports.hosts import HostState
from lisa.ports.store_hosts import Made

COSTLY: Final = ("rds:db", "rds:cluster", "es:domain", "aoss:collection", "ec2:security-group")
LINKED: Final = "opensearchservice.amazonaws.com"
THERE_ALREADY: Final = "has been taken"
UNCHANGED: Final = "No updates are to be performed"
Templates: TypeAlias = Callable[[StoreTemplate], Awaitable[str]]


class CloudFormationStores:
    """One stack for each store, with the uid of its repository for a name."""

    def __init__(self, calls: Calls, site: StoreSite, templates: Templates) -> None:
        """`templates` returns the text of one."""
        self._stacks, self._site, self._templates = Stacks(calls), site, templates

    def offers(self) -> Sequence[Offer]:
        """Say what can be made."""
        return [*OFFERS.values()]

    async def ensure(self, repository: Repository) -> None:
        """Begin to make the stack; one that is on its way goes on by itself."""
        found = await self._found(repository.uid)
        if found is None:
            await self._make(repository)
        elif found["StackStatus"] in LOST:
            await self.remove(repository.uid)
            raise later("what failed before is being removed")

    async def observe(self, uid: str) -> Made:
        """Tell how far the stack has come."""
        found = await self._found(uid)
        if found is None:
            return Made(HostState.ABSENT, "there is no stack")
        status = found["StackStatus"]
        if status in GOOD or status.startswith("UPDATE_"):
            told = outputs_of(found)
            login = told.get(StoreOutput.LOGIN)
            address = told.get(StoreOutput.ADDRESS, "")
            return Made(
                HostState.READY, "the stack stands", address, f"secret:{login}" * bool(login)
            )
        if status.endswith("IN_PROGRESS"):
            return Made(HostState.WORKING, await self._stacks.progress(found))
        helps = "mend the cause, delete the repository and make it again"
        cause = await self._stacks.cause(found)
        return Made(HostState.FAILED, status, cause=cause, next_step=helps)

    async def keep(self, uid: str) -> None:
        """Protect the stack, and the database in it, where this deployment keeps its data."""
        found = await self._found(uid)
        if found and self._site.keep:
            await self._protect(found, protected=True)
            if _value(found, StoreParameter.KEEP) == NO:
                await self._set_keep(found, YES)

    async def remove(self, uid: str) -> None:
        """Begin to remove the stack; what protects it goes first."""
        found = await self._found(uid)
        if found is None or (found["StackStatus"].startswith("UPDATE_") and _is_busy(found)):
            return
        if found.get("EnableTerminationProtection"):
            await self._protect(found, protected=False)
        if _value(found, StoreParameter.KEEP) == YES and found["StackStatus"] in GOOD:
            await self._set_keep(found, NO)
        elif found["StackStatus"] != "DELETE_IN_PROGRESS":
            await self._stacks.remove(found["StackName"], self._site.role)

    async def leftovers(self, uid: str) -> Sequence[str]:
        """Name the stack, and whatever else costs and bears the store's mark."""
        found = await self._found(uid)
        stacks = [f"stack {found['StackName']} ({await self._stacks.how(found)})"] if found else []
        marked = await self._stacks.ask(
            "resourcegroupstaggingapi",
            "get_resources",
            TagFilters=[{"Key": TAG, "Values": [uid]}],
            ResourceTypeFilters=list(COSTLY),
        )
        return [*stacks, *(each["ResourceARN"] for each in marked["ResourceTagMappingList"])]

    async def _make(self, repository: Repository) -> None:
        store = repository.store
        kind = template_for(store.kind, serverless=store.serverless)
        if kind is StoreTemplate.SERVERLESS and not self._site.endpoint:
            raise _no_endpoint()
        if kind is StoreTemplate.DOMAIN:
            await self._link_domains()
        wanted = store_stack(self._site, repository, await self._templates(kind))
        try:
            await self._stacks.calls.ask("cloudformation", "create_stack", **wanted)
        except ClientError as error:
            if refused(error, "AlreadyExistsException"):
                return
            raise refusal(error) from error

    async def _link_domains(self) -> None:
        """Let the service put domains into networks, which it asks for once for an account."""
        try:
            await self._stacks.calls.ask("iam", "create_service_linked_role", AWSServiceName=LINKED)
        except ClientError as error:
            if not refused(error, THERE_ALREADY):
                raise unavailable(error) from error

    async def _protect(self, found: Stack, *, protected: bool) -> None:
        await self._stacks.ask(
            "cloudformation",
            "update_termination_protection",
            StackName=found["StackName"],
            EnableTerminationProtection=protected,
        )

    async def _set_keep(self, found: Stack, keep: str) -> None:
        """Change the one parameter that protects what is in the stack."""
        others = [each["ParameterKey"] for each in found["Parameters"]]
        values: list[Mapping[str, object]] = [
            {"ParameterKey": each, "UsePreviousValue": True}
            for each in others
            if each != StoreParameter.KEEP
        ]
        values.append({"ParameterKey": StoreParameter.KEEP.value, "ParameterValue": keep})
        role = {"RoleARN": self._site.role} if self._site.role else {}
        try:
            await self._stacks.calls.ask(
                "cloudformation",
                "update_stack",
                StackName=found["StackName"],
                UsePreviousTemplate=True,
                Parameters=values,
                **role,
            )
        except ClientError as error:
            if not refused(error, UNCHANGED):
                raise refusal(error) from error

    async def _found(self, uid: str) -> Stack | None:
        return await self._stacks.find(store_stack_name(self._site, uid))


def _value(found: Stack, parameter: StoreParameter) -> str:
    values = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())}
    return str(values.get(parameter.value, ""))


def _is_busy(found: Stack) -> bool:
    return bool(found["StackStatus"].endswith("IN_PROGRESS"))


def _no_endpoint() -> Invalid:
    return Invalid(
        "the network of this deployment has no endpoint of OpenSearch Serverless",
        next_step="set knowledge.serverless_endpoint and deploy, or choose another kind",
        code="no_endpoint",
    )
