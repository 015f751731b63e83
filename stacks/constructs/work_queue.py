"""A queue that feeds a door's function, with what happens in buckets and whatever doors send."""

from collections.abc import Sequence
from typing import Final, cast

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import Door, Queue
from stacks.constructs.encryption import key_arn
from stacks.constructs.parameters import publish

TIMES_AS_LONG: Final = 6  # than the function lives, as AWS wants it
TRIES: Final = 5
AT_ONCE: Final = 4  # calls of the function
MESSAGES_AT_ONCE: Final = 10


class WorkQueue(Construct):
    """Encrypted, by TLS only; what can't be handled is kept for two weeks beside it."""

    def __init__(
        self, scope: Construct, config: DeploymentConfig, queue: Queue, door: Door
    ) -> None:
        super().__init__(scope, f"Queue-{queue.name}")
        self._config = config
        self.dead_letters = self._queue("DeadLetters", retention=cdk.Duration.days(14))
        self.queue = self._queue(
            "Queue",
            visibility=cdk.Duration.seconds(TIMES_AS_LONG * door.timeout_seconds),
            dead_letters=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=TRIES),
        )
        publish(self, config, f"queue/{queue.name}/url", self.queue.queue_url)
        publish(self, config, f"queue/{queue.name}/arn", self.queue.queue_arn)
        publish(self, config, f"queue/{queue.name}/name", self.queue.queue_name)
        publish(self, config, f"queue/{queue.name}/unhandled", self.dead_letters.queue_name)

    def _queue(
        self,
        name: str,
        retention: cdk.Duration | None = None,
        visibility: cdk.Duration | None = None,
        dead_letters: sqs.DeadLetterQueue | None = None,
    ) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=retention,
            visibility_timeout=visibility,
            dead_letter_queue=dead_letters,
            # What matters lies in tables and buckets.
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        if key := key_arn(self, self._config):
            # Were it told of the key, the CDK would let any function open anything with it, and
            # events of any rule in.
            made = cast("sqs.CfnQueue", queue.node.default_child)
            made.sqs_managed_sse_enabled = None
            made.kms_master_key_id = key
        return queue

    def feed(self, function: lambda_.Function) -> None:
        """Call the function with messages; those that it names come again."""
        function.add_event_source(
            event_sources.SqsEventSource(
                self.queue,
                batch_size=MESSAGES_AT_ONCE,
                max_concurrency=AT_ONCE,
                report_batch_item_failures=True,
            )
        )

    def hear_of(self, buckets: Sequence[str]) -> None:
        """Take in what comes to lie in these buckets and what goes from there."""
        if not buckets:
            return
        events.Rule(
            self,
            "Sources",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created", "Object Deleted"],
                detail={"bucket": {"name": [*buckets]}},
            ),
            targets=[targets.SqsQueue(self.queue)],
        )
