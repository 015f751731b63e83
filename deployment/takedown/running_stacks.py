"""Removes the stacks of models and stores, which LISA made while it ran, and awaits their end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from deployment.account import Account
from deployment.plan.deployed import Stack
from lisa.declared.store_stack import StoreParameter
from lisa.domain.errors import Conflict, Invalid, NotFound, Unavailable

PATIENCE_SECONDS: Final = 3600.0
UNCHANGED: Final = "No updates are to be performed"
GONE: Final = "DELETE_COMPLETE"


@dataclass(frozen=True)
class RunningStacks:
    """Removes them; `told` hears what happens, and AWS is asked every so many seconds."""

    account: Account
    told: Callable[[str], None]
    every_seconds: float = 5.0

    def remove(self, stacks: Sequence[Stack]) -> None:
        """Begin to remove all of them, then wait for each."""
        for stack in stacks:
            self._unprotect(stack)
            self.account.ask("cloudformation", "delete_stack", StackName=stack.name)
            self.told(f"removing {stack.name}")
        for stack in stacks:
            self._wait(stack.name, until=GONE)
            self.told(f"removed {stack.name}")

    def _unprotect(self, stack: Stack) -> None:
        """Take off what keeps a store from being deleted by accident."""
        if stack.is_protected:
            self.account.ask(
                "cloudformation",
                "update_termination_protection",
                StackName=stack.name,
                EnableTerminationProtection=False,
            )
        if stack.parameters.get(StoreParameter.KEEP.value) == "true":
            self._let_go(stack)

    def _let_go(self, stack: Stack) -> None:
        values = [
            {"ParameterKey": key, "ParameterValue": "false"}
            if key == StoreParameter.KEEP.value
            else {"ParameterKey": key, "UsePreviousValue": True}
            for key in stack.parameters
        ]
        try:
            self.account.ask(
                "cloudformation",
                "update_stack",
                StackName=stack.name,
                UsePreviousTemplate=True,
                Parameters=values,
            )
        except Invalid as error:
            if UNCHANGED not in error.message:
                raise
        self._wait(stack.name, until="UPDATE_COMPLETE")

    def _wait(self, name: str, until: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            status = self._status(name)
            if status in (until, GONE):
                return
            if not status.endswith("IN_PROGRESS"):
                raise Conflict(
                    f"the stack {name} can't be removed: {status}",
                    next_step=f"see its events: aws cloudformation describe-stack-events "
                    f"--stack-name {name}; mend that, then do the same again",
                    code="stack_stays",
                )
            time.sleep(self.every_seconds)
        raise Unavailable(
            f"the stack {name} is still being removed after an hour",
            next_step="do the same again: it goes on where it ended",
        )

    def _status(self, name: str) -> str:
        try:
            told = self.account.ask("cloudformation", "describe_stacks", StackName=name)
        except NotFound:
            return GONE
        return str(told["Stacks"][0]["StackStatus"])
