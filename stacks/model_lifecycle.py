"""The stack of models' lives: what makes, watches, wakes and removes the stacks of models."""

import tempfile
from pathlib import Path
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import WAKE, WATCH, WORKFLOWS
from lisa.declared.model_stack import Site, template_name
from lisa.domain.hosting import EngineName
from lisa.workflows.of_models import MODEL_WORKFLOWS
from stacks.constructs.alarm_topic import topic_of_models
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.encryption import key_arn
from stacks.constructs.model_boundary import ModelBoundary
from stacks.constructs.model_grants import on_weights
from stacks.constructs.model_maker import ModelMaker
from stacks.constructs.parameters import look_up, publish
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.schedule import on_schedule
from stacks.constructs.state_machine import StateMachine
from stacks.model_templates import write

LOG_DAYS: Final = (7, 30, 90, 365)  # those that a model's template takes


class ModelLifecycleStack(DeploymentStack):
    """State machines, the functions around them, and the role that makes stacks."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "lifecycle", "the lives of models")
        # A role has one boundary only: where every role must have the deployment's, models' do too.
        boundary = (
            config.iam.permissions_boundary or ModelBoundary(self, config).policy.managed_policy_arn
        )
        maker = ModelMaker(self, config, boundary).role
        site = self._site(config, maker.role_arn, boundary)
        steps = PythonFunction(self, config, WORKFLOWS, {"site": site.model_dump(mode="json")})
        for statement in on_weights(self, config.models.weights_buckets):
            steps.function.add_to_role_policy(statement)
        for workflow in MODEL_WORKFLOWS.values():
            StateMachine(self, config, workflow, steps.function)
        on_schedule(self, WATCH, PythonFunction(self, config, WATCH).function)
        wake = PythonFunction(self, config, WAKE).function
        # Whoever still wants the model asks again.
        wake.configure_async_invoke(retry_attempts=0, max_event_age=cdk.Duration.minutes(1))
        publish(self, config, f"door/{WAKE.name}", wake.function_arn)

    def _site(self, config: DeploymentConfig, role: str, boundary: str) -> Site:
        templates = self._templates()
        subnets = range(config.network.zone_count)
        return Site(
            deployment=config.full_name,
            arns=f"{self.region}:{self.account}",
            partition=self.partition,
            vpc=look_up(self, config, "network/vpc"),
            subnets=tuple(
                look_up(self, config, f"network/private-subnet-{number}") for number in subnets
            ),
            gateway_group=look_up(self, config, "network/group-serve"),
            role=role,
            topic=topic_of_models(self, config),
            boundary=boundary,
            key=key_arn(self, config),
            template_bucket=next(iter(templates.values())).s3_bucket_name,
            templates={engine: asset.s3_object_key for engine, asset in templates.items()},
            images=config.models.images,
            connection_idle_seconds=config.serve.idle_seconds,
            log_days=next(days for days in LOG_DAYS if days >= config.log_days),
        )

    def _templates(self) -> dict[EngineName, assets.Asset]:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder))
            return {
                engine: assets.Asset(
                    self, f"Template-{engine}", path=str(Path(folder, template_name(engine)))
                )
                for engine in EngineName
            }
