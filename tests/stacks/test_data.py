import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lisa.declared.entry_points import BUCKETS
from lisa.declared.tables import EXPIRES, TABLES, Table
from stacks.config import DeploymentConfig
from tests.stacks.resources import of_type

BASELINE = Path(__file__).with_name("stateful.json")
STATEFUL = (
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::ApiGateway::RestApi",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::EC2::VPC",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::SecretsManager::Secret",
)


def published(templates: Mapping[str, Any], name: str) -> str:
    [found] = [
        parameter["Properties"]["Value"]["Ref"]
        for parameter in of_type(templates["data"], "AWS::SSM::Parameter").values()
        if parameter["Properties"]["Name"] == f"/lisa/dev/{name}"
    ]
    return str(found)


def keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_a_table_is_as_declared_and_protected(templates: Mapping[str, Any], table: Table) -> None:
    resource = templates["data"]["Resources"][published(templates, f"table/{table.name}")]
    found = resource["Properties"]

    assert found["KeySchema"] == keys("pk", "sk")
    assert {
        index["IndexName"]: index["KeySchema"] for index in found.get("GlobalSecondaryIndexes", [])
    } == {index.name: keys(index.partition, index.sort) for index in table.indexes}
    assert all(
        index["Projection"] == {"ProjectionType": "ALL"}
        for index in found.get("GlobalSecondaryIndexes", [])
    )
    assert found.get("TimeToLiveSpecification") == (
        {"AttributeName": EXPIRES, "Enabled": True} if table.expires else None
    )
    assert found["BillingMode"] == "PAY_PER_REQUEST"
    assert found["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert found["SSESpecification"] == {"SSEEnabled": True}
    assert found["DeletionProtectionEnabled"] is True
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_there_are_no_other_tables(templates: Mapping[str, Any]) -> None:
    assert len(of_type(templates["data"], "AWS::DynamoDB::Table")) == len(TABLES)


@pytest.mark.parametrize("name", [bucket.name for bucket in BUCKETS])
def test_a_bucket_is_private_encrypted_logged_and_takes_tls_only(
    templates: Mapping[str, Any], name: str
) -> None:
    logical_id = published(templates, f"bucket/{name}")
    found = templates["data"]["Resources"][logical_id]["Properties"]
    [policy] = [
        policy["Properties"]["PolicyDocument"]["Statement"]
        for policy in of_type(templates["data"], "AWS::S3::BucketPolicy").values()
        if policy["Properties"]["Bucket"] == {"Ref": logical_id}
    ]

    assert all(found["PublicAccessBlockConfiguration"].values())
    assert found["BucketEncryption"]
    assert found["LoggingConfiguration"]
    assert any(
        statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in policy
    )


def test_a_deployment_may_choose_that_its_data_goes_with_it(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> None:
    data = synthesise(DeploymentConfig(data="destroy"))["data"]

    for table in of_type(data, "AWS::DynamoDB::Table").values():
        assert table["DeletionPolicy"] == "Delete"
        assert table["Properties"]["DeletionProtectionEnabled"] is False
    for bucket in of_type(data, "AWS::S3::Bucket").values():
        assert bucket["DeletionPolicy"] == "Delete"


def test_what_holds_state_keeps_its_logical_id(templates: Mapping[str, Any]) -> None:
    """A changed logical id means a new, empty resource. Only additions change the baseline."""
    found = {
        part: {name: kind for kind in STATEFUL for name in sorted(of_type(template, kind))}
        for part, template in sorted(templates.items())
    }

    assert {part: names for part, names in found.items() if names} == json.loads(
        BASELINE.read_text()
    )
