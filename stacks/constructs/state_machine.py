"""A workflow as a state machine of Step Functions; one function does all its steps."""

import json
from collections.abc import Mapping
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import Runs
from lisa.domain.errors import Invalid
from lisa.workflows.definition import GRACE_SECONDS, Workflow
from lisa.workflows.of_models import MODEL_WORKFLOWS
from lisa.workflows.of_stores import STORE_WORKFLOWS
from stacks.constructs.retention import log_of
from stacks.constructs.states import machine_of

WORKFLOWS: Final[Mapping[Runs, Mapping[str, Workflow]]] = {
    Runs.MODELS: MODEL_WORKFLOWS,
    Runs.STORES: STORE_WORKFLOWS,
}


class StateMachine(Construct):
    """A machine whose role can do nothing but call that function, and log."""

    def __init__(
        self,
        scope: Construct,
        config: DeploymentConfig,
        workflow: Workflow,
        function: lambda_.Function,
    ) -> None:
        super().__init__(scope, f"Workflow-{workflow.name}")
        _refuse_if_it_ends_first(function, workflow)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        role.add_to_policy(
            iam.PolicyStatement(
                sid="DoSteps",
                actions=["lambda:InvokeFunction"],
                resources=[function.function_arn],
            )
        )
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=config.stack_name(workflow.name),
            definition_body=sfn.DefinitionBody.from_string(
                json.dumps(machine_of(workflow, function.function_arn))
            ),
            role=role,
            tracing_enabled=config.observability.tracing,
            logs=sfn.LogOptions(
                destination=log_of(self, config),
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
        )


def machine_arns(scope: Construct, config: DeploymentConfig, runs: Runs) -> dict[str, str]:
    """Return the machine of each of these workflows, wherever in the deployment it is asked."""
    stack = cdk.Stack.of(scope)
    return {
        name: stack.format_arn(
            service="states",
            resource="stateMachine",
            resource_name=config.stack_name(name),
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        for name in WORKFLOWS[runs]
    }


def _refuse_if_it_ends_first(function: lambda_.Function, workflow: Workflow) -> None:
    needed = max(task.timeout_seconds for task in workflow.tasks()) + GRACE_SECONDS
    lives = function.timeout.to_seconds() if function.timeout else 0
    if lives < needed:
        raise Invalid(
            f"the steps of {workflow.name} need a function that lives for {needed:g} seconds, "
            f"not {lives:g}"
        )
