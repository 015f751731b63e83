"""What may be done that has to do with documents, as a declaration says."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lisa.declared.entry_points import Door, OfSources, Runs, Touching
from lisa.workflows.of_stores import STORE_WORKFLOWS
from tests.stacks.model_permissions import runs_of
from tests.stacks.resources import function_of, text

HERE = "${AWS::Region}:${AWS::AccountId}"
AWS = "arn:${AWS::Partition}"
SOURCES = "example-documents"  # as in config/full.yaml
DOMAINS = "lisa-dev-0b1429-*"
VERBS = ("Get", "Head", "Post", "Put", "Delete")
STACKS = f"{AWS}:cloudformation:{HERE}:stack/lisa-dev-store-*/*"
ON_STACKS = (
    "DescribeStacks",
    "DescribeStackEvents",
    "DescribeStackResources",
    "CreateStack",
    "UpdateStack",
    "DeleteStack",
    "TagResource",
    "UntagResource",
    "UpdateTerminationProtection",
)
TAKES = ("ReceiveMessage", "ChangeMessageVisibility", "GetQueueUrl", "DeleteMessage")


def permissions_of_knowledge(entry: Touching) -> Iterator[tuple[str, str]]:
    """Yield action and resource of what the declaration stands for, stacks of stores left out."""
    for queue in entry.sends:
        yield "sqs:SendMessage", f"${{Queue{queue.name.capitalize()}Arn}}"
    if entry.passes:
        yield "secretsmanager:GetSecretValue", "${PassesSecret}"
    if entry.calls_gateway:
        yield "ssm:GetParameter", f"{AWS}:ssm:{HERE}:parameter/lisa/dev/serve/url"
    if entry.sources in (OfSources.LISTS, OfSources.LOADS):
        yield "s3:ListBucket", f"{AWS}:s3:::{SOURCES}"
    if entry.sources is OfSources.LOADS:
        yield "s3:GetObject", f"{AWS}:s3:::{SOURCES}/*"
    if entry.asks_stores:
        yield from ((f"es:ESHttp{verb}", f"{AWS}:es:{HERE}:domain/{DOMAINS}/*") for verb in VERBS)
        yield "aoss:APIAccessAll", f"{AWS}:aoss:{HERE}:collection/*"
    if entry.runs is Runs.STORES:
        yield from runs_of(entry, STORE_WORKFLOWS)


def permissions_of_stores(templates: Mapping[str, Any], door: Door) -> Iterator[tuple[str, str]]:
    """Yield what makes and removes the stacks of stores."""
    if not door.store_stacks:
        return
    _, function = function_of(templates, door)
    site = json.loads(text(function["Environment"]["Variables"]["LISA_STORE_SITE"]))
    yield from ((f"cloudformation:{action}", STACKS) for action in ON_STACKS)
    yield "tag:GetResources", "*"
    yield "iam:PassRole", site["role"]
    linked = "role/aws-service-role/opensearchservice.amazonaws.com/*"
    yield "iam:CreateServiceLinkedRole", f"{AWS}:iam::${{AWS::AccountId}}:{linked}"
    for key in site["templates"].values():
        yield "s3:GetObject", f"{AWS}:s3:::{site['template_bucket']}/{key}"


def permissions_of_the_fed(door: Door, queue: str) -> Iterator[tuple[str, str]]:
    """Yield what takes messages out of the queue of that logical id."""
    if door.fed_by:
        for action in (*TAKES, "GetQueueAttributes"):
            yield f"sqs:{action}", f"${{{queue}.Arn}}"
