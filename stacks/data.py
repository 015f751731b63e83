"""The stack that holds what must not be lost: tables and buckets of its parts, and secrets."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import BUCKETS, CONTENT, Bucket
from lisa.declared.parts import Part
from lisa.declared.tables import EXPIRES, PARTITION, SORT, TABLES, Table
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.encryption import key_of, make_key
from stacks.constructs.knowledge_names import PASSES
from stacks.constructs.own_secrets import LITELLM_SECRET, own_secret, rotate
from stacks.constructs.parameters import publish


class DataStack(DeploymentStack):
    """Tables, buckets, secrets. Physical names are CloudFormation's; others look them up."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "data", "tables and content")
        self._keep = config.data == "retain"
        self._removal = cdk.RemovalPolicy.RETAIN if self._keep else cdk.RemovalPolicy.DESTROY
        make_key(self, config)
        self._key = key_of(self, config, "Data")
        for table in (each for each in TABLES if config.has(each.of)):
            made = self._table(table)
            publish(self, config, f"table/{table.name}", made.table_name)
        if buckets := [each for each in BUCKETS if any(map(config.has, each.of))]:
            self._add_buckets(config, buckets)
        if config.has(Part.INFERENCE):
            self._add_secrets(config)

    def _add_buckets(self, config: DeploymentConfig, buckets: Sequence[Bucket]) -> None:
        access_logs = self._access_logs()
        for bucket in buckets:
            stored = self._bucket(bucket, access_logs)
            if bucket is CONTENT:
                self._let_pages_in(stored)
            publish(self, config, f"bucket/{bucket.name}", stored.bucket_name)

    def _add_secrets(self, config: DeploymentConfig) -> None:
        """Make what our own processes know each other by."""
        words = "What the gateway shows to the LiteLLM service"
        made = [own_secret(self, "LiteLLM", words, self._key)]
        publish(self, config, LITELLM_SECRET, made[0].secret_arn)
        if config.has_knowledge:
            words = "What LISA's own processes call the gateway with"
            made.append(own_secret(self, "Passes", words, self._key))
            publish(self, config, PASSES, made[1].secret_arn)
        rotate(self, config, made)

    def _table(self, table: Table) -> dynamodb.Table:
        made = dynamodb.Table(
            self,
            f"Table-{table.name}",
            partition_key=_text(PARTITION),
            sort_key=_text(SORT),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=(
                dynamodb.TableEncryption.CUSTOMER_MANAGED
                if self._key
                else dynamodb.TableEncryption.AWS_MANAGED
            ),
            encryption_key=self._key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute=EXPIRES if table.expires else None,
            removal_policy=self._removal,
            deletion_protection=self._keep,
        )
        for index in table.indexes:
            made.add_global_secondary_index(
                index_name=index.name,
                partition_key=_text(index.partition),
                sort_key=_text(index.sort),
            )
        return made

    def _bucket(self, bucket: Bucket, access_logs: s3.Bucket) -> s3.Bucket:
        # Not versioned: what a user deletes is deleted.
        encryption = s3.BucketEncryption.KMS if self._key else s3.BucketEncryption.S3_MANAGED
        return s3.Bucket(
            self,
            f"Bucket-{bucket.name}",
            encryption=encryption,
            encryption_key=self._key,
            bucket_key_enabled=bool(self._key),
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=f"{bucket.name}/",
            lifecycle_rules=[
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=cdk.Duration.days(1))
            ],
            removal_policy=self._removal,
        )

    def _let_pages_in(self, bucket: s3.Bucket) -> None:
        """Let any page ask: only a link that we signed opens anything."""
        bucket.add_cors_rule(
            allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.PUT, s3.HttpMethods.POST],
            allowed_origins=["*"],
            allowed_headers=["content-type"],
            max_age=3600,
        )

    def _access_logs(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "AccessLogs",
            # The only encryption that access logs are written with.
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(90))],
            removal_policy=self._removal,
        )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
