"""What doors may do to stores that we make: ask them, and make and remove their stacks."""

from collections.abc import Iterator, Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from lisa.declared.entry_points import Access
from lisa.declared.store_stack import short_names_of, stores_of
from stacks.constructs.statement import arn, may

LINKED = "opensearchservice.amazonaws.com"


def on_stores(stack: cdk.Stack, deployment: str) -> Iterator[iam.PolicyStatement]:
    """Yield what asks OpenSearch; a Postgres asks for the login that is kept for it."""
    domains = [arn(stack, "es", f"domain/{short_names_of(deployment)}*/*")]
    verbs = ("Get", "Head", "Post", "Put", "Delete")
    yield may("AskDomains", "es", " ".join(f"ESHttp{verb}" for verb in verbs), domains)
    # Their names aren't in their ARNs; whom one answers is in its own data access policy.
    collections = [arn(stack, "aoss", "collection/*")]
    yield may("AskCollections", "aoss", "APIAccessAll", collections)


def on_store_stacks(
    stack: cdk.Stack, access: Access, site: Mapping[str, Any]
) -> Iterator[iam.PolicyStatement]:
    """Yield what sees stores' stacks, and with WRITE what makes and removes them."""
    stacks = [arn(stack, "cloudformation", f"stack/{stores_of(site['deployment'])}*/*")]
    yield may(
        "SeeStoreStacks",
        "cloudformation",
        "DescribeStacks DescribeStackEvents DescribeStackResources",
        stacks,
    )
    yield may("SeeStoreMarks", "tag", "GetResources")  # it knows no resource
    if access is Access.WRITE:
        yield from _makes(stack, stacks, site)


def _makes(
    stack: cdk.Stack, stacks: list[str], site: Mapping[str, Any]
) -> Iterator[iam.PolicyStatement]:
    """Yield what makes stacks, as that role alone."""
    as_role = {"StringEquals": {"cloudformation:RoleArn": site["role"]}}
    actions = "CreateStack UpdateStack DeleteStack"
    yield may("MakeStoreStacks", "cloudformation", actions, stacks, as_role)
    marking = "TagResource UntagResource UpdateTerminationProtection"
    yield may("KeepStoreStacks", "cloudformation", marking, stacks)
    to_cloudformation = {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}
    yield may("PassStoreRole", "iam", "PassRole", [site["role"]], to_cloudformation)
    bucket = f"arn:{stack.partition}:s3:::{site['template_bucket']}"
    keys = [f"{bucket}/{key}" for key in site["templates"].values()]
    yield may("ReadStoreTemplates", "s3", "GetObject", keys)
    # A domain in a network needs it, and CloudFormation doesn't make it.
    account = f"arn:{stack.partition}:iam::{stack.account}"
    linked = [f"{account}:role/aws-service-role/{LINKED}/*"]
    for_domains = {"StringEquals": {"iam:AWSServiceName": LINKED}}
    yield may("LinkDomains", "iam", "CreateServiceLinkedRole", linked, for_domains)
