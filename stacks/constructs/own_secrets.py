"""Secrets between our own processes: made by the deployment, replaced by Secrets Manager."""

from collections.abc import Sequence
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import ROTATE
from stacks.constructs.python_function import PythonFunction

LITELLM_SECRET: Final = "secrets/litellm"  # noqa: S105 - where it is published
LENGTH: Final = 64  # as are the words that replace it


def own_secret(
    scope: Construct, name: str, description: str, key: kms.IKey | None
) -> secretsmanager.Secret:
    """Make a secret; its name is outside the prefix that doors of models reach."""
    return secretsmanager.Secret(
        scope,
        name,
        description=description,
        generate_secret_string=secretsmanager.SecretStringGenerator(
            password_length=LENGTH, exclude_punctuation=True
        ),
        encryption_key=key,
        removal_policy=cdk.RemovalPolicy.DESTROY,  # nothing lasting is written with it
    )


def rotate(
    scope: Construct, config: DeploymentConfig, secrets: Sequence[secretsmanager.Secret]
) -> None:
    """Have these secrets replaced as often as the configuration says, the first time at once."""
    arns = [each.secret_arn for each in secrets]
    function = PythonFunction(scope, config, ROTATE, {"rotated_secrets": arns}).function
    days = config.encryption.rotate_secrets_days
    if not days:
        return
    function.add_permission(
        "Rotation",
        principal=iam.ServicePrincipal("secretsmanager.amazonaws.com"),
        source_account=cdk.Stack.of(scope).account,
    )
    for secret in secrets:
        schedule = secretsmanager.CfnRotationSchedule(
            scope,
            f"Rotation-{secret.node.id}",
            secret_id=secret.secret_arn,
            rotation_lambda_arn=function.function_arn,
            rotation_rules=secretsmanager.CfnRotationSchedule.RotationRulesProperty(
                automatically_after_days=days
            ),
        )
        schedule.node.add_dependency(function)  # and who may call it
