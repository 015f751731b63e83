"""A workflow in the words of Step Functions: the states of its machine, in JSONPath.

What goes from state to state: `state`, the run's own; `begun`, what is to be undone, the latest
first, each with the one `before` it; `failure`, what failed, likewise. Both begin as {}.
"""

import math
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from lisa.domain.errors import Invalid
from lisa.workflows.definition import (
    GRACE_SECONDS,
    TRIED_AGAIN,
    Choose,
    Node,
    Step,
    Task,
    Workflow,
)

TRIED_AGAIN_ON_AWS: Final = (
    "States.Timeout",
    "Sandbox.Timedout",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
)
DONE, FAILED, UNDO = "done", "failed", "undo what was begun"

StateOfMachine: TypeAlias = dict[str, Any]


def machine_of(workflow: Workflow, function: str) -> dict[str, Any]:
    """Return the definition of a workflow's machine; `function` is the ARN of what does a step."""
    states = _States(function)
    states.add(DONE, Type="Succeed")
    states.add(FAILED, Type="Fail", Error=FAILED, CausePath="States.JsonToString($.failure)")
    undos = [task.undo for task in workflow.tasks() if isinstance(task, Step) and task.undo]
    after = states.task(workflow.on_failure, FAILED, FAILED) if workflow.on_failure else FAILED
    states.undoing(undos, after)
    first = states.nodes(workflow.nodes, DONE)
    return {
        "Comment": workflow.name,
        "StartAt": first,
        "TimeoutSeconds": math.ceil(workflow.longest_seconds),
        "States": states.all,
    }


class _States:
    """Writes states down from the last to the first; each method returns the name of its first."""

    def __init__(self, function: str) -> None:
        self._function = function
        self.all: dict[str, StateOfMachine] = {}

    def add(self, state_name: str, **state: Any) -> str:
        if state_name in self.all:
            raise Invalid(f"two states have the name {state_name}")
        self.all[state_name] = state
        return state_name

    def nodes(self, nodes: Sequence[Node], then: str) -> str:
        for node in reversed(nodes):
            then = self._choice(node, then) if isinstance(node, Choose) else self._begun(node, then)
        return then

    def undoing(self, undos: Sequence[Task], then: str) -> None:
        """Write the loop that takes what was begun, one by one."""
        for undo in undos:
            undone = self.add(
                f"{undo.name}: over",
                Type="Pass",
                InputPath="$.begun.before",
                ResultPath="$.begun",
                Next=UNDO,
            )
            self.task(undo, undone, undone)
        rules = [_goes("$.begun.undo", undo.name, undo.name) for undo in undos]
        nothing = {"Variable": "$.begun.undo", "IsPresent": False, "Next": then}
        self.add(UNDO, Type="Choice", Choices=[nothing, *rules], Default=then)

    def task(self, task: Task, then: str, on_failure: str) -> str:
        noted = self.add(
            f"{task.name}: failed",
            Type="Pass",
            Parameters={"step": task.name, "caught.$": "$.caught", "before.$": "$.failure"},
            ResultPath="$.failure",
            Next=on_failure,
        )
        return self.add(
            task.name,
            Type="Task",
            Resource=self._function,
            Parameters=_asked(task),
            TimeoutSeconds=math.ceil(task.timeout_seconds) + GRACE_SECONDS,
            Retry=_retriers(task),
            Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.caught", "Next": noted}],
            ResultPath="$.state",
            Next=then,
        )

    def _begun(self, task: Task, then: str) -> str:
        first = self.task(task, then, UNDO)
        if not (isinstance(task, Step) and task.undo):
            return first
        return self.add(
            f"{task.name}: begun",
            Type="Pass",
            Parameters={"undo": task.undo.name, "before.$": "$.begun"},
            ResultPath="$.begun",
            Next=first,
        )

    def _choice(self, choose: Choose, then: str) -> str:
        variable = f"$.state.{choose.on}"
        return self.add(
            choose.name,
            Type="Choice",
            Choices=[
                _goes(variable, value, self.nodes(nodes, then))
                for value, nodes in choose.cases.items()
            ],
            Default=self.nodes(choose.otherwise, then),
        )


def _goes(variable: str, value: str, then: str) -> dict[str, Any]:
    present = {"Variable": variable, "IsPresent": True}
    return {"And": [present, {"Variable": variable, "StringEquals": value}], "Next": then}


def _asked(task: Task) -> dict[str, Any]:
    return {
        "task": task.name,
        "run": task.run,
        "timeout_seconds": task.timeout_seconds,
        "state.$": "$.state",
        "failure.$": "$.failure",
    }


def _retriers(task: Task) -> list[dict[str, Any]]:
    retry = task.retry
    grows = retry.longest_seconds > retry.first_seconds
    growth = {"BackoffRate": retry.growth, "MaxDelaySeconds": retry.longest_seconds}
    return [
        {
            "ErrorEquals": [*TRIED_AGAIN, *TRIED_AGAIN_ON_AWS],
            "MaxAttempts": retry.attempts,
            "IntervalSeconds": retry.first_seconds,
            "JitterStrategy": "FULL" if retry.jitter else "NONE",
            **(growth if grows else {"BackoffRate": 1}),
        }
    ]
