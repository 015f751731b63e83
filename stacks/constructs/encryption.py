"""The key that a deployment's data is encrypted with, where AWS's own keys won't do."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from deployment.names import key_description
from lisa.declared.entry_points import Access, Door, Touching
from stacks.constructs.knowledge_names import QUEUE_ARNS
from stacks.constructs.parameters import look_up, publish
from stacks.constructs.statement import may

AWS: Final = "aws"
MAKE: Final = "make"
KEY: Final = "encryption/key"
ENCRYPTION_KEY: Final = "encryption_key"  # among the names of what a door touches
KEPT_WITH: Final = ("aoss", "backup", "dynamodb", "es", "rds", "s3", "secretsmanager", "sns", "sqs")
# These go on using the key by themselves, and take a grant for that.
LASTING: Final = ("aoss", "backup", "dynamodb", "es", "rds")
TELL: Final = ("cloudwatch", "events")  # what happens, to encrypted queues and topics
ADMINISTERS: Final = (
    "CreateAlias DeleteAlias UpdateAlias DescribeKey UpdateKeyDescription EnableKey DisableKey "
    "EnableKeyRotation DisableKeyRotation RotateKeyOnDemand GetKeyPolicy GetKeyRotationStatus "
    "PutKeyPolicy ListAliases ListGrants ListKeyPolicies ListKeyRotations ListResourceTags "
    "RevokeGrant TagResource UntagResource ScheduleKeyDeletion CancelKeyDeletion"
)
USES: Final = (
    "Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext"
)


def make_key(scope: Construct, config: DeploymentConfig) -> None:
    """Make the deployment's own key, if it is to have one, and tell the other stacks."""
    if config.encryption.key != MAKE:
        return
    keep = config.data == "retain"
    made = kms.Key(
        scope,
        "Key",
        description=key_description(config.full_name),
        enable_key_rotation=True,
        policy=iam.PolicyDocument(statements=list(_policy(cdk.Stack.of(scope), config))),
        removal_policy=cdk.RemovalPolicy.RETAIN if keep else cdk.RemovalPolicy.DESTROY,
    )
    publish(scope, config, KEY, made.key_arn)


def key_of(scope: Construct, config: DeploymentConfig, what: str) -> kms.IKey | None:
    """Return the key for what is made here; none where AWS's own will do.

    By its ARN always, so that nothing the CDK grants by itself widens the key's policy.
    """
    arn = key_arn(scope, config)
    return kms.Key.from_key_arn(scope, f"KeyOf{what}", arn) if arn else None


def key_arn(scope: Construct, config: DeploymentConfig) -> str:
    """Return the ARN of the key; empty where AWS's own will do."""
    chosen = config.encryption.key
    if chosen != MAKE:
        return "" if chosen == AWS else chosen
    here = cdk.Stack.of(scope).node.try_find_child("Key")
    return here.key_arn if isinstance(here, kms.Key) else look_up(scope, config, KEY)


def on_key(
    stack: cdk.Stack, arn: str, encrypts: Mapping[str, bool]
) -> Iterator[iam.PolicyStatement]:
    """Yield what opens things through these services, and encrypts through some of them."""
    if arn and encrypts:
        yield may("OpenByKey", "kms", "Decrypt", [arn], _through(stack, encrypts))
    if arn and (writing := [service for service, writes in encrypts.items() if writes]):
        yield may("EncryptByKey", "kms", "GenerateDataKey", [arn], _through(stack, writing))


def lend_key(stack: cdk.Stack, arn: str) -> Iterator[iam.PolicyStatement]:
    """Yield what lets whoever makes stores have services keep them with the key."""
    if arn:
        lasting = {**_through(stack, LASTING), "Bool": {"kms:GrantIsForAWSResource": "true"}}
        yield may("LendKey", "kms", "CreateGrant", [arn], lasting)
        yield may("SeeKey", "kms", "DescribeKey", [arn])
        yield from on_key(stack, arn, {"secretsmanager": True})


def uses_of(entry: Touching, names: Mapping[str, Any]) -> dict[str, bool]:
    """Tell through which services an entry point uses the key, and whether to encrypt as well."""
    uses: dict[str, bool] = {}
    if entry.tables:
        uses["dynamodb"] = False  # whoever writes opens the table's own key, which there is
    if buckets := [access for each, access in entry.buckets if names[f"bucket_{each.name}"]]:
        uses["s3"] = not {Access.KEEP, Access.WRITE}.isdisjoint(buckets)
    if entry.secrets or entry.passes or entry.rotates:
        uses["secretsmanager"] = entry.rotates or entry.secrets is Access.WRITE
    if names.get(QUEUE_ARNS) or (isinstance(entry, Door) and entry.fed_by):
        uses["sqs"] = bool(names.get(QUEUE_ARNS))
    return uses


def _policy(stack: cdk.Stack, config: DeploymentConfig) -> Iterator[iam.PolicyStatement]:
    """Let IAM say who looks after the key and who uses it, but for nothing beside data."""
    account = iam.AccountPrincipal(stack.account)
    yield _for("Administration", account, ADMINISTERS)
    yield _for("DataThroughServices", account, USES, _through(stack, KEPT_WITH))
    lasting = {**_through(stack, LASTING), "Bool": {"kms:GrantIsForAWSResource": "true"}}
    yield _for("GrantsToServices", account, "CreateGrant", lasting)
    groups = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group"
    ours = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"{groups}:{config.full_name}-*"}}
    logs = iam.ServicePrincipal(f"logs.{stack.region}.{stack.url_suffix}")
    yield _for("Logs", logs, f"{USES} DescribeKey", ours)
    here = {"StringEquals": {"aws:SourceAccount": stack.account}}
    for service in TELL:
        principal = iam.ServicePrincipal(f"{service}.amazonaws.com")
        yield _for(f"Tell{service.capitalize()}", principal, "Decrypt GenerateDataKey", here)


def _for(
    sid: str,
    principal: iam.IPrincipal,
    actions: str,
    conditions: Mapping[str, object] | None = None,
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        principals=[principal],
        actions=[f"kms:{action}" for action in actions.split()],
        resources=["*"],  # in the policy of a key: this key
        conditions=conditions,
    )


def _through(stack: cdk.Stack, services: Iterable[str]) -> dict[str, object]:
    """Allow a use that comes from these services here; how their names end differs by partition."""
    return {"StringLike": {"kms:ViaService": [f"{each}.{stack.region}.*" for each in services]}}
