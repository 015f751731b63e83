import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import BUCKETS
from lisa.declared.tables import EXPIRES, TABLES, Table
from tests.stacks.complete import complete
from tests.stacks.resources import of_type
from tests.stacks.stateful import BASELINE, stateful_in, with_stores

WRITE_ANEW = (
    "a resource that holds state is new, gone or would be replaced. If that is meant, say in "
    "CHANGELOG.md what becomes of its content, then run `python -m tests.stacks.stateful`"
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


def test_nothing_that_holds_state_is_lost_renamed_or_replaced(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> None:
    found = stateful_in(with_stores(synthesise(complete())))

    assert found == json.loads(BASELINE.read_text()), WRITE_ANEW


def test_a_smaller_deployment_has_the_same_resources_under_the_same_names(
    templates: Mapping[str, Any],
) -> None:
    baseline = json.loads(BASELINE.read_text())

    for part, names in stateful_in(templates).items():
        for name, kept in names.items():
            assert baseline[part][name]["type"] == kept["type"], (part, name)


def test_tags_are_on_every_resource_that_can_bear_them(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> None:
    tagged = synthesise(DeploymentConfig(tags={"team": "platform"}))

    for table in of_type(tagged["data"], "AWS::DynamoDB::Table").values():
        assert {"Key": "team", "Value": "platform"} in table["Properties"]["Tags"]
