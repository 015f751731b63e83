"""What doors may do that have to do with documents: queues, passes, sources and stores."""

from collections.abc import Iterator, Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from lisa.declared.entry_points import OfSources, Touching
from stacks.constructs.knowledge_names import ASKED_STORES, QUEUE_ARNS
from stacks.constructs.statement import arn, may
from stacks.constructs.store_grants import on_store_stacks, on_stores


def on_knowledge(
    stack: cdk.Stack, door: Touching, names: Mapping[str, Any]
) -> Iterator[iam.PolicyStatement]:
    """Yield what the door's declaration stands for; nothing where documents aren't kept."""
    if queues := names.get(QUEUE_ARNS):
        yield may("TellOfWork", "sqs", "SendMessage", queues)
    if secret := names.get("passes_secret"):
        yield may("Passes", "secretsmanager", "GetSecretValue", [_named(secret)])
    if door.calls_gateway and "gateway" in names:
        gateway = arn(stack, "ssm", f"parameter{_named(names['gateway'])}")
        yield may("FindGateway", "ssm", "GetParameter", [gateway])
    if door.sources:
        yield from _on_sources(stack, door, names.get("source_buckets", ()))
    if door.asks_stores and ASKED_STORES in names:
        yield from on_stores(stack, names[ASKED_STORES])
    if door.store_stacks:
        yield from on_store_stacks(stack, door.store_stacks, names["store_site"])


def _on_sources(
    stack: cdk.Stack, door: Touching, buckets: list[str]
) -> Iterator[iam.PolicyStatement]:
    arns = [f"arn:{stack.partition}:s3:::{bucket}" for bucket in buckets]
    if arns and door.sources is not OfSources.NAMES:
        yield may("ListSources", "s3", "ListBucket", arns)
    if arns and door.sources is OfSources.LOADS:
        yield may("ReadSources", "s3", "GetObject", [f"{each}/*" for each in arns])


def _named(reference: str) -> str:
    return reference.partition(":")[2]
