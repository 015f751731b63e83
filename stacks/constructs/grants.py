"""What a door may do, written as IAM statements: its declaration and, for a function, its logs."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from lisa.declared.entry_points import Access, Bucket, Touching
from lisa.declared.tables import EXPIRES, PARTITION, SORT, Table
from stacks.constructs.encryption import ENCRYPTION_KEY, on_key, uses_of
from stacks.constructs.knowledge_grants import on_knowledge
from stacks.constructs.model_grants import on_model_stacks, on_runs
from stacks.constructs.statement import arn, may

TABLE_ACTIONS: Final = {
    Access.READ: ("GetItem", "BatchGetItem", "Query"),
    Access.APPEND: ("PutItem", "UpdateItem"),
    Access.NOTE: ("UpdateItem",),
    Access.WRITE: (
        "GetItem",
        "BatchGetItem",
        "Query",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "BatchWriteItem",
        "ConditionCheckItem",
    ),
}
WITHOUT_INDEXES: Final = (Access.APPEND, Access.NOTE)
OBJECT_ACTIONS: Final = {
    Access.READ: ("GetObject",),
    Access.KEEP: ("GetObject", "PutObject"),
    Access.CLEAR: ("GetObject", "DeleteObject"),
    Access.WRITE: ("GetObject", "PutObject", "DeleteObject"),
}

SECRET_ACTIONS: Final = {
    Access.READ: "GetSecretValue",
    Access.WRITE: "GetSecretValue CreateSecret DeleteSecret",
}
ROTATION_ACTIONS: Final = "DescribeSecret GetSecretValue PutSecretValue UpdateSecretVersionStage"
# Lambda does these as the function's role, and wants them for all resources.
ADDRESS_ACTIONS: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)


def statements_for(
    scope: Construct, door: Touching, names: Mapping[str, Any]
) -> Iterator[iam.PolicyStatement]:
    """Yield what the door's role may touch; `names` are the physical names by settings field."""
    stack = cdk.Stack.of(scope)
    for table, access in door.tables:
        if name := names[f"table_{table.name}"]:
            yield _on_table(stack, table, access, name)
    for bucket, access in door.buckets:
        if name := names[f"bucket_{bucket.name}"]:
            yield from _on_bucket(stack, bucket, access, name)
    yield from _on_secrets(stack, door, names)
    if door.runs and names["machines"]:
        yield from on_runs(door, names["machines"].values())
    if door.model_stacks and names["site"]:
        yield from on_model_stacks(stack, door.model_stacks, names["site"])
    yield from on_knowledge(stack, door, names)
    yield from on_key(stack, names[ENCRYPTION_KEY], uses_of(door, names))


def own_logs(log_group: logs.LogGroup) -> iam.PolicyStatement:
    """Return what lets a function write its log."""
    return iam.PolicyStatement(
        sid="OwnLogs",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[log_group.log_group_arn],
    )


def in_network(scope: Construct, function: str) -> Iterator[iam.PolicyStatement]:
    """Yield what lets Lambda give the function of that name an address, and not the function."""
    yield iam.PolicyStatement(sid="OwnAddress", actions=list(ADDRESS_ACTIONS), resources=["*"])
    named = cdk.Stack.of(scope).format_arn(
        service="lambda",
        resource="function",
        resource_name=function,
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )
    yield iam.PolicyStatement(
        sid="NotByItsCode",
        effect=iam.Effect.DENY,
        actions=list(ADDRESS_ACTIONS),
        resources=["*"],
        conditions={"ArnEquals": {"lambda:SourceFunctionArn": named}},
    )


def may_read(secret: str) -> iam.PolicyStatement:
    """Return what lets both ends of the LiteLLM service know the secret between them."""
    return iam.PolicyStatement(
        sid="LiteLLMSecret", actions=["secretsmanager:GetSecretValue"], resources=[secret]
    )


def _on_table(stack: cdk.Stack, table: Table, access: Access, name: str) -> iam.PolicyStatement:
    arn = stack.format_arn(service="dynamodb", resource="table", resource_name=name)
    indexes = [f"{arn}/index/{index.name}" for index in table.indexes]
    return iam.PolicyStatement(
        sid=_sid(f"{access.value.capitalize()}Table", table.name),
        actions=[f"dynamodb:{action}" for action in TABLE_ACTIONS[access]],
        resources=[arn] if access in WITHOUT_INDEXES else [arn, *indexes],
        conditions=_only_noted(table) if access is Access.NOTE else None,
    )


def _only_noted(table: Table) -> dict[str, object]:
    """Allow updates that name nothing but the row, its expiry and what may be noted."""
    named = [PARTITION, SORT, EXPIRES, *table.noted]
    return {"ForAllValues:StringEquals": {"dynamodb:Attributes": named}}


def _on_bucket(
    stack: cdk.Stack, bucket: Bucket, access: Access, name: str
) -> Iterator[iam.PolicyStatement]:
    arn = stack.format_arn(service="s3", region="", account="", resource=name)
    yield iam.PolicyStatement(
        sid=_sid("Objects", bucket.name),
        actions=[f"s3:{action}" for action in OBJECT_ACTIONS[access]],
        resources=[f"{arn}/*"],
    )
    # Without it S3 answers 403, not 404, for an object that isn't there.
    yield iam.PolicyStatement(
        sid=_sid("Listing", bucket.name), actions=["s3:ListBucket"], resources=[arn]
    )


def _on_secrets(
    stack: cdk.Stack, door: Touching, names: Mapping[str, Any]
) -> Iterator[iam.PolicyStatement]:
    if door.secrets:
        given = [arn(stack, "secretsmanager", f"secret:{names['secrets_prefix']}*")]
        yield may("Secrets", "secretsmanager", SECRET_ACTIONS[door.secrets], given)
    if door.rotates:
        yield may("Rotate", "secretsmanager", ROTATION_ACTIONS, names["rotated_secrets"])


def _sid(kind: str, name: str) -> str:
    return kind + "".join(word.capitalize() for word in name.split("_"))
