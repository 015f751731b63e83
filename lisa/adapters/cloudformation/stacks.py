"""What CloudFormation tells of a stack: whether there is one, how far it is, why it failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from botocore.exceptions import ClientError

from lisa.adapters.cloudformation.calls import Calls, refused, unavailable
from lisa.domain.errors import Unavailable

GOOD: Final = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
# Such a stack can only be removed.
LOST: Final = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})
BEGUN: Final = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"})
ECHO: Final = "cancelled"  # resources that only stopped because another one failed

Stack: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Stacks:
    """Asks CloudFormation, and whatever else has to be asked of AWS."""

    calls: Calls

    async def ask(self, service: str, operation: str, **arguments: object) -> Mapping[str, Any]:
        """Call; what is refused is `Unavailable`."""
        try:
            return await self.calls.ask(service, operation, **arguments)
        except ClientError as error:
            raise unavailable(error) from error

    async def find(self, name: str) -> Stack | None:
        """Return the stack of this name, if there is one."""
        try:
            told = await self.calls.ask("cloudformation", "describe_stacks", StackName=name)
        except ClientError as error:
            if refused(error, "does not exist"):
                return None
            raise unavailable(error) from error
        found: Stack = told["Stacks"][0]
        return None if found["StackStatus"] == "DELETE_COMPLETE" else found

    async def remove(self, name: str, role: str) -> None:
        """Begin to remove the stack with all that is in it."""
        as_role = {"RoleARN": role} if role else {}
        try:
            await self.calls.ask("cloudformation", "delete_stack", StackName=name, **as_role)
        except ClientError as error:
            raise refusal(error) from error

    async def progress(self, found: Stack) -> str:
        """Say how many of its parts are done."""
        told = await self.ask(
            "cloudformation", "describe_stack_resources", StackName=found["StackName"]
        )
        parts = told["StackResources"]
        busy = [each["LogicalResourceId"] for each in parts if _busy(each)]
        now = f", now {', '.join(busy[:3])}" if busy else ""
        return f"{len(parts) - len(busy)} of {len(parts)} parts are done{now}"

    async def how(self, found: Stack) -> str:
        """Say how it is, with the cause of a failure."""
        status = str(found["StackStatus"])
        return f"{status}: {await self.cause(found)}" if status.endswith("FAILED") else status

    async def cause(self, found: Stack) -> str:
        """Say what failed first, when it was changed last."""
        told = await self.ask("cloudformation", "describe_stack_events", StackName=found["StackId"])
        reasons = [
            f"{each['LogicalResourceId']}: {each['ResourceStatusReason']}"
            for each in reversed([*_of_latest_change(told["StackEvents"])])
            if each["ResourceStatus"].endswith("FAILED") and each.get("ResourceStatusReason")
        ]
        first = [each for each in reasons if ECHO not in each]
        return first[0] if first else str(found.get("StackStatusReason", found["StackStatus"]))


def refusal(error: ClientError) -> Unavailable:
    """Say what CloudFormation says."""
    words = f"CloudFormation refused: {error.response['Error']['Message']}"
    return Unavailable(words, next_step="mend what CloudFormation names, and try again")


def later(words: str) -> Unavailable:
    """Say that something else has to end first."""
    return Unavailable(words, next_step="wait until it is done")


def outputs_of(found: Stack) -> Mapping[str, str]:
    """Return what a stack tells of itself."""
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def _of_latest_change(events: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Choose among events, the newest first, those since the stack was changed last."""
    for each in events:
        yield each
        if each["PhysicalResourceId"] == each["StackId"] and each["ResourceStatus"] in BEGUN:
            return


def _busy(part: Mapping[str, Any]) -> bool:
    return bool(part["ResourceStatus"].endswith("IN_PROGRESS"))
