"""How long logs are kept."""

from aws_cdk import aws_logs as logs

from stacks.config import DeploymentConfig


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
