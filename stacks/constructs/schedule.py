"""A door that is called by the clock."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from lisa.declared.entry_points import Door


def on_schedule(scope: Construct, door: Door, function: lambda_.Function) -> None:
    """Call the door's function as often as it declares."""
    # No retries: the next run takes up whatever this one left.
    events.Rule(
        scope,
        f"Schedule-{door.name}",
        schedule=events.Schedule.rate(cdk.Duration.minutes(door.every_minutes)),
        targets=[targets.LambdaFunction(function, retry_attempts=0)],
    )
