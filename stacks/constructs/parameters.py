"""Where stacks meet: SSM parameters, so that no stack ever pins another by an export."""

import re

import aws_cdk as cdk
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from deployment.config.deployment import DeploymentConfig


def publish(scope: Construct, config: DeploymentConfig, name: str, value: str) -> None:
    """Tell the other stacks of this deployment a name that only deploying makes known."""
    ssm.StringParameter(
        scope, f"Parameter-{name}", parameter_name=path_of(config, name), string_value=value
    )


def look_up(scope: Construct, config: DeploymentConfig, name: str) -> str:
    """Return what another stack published, filled in when this one is deployed."""
    stack = cdk.Stack.of(scope)
    logical_id = "".join(word.capitalize() for word in re.split(r"[/_-]", name))
    known = stack.node.try_find_child(logical_id)
    if isinstance(known, cdk.CfnParameter):
        return known.value_as_string
    return cdk.CfnParameter(
        stack,
        logical_id,
        type="AWS::SSM::Parameter::Value<String>",
        default=path_of(config, name),
        description="Published by another stack of this deployment",
    ).value_as_string


def path_of(config: DeploymentConfig, name: str) -> str:
    """Return what such a parameter is called in this account."""
    return f"/{config.name}/{config.stage}/{name}"
