"""OpenSearch: a domain in the network, or a collection of OpenSearch Serverless."""

import json
from typing import Any, Final

import aws_cdk as cdk

from lisa.declared.store_stack import StoreParameter
from stacks.constructs.model_parameters import Intrinsic, either
from stacks.constructs.model_resource import add, of, sub
from stacks.constructs.store_parameters import HAS_KEY, our_key, when
from stacks.constructs.store_ways import add_group

HTTPS: Final = 443
VERSION: Final = "OpenSearch_2.19"
ASKS_OF_DOMAIN: Final = (
    StoreParameter.NAME,
    StoreParameter.VPC,
    StoreParameter.SUBNETS,
    StoreParameter.CALLERS_GROUP,
    StoreParameter.CALLERS,
    StoreParameter.KEY,
)
ASKS_OF_SERVERLESS: Final = (
    StoreParameter.NAME,
    StoreParameter.CALLERS,
    StoreParameter.ENDPOINT,
    StoreParameter.KEY,
)
ONE_ZONE: Final = "OneZone"
HAS_STANDBY: Final = "HasStandby"
VERBS: Final = ("Get", "Head", "Post", "Put", "Delete")
POLICY: Final = "AWS::OpenSearchServerless::SecurityPolicy"
OF_COLLECTION: Final = ("CreateCollectionItems", "UpdateCollectionItems", "DescribeCollectionItems")
OF_INDEX: Final = (
    "CreateIndex",
    "DeleteIndex",
    "UpdateIndex",
    "DescribeIndex",
    "ReadDocument",
    "WriteDocument",
)


def add_domain(stack: cdk.Stack) -> Intrinsic:
    """Add a domain, and return where it answers."""
    add_group(stack, HTTPS, "A domain of passages")
    when(stack, ONE_ZONE, "Nodes", "1")
    add(
        stack,
        "Domain",
        "AWS::OpenSearchService::Domain",
        {
            "DomainName": {"Ref": "Name"},
            "EngineVersion": VERSION,
            "ClusterConfig": {
                "InstanceType": {"Ref": "Instance"},
                "InstanceCount": {"Ref": "Nodes"},
                "ZoneAwarenessEnabled": either(ONE_ZONE, then=False, otherwise=True),
                "ZoneAwarenessConfig": either(
                    ONE_ZONE, {"Ref": "AWS::NoValue"}, {"AvailabilityZoneCount": 2}
                ),
            },
            "EBSOptions": {
                "EBSEnabled": True,
                "VolumeType": "gp3",
                "VolumeSize": {"Ref": "StorageGb"},
            },
            "VPCOptions": {
                "SubnetIds": either(ONE_ZONE, [_subnet(0)], [_subnet(0), _subnet(1)]),
                "SecurityGroupIds": [of("Group", "GroupId")],
            },
            "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": our_key()},
            "NodeToNodeEncryptionOptions": {"Enabled": True},
            "DomainEndpointOptions": {
                "EnforceHTTPS": True,
                "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10",
            },
            "SoftwareUpdateOptions": {"AutoSoftwareUpdateEnabled": True},
            "AccessPolicies": _for_callers(),
        },
    )
    return sub("https://${Domain.DomainEndpoint}")


def add_serverless(stack: cdk.Stack) -> Intrinsic:
    """Add a collection and its policies, and return where it answers."""
    when(stack, HAS_STANDBY, "Standby", "true")
    here = [{"ResourceType": "collection", "Resource": ["collection/${Name}"]}]
    by_aws = {"Rules": here, "AWSOwnedKey": True}
    by_us = {"Rules": here, "AWSOwnedKey": False, "KmsARN": "${Key}"}
    encrypted = either(HAS_KEY, sub(json.dumps(by_us)), sub(json.dumps(by_aws)))
    inside = {"Rules": here, "AllowFromPublic": False, "SourceVPCEs": ["${Endpoint}"]}
    for name, kind, policy in (
        ("Encryption", "encryption", encrypted),
        ("Network", "network", sub(json.dumps([inside]))),
    ):
        said = {"Name": {"Ref": "Name"}, "Type": kind, "Policy": policy}
        add(stack, name, POLICY, said)
    add(stack, "Data", "AWS::OpenSearchServerless::AccessPolicy", _data())
    add(
        stack,
        "Collection",
        "AWS::OpenSearchServerless::Collection",
        {
            "Name": {"Ref": "Name"},
            "Type": "VECTORSEARCH",
            "StandbyReplicas": either(HAS_STANDBY, "ENABLED", "DISABLED"),
        },
        after=("Encryption", "Network", "Data"),
    )
    return of("Collection", "CollectionEndpoint")


def _subnet(number: int) -> Intrinsic:
    return {"Fn::Select": [number, {"Ref": "Subnets"}]}


def _for_callers() -> dict[str, Any]:
    own = "arn:${AWS::Partition}:es:${AWS::Region}:${AWS::AccountId}:domain/${Name}/*"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Ref": "Callers"}},
        "Action": [f"es:ESHttp{verb}" for verb in VERBS],
        "Resource": sub(own),
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _data() -> dict[str, Any]:
    """Let the callers do what a store needs, in this collection alone."""
    collection = {
        "ResourceType": "collection",
        "Resource": ["collection/${Name}"],
        "Permission": [f"aoss:{each}" for each in OF_COLLECTION],
    }
    index = {
        "ResourceType": "index",
        "Resource": ["index/${Name}/*"],
        "Permission": [f"aoss:{each}" for each in OF_INDEX],
    }
    policy = json.dumps([{"Rules": [collection, index], "Principal": ["${Roles}"]}])
    roles = {"Fn::Join": ['","', {"Ref": "Callers"}]}
    return {
        "Name": {"Ref": "Name"},
        "Type": "data",
        "Policy": {"Fn::Sub": [policy, {"Roles": roles}]},
    }
