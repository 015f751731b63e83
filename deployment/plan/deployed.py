"""Reads what is deployed already: the stacks of a deployment, and their templates."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from deployment.account import Account
from lisa.declared.model_stack import DEPLOYMENT_TAG, stacks_of
from lisa.declared.store_stack import stores_of
from lisa.domain.errors import Invalid

# Nothing is in them yet; the CDK removes what was lost at the first attempt, and begins again.
EMPTY: Final = frozenset({"REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_COMPLETE"})


@dataclass(frozen=True)
class Stack:
    """A stack that is there, and how it is."""

    name: str
    status: str
    outputs: Mapping[str, str]
    tags: Mapping[str, str]
    parameters: Mapping[str, str]
    is_protected: bool = False

    @property
    def is_busy(self) -> bool:
        """Tell whether CloudFormation is at work on it."""
        return self.status.endswith("IN_PROGRESS") and self.status not in EMPTY


@dataclass(frozen=True)
class Stacks:
    """The stacks of one deployment in an account."""

    account: Account
    deployment: str

    def all(self) -> dict[str, Stack]:
        """Return those of the deployment itself, by their names."""
        part = re.compile(rf"{re.escape(self.deployment)}-[a-z]+")
        return {each.name: each for each in self._every() if part.fullmatch(each.name)}

    def made_while_running(self) -> dict[str, Stack]:
        """Return those of models and stores, which LISA itself made and marked."""
        return {
            each.name: each
            for each in self._every()
            if each.name.startswith((stacks_of(self.deployment), stores_of(self.deployment)))
            and each.tags.get(DEPLOYMENT_TAG) == self.deployment
        }

    def template(self, name: str) -> Mapping[str, Any]:
        """Return the template that a stack has."""
        told = self.account.ask(
            "cloudformation", "get_template", StackName=name, TemplateStage="Original"
        )
        body = told["TemplateBody"]
        if not isinstance(body, Mapping):
            raise Invalid(
                f"the stack {name} has a template that is no JSON, so LISA didn't make it",
                next_step="choose another `name` or `stage`",
            )
        return body

    def _every(self) -> Iterator[Stack]:
        for each in self.account.every("cloudformation", "describe_stacks", "Stacks"):
            if each["StackStatus"] not in EMPTY:
                yield _stack(each)


def _stack(told: Mapping[str, Any]) -> Stack:
    def read(part: str, kind: str) -> dict[str, str]:
        return {each[f"{kind}Key"]: each.get(f"{kind}Value", "") for each in told.get(part, [])}

    tags = {each["Key"]: each["Value"] for each in told.get("Tags", [])}
    return Stack(
        told["StackName"],
        told["StackStatus"],
        read("Outputs", "Output"),
        tags,
        read("Parameters", "Parameter"),
        bool(told.get("EnableTerminationProtection")),
    )
