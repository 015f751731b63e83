"""One key for everything, and the little that each role may do with it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from deployment.config.account import EncryptionConfig
from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import ADMIN, AUTHORIZER, DOORS, INGEST, MODELS_DOOR, REPOSITORY, WORKFLOWS
from lisa.declared.entry_points import Access, Door
from lisa.declared.services import LITELLM, SERVICES
from tests.stacks.complete import complete
from tests.stacks.resources import function_of, listed, of_type, statements_of, text

Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
OURS = {"Ref": "EncryptionKey"}
EXISTING = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
# What can be encrypted with a key, and where its template says so.
WITH_KEY = {
    "AWS::DynamoDB::Table": ("SSESpecification", "KMSMasterKeyId"),
    "AWS::SQS::Queue": ("KmsMasterKeyId",),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::Logs::LogGroup": ("KmsKeyId",),
    "AWS::SecretsManager::Secret": ("KmsKeyId",),
    "AWS::Backup::BackupVault": ("EncryptionKeyArn",),
}


@pytest.fixture(scope="session")
def keyed(synthesise: Synthesise) -> Mapping[str, Any]:
    """Return the templates of a deployment with a key of its own."""
    return synthesise(complete())


def test_all_that_takes_a_key_is_encrypted_with_the_deployments(keyed: Mapping[str, Any]) -> None:
    made = next(iter(of_type(keyed["data"], "AWS::KMS::Key")))
    for part, template in keyed.items():
        expected = {"Fn::GetAtt": [made, "Arn"]} if part == "data" else OURS
        for kind, path in WITH_KEY.items():
            for name, resource in of_type(template, kind).items():
                found: Any = resource["Properties"]
                for field in path:
                    found = found.get(field)
                assert found == expected, (part, name)


def test_buckets_are_encrypted_with_it_but_those_that_access_logs_go_to(
    keyed: Mapping[str, Any],
) -> None:
    algorithms = {
        (part, name.removesuffix(name[-8:])): rule["SSEAlgorithm"]
        for part, template in keyed.items()
        for name, bucket in of_type(template, "AWS::S3::Bucket").items()
        for rule in _encryption_of(bucket)
    }

    assert algorithms == {
        ("data", "Bucketcontent"): "aws:kms",
        ("data", "Bucketweb"): "aws:kms",
        ("data", "AccessLogs"): "AES256",
        ("serve", "BalancerAccessLog"): "AES256",
        ("litellm", "BalancerAccessLog"): "AES256",
    }


def test_the_key_is_renewed_each_year_and_stays_when_data_stays(
    keyed: Mapping[str, Any], synthesise: Synthesise
) -> None:
    [key] = of_type(keyed["data"], "AWS::KMS::Key").values()
    gone = DeploymentConfig(data="destroy", encryption=EncryptionConfig(key="make"))
    [going] = of_type(synthesise(gone)["data"], "AWS::KMS::Key").values()

    assert key["Properties"]["EnableKeyRotation"] is True
    assert key["DeletionPolicy"] == key["UpdateReplacePolicy"] == "Retain"
    assert going["DeletionPolicy"] == "Delete"


def test_nobody_opens_anything_with_the_key_but_through_a_service_that_keeps_data(
    keyed: Mapping[str, Any],
) -> None:
    [key] = of_type(keyed["data"], "AWS::KMS::Key").values()
    statements = {each["Sid"]: each for each in key["Properties"]["KeyPolicy"]["Statement"]}
    opens = {
        sid
        for sid, each in statements.items()
        if {"kms:Decrypt", "kms:CreateGrant"} & _actions(each)
    }

    assert opens == {
        "DataThroughServices",
        "GrantsToServices",
        "Logs",
        "TellCloudwatch",
        "TellEvents",
    }
    assert not any("*" in action for each in statements.values() for action in _actions(each))
    for sid in ("DataThroughServices", "GrantsToServices"):
        through = statements[sid]["Condition"]["StringLike"]["kms:ViaService"]
        assert all(text(each).endswith(".${AWS::Region}.*") for each in through)
    assert statements["GrantsToServices"]["Condition"]["Bool"] == {
        "kms:GrantIsForAWSResource": "true"
    }
    [logs] = statements["Logs"]["Condition"]["ArnLike"].values()
    assert text(logs).endswith(":log-group:lisa-dev-*")
    assert statements["Logs"]["Principal"]["Service"] != "logs.amazonaws.com"
    for sid in ("TellCloudwatch", "TellEvents"):
        here = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert statements[sid]["Condition"] == {"StringEquals": here}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: str(door.name))
def test_a_door_uses_the_key_through_the_services_it_declares(
    keyed: Mapping[str, Any], door: Door
) -> None:
    template, function = function_of(keyed, door)
    used = _used(statements_of(template, function["Role"]["Fn::GetAtt"][0]))
    writes = any(access in (Access.KEEP, Access.WRITE) for _, access in door.buckets)

    assert used.get("kms:Decrypt", set()) == {
        *(["dynamodb"] if door.tables else []),
        *(["s3"] if door.buckets else []),
        *(["secretsmanager"] if door.secrets or door.passes or door.rotates else []),
        *(["sqs"] if door.sends or door.fed_by else []),
    }
    assert used.get("kms:GenerateDataKey", set()) == {
        *(["s3"] if writes else []),
        *(["secretsmanager"] if door.rotates or door.secrets is Access.WRITE else []),
        *(["sqs"] if door.sends else []),
    }


@pytest.mark.parametrize("service", SERVICES, ids=lambda each: str(each.name))
def test_a_container_uses_the_key_for_what_it_declares(
    keyed: Mapping[str, Any], service: Any
) -> None:
    template = keyed[service.name]
    [task] = of_type(template, "AWS::ECS::TaskDefinition").values()
    used = _used(statements_of(template, task["Properties"]["TaskRoleArn"]["Fn::GetAtt"][0]))

    adds = any(access is Access.WRITE for _, access in service.buckets)
    assert ("s3" in used.get("kms:GenerateDataKey", ())) == adds
    assert (used["kms:Decrypt"] == {"secretsmanager"}) == (service is LITELLM)


def test_a_key_that_is_there_is_used_as_it_is(synthesise: Synthesise) -> None:
    templates = synthesise(DeploymentConfig(encryption=EncryptionConfig(key=EXISTING)))
    tables = of_type(templates["data"], "AWS::DynamoDB::Table").values()
    template, function = function_of(templates, ADMIN)
    on_key = [
        each
        for each in statements_of(template, function["Role"]["Fn::GetAtt"][0])
        if each.get("Sid") == "OpenByKey"
    ]

    assert not [found for each in templates.values() for found in of_type(each, "AWS::KMS::Key")]
    assert {each["Properties"]["SSESpecification"]["KMSMasterKeyId"] for each in tables} == {
        EXISTING
    }
    assert [each["Resource"] for each in on_key] == [EXISTING]


def test_without_a_key_no_role_names_kms(templates: Mapping[str, Any]) -> None:
    assert "kms:" not in json.dumps(templates)
    for door in (AUTHORIZER, INGEST, MODELS_DOOR, REPOSITORY, WORKFLOWS):
        template, function = function_of(templates, door)
        assert not _used(statements_of(template, function["Role"]["Fn::GetAtt"][0]))


def test_with_a_key_events_reach_the_queue_from_one_rule_alone(
    keyed: Mapping[str, Any],
) -> None:
    allowed = [
        statement
        for policy in of_type(keyed["ingest"], "AWS::SQS::QueuePolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]

    assert [each["Principal"] for each in allowed] == [{"Service": "events.amazonaws.com"}]
    assert "aws:SourceArn" in allowed[0]["Condition"]["ArnEquals"]


def _encryption_of(bucket: Mapping[str, Any]) -> list[dict[str, Any]]:
    rules = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    return [each["ServerSideEncryptionByDefault"] for each in rules]


def _actions(statement: Mapping[str, Any]) -> set[str]:
    return set(listed(statement["Action"]))


def _used(statements: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the services through which each action may be done."""
    return {
        action: {
            text(each).partition(".")[0]
            for each in listed(statement["Condition"]["StringLike"]["kms:ViaService"])
        }
        for statement in statements
        for action in listed(statement["Action"])
        if action.startswith("kms:") and _is_ours(statement["Resource"])
    }


def _is_ours(key: Any) -> bool:
    """Tell whether it is the deployment's key, as the stack names it that made it or as others."""
    return key == OURS or (isinstance(key, dict) and "Key" in str(key.get("Fn::GetAtt", "")))
