"""What no role of any model gets beyond, whatever a template asks for."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.metrics import models_metrics
from lisa.declared.model_stack import stacks_of
from stacks.constructs.encryption import key_arn, on_key
from stacks.constructs.statement import arn, may


class ModelBoundary(Construct):
    """A policy that bounds the engine, what starts it, and its machine."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, "Boundary")
        stack = cdk.Stack.of(self)
        named, prefix = f"{stacks_of(config.full_name)}*", config.secrets_prefix
        clusters = [
            arn(stack, "ecs", f"{kind}/{named}")
            for kind in ("cluster", "container-instance", "task")
        ]
        secrets = [arn(stack, "secretsmanager", f"secret:{prefix}*")]
        parameters = [arn(stack, "ssm", f"parameter/{prefix}*")]
        ours = {"StringEquals": {"cloudwatch:namespace": models_metrics(config.full_name)}}
        logs = [arn(stack, "logs", f"log-group:{named}")]
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="What models' roles get at most",
            statements=[
                may("Weights", "s3", "GetObject ListBucket", [f"arn:{stack.partition}:s3:::*"]),
                may("Queue", "cloudwatch", "PutMetricData", conditions=ours),
                may("Logs", "logs", "CreateLogStream PutLogEvents", logs),
                may("Secrets", "secretsmanager", "GetSecretValue", secrets),
                may("Parameters", "ssm", "GetParameters", parameters),
                may(
                    "Images",
                    "ecr",
                    "GetAuthorizationToken BatchGetImage GetDownloadUrlForLayer "
                    "BatchCheckLayerAvailability",
                ),
                may(
                    "Agent",
                    "ecs",
                    "RegisterContainerInstance DeregisterContainerInstance "
                    "SubmitAttachmentStateChanges SubmitContainerStateChange SubmitTaskStateChange "
                    "Poll StartTelemetrySession",
                    clusters,
                ),
                may("FindAgent", "ecs", "DiscoverPollEndpoint"),
                *on_key(stack, key_arn(self, config), {"secretsmanager": False}),
            ],
        )
