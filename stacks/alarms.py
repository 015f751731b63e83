"""The stack of who is told when something is wrong: a topic, and its subscribers."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from stacks.constructs.alarm_topic import TOPIC
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.encryption import key_of
from stacks.constructs.parameters import publish


class AlarmsStack(DeploymentStack):
    """By TLS only, encrypted with the deployment's key if it has one; alarms alone may tell it."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "alarms", "who is told when something is wrong")
        topic = sns.Topic(
            self,
            "Topic",
            display_name=f"LISA {config.full_name}",
            master_key=key_of(self, config, "Topic"),
            enforce_ssl=True,
        )
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsTell",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}},
            )
        )
        for address in config.observability.alarm_emails:
            topic.add_subscription(subscriptions.EmailSubscription(address))
        publish(self, config, TOPIC, topic.topic_arn)
