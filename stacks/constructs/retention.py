"""Logs: how long they are kept, and what they are encrypted with."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from stacks.constructs.encryption import key_of


def log_of(scope: Construct, config: DeploymentConfig, name: str = "Logs") -> logs.LogGroup:
    """Make a log group, which goes with what writes it."""
    return logs.LogGroup(
        scope,
        name,
        retention=days_of(config),
        encryption_key=key_of(scope, config, name),
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )


def days_of(config: DeploymentConfig) -> logs.RetentionDays:
    """Return how long logs are kept."""
    by_days = {
        7: logs.RetentionDays.ONE_WEEK,
        14: logs.RetentionDays.TWO_WEEKS,
        30: logs.RetentionDays.ONE_MONTH,
        60: logs.RetentionDays.TWO_MONTHS,
        90: logs.RetentionDays.THREE_MONTHS,
        180: logs.RetentionDays.SIX_MONTHS,
        365: logs.RetentionDays.ONE_YEAR,
    }
    return by_days[config.log_days]
