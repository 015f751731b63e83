"""What `lisa destroy` finds, removes and lists, as AWS would answer it."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # it has no types

from cli.main import run
from deployment.account import Account
from deployment.plan.deployed import Stacks
from deployment.takedown.clearing import Clearing
from deployment.takedown.departure import Departure, departure_of
from deployment.takedown.leftovers import Leftovers
from deployment.takedown.running_stacks import RunningStacks
from deployment.takedown.telling import departure_words
from lisa.declared.store_stack import short_names_of
from lisa.domain.errors import Conflict
from tests.contract.deploying.account import MADE, NUMBER, REGION, made
from tests.contract.deploying.deployed import (
    BALANCER,
    LONG_AGO,
    TEMPLATES,
    Deployed,
    answers_of,
)
from tests.standins.aws_replies.server import AwsReplies
from tests.standins.aws_replies.wire import Call, Refusal

GOING = made().model_copy(update={"data": "destroy"})


@pytest.fixture
def deployed(aws: AwsReplies) -> Deployed:
    """Deploy two stacks."""
    there = Deployed()
    aws.replies |= answers_of(there)
    return there


def listed_role(name: str) -> dict[str, Any]:
    return {
        "Path": "/",
        "RoleName": name,
        "RoleId": "AROAEXAMPLEEXAMPLE00",
        "Arn": f"arn:aws:iam::{NUMBER}:role/{name}",
        "CreateDate": LONG_AGO,
    }


def departure(account: Account) -> Departure:
    return departure_of(Stacks(account, "lisa-dev"))


def named(aws: AwsReplies, *names: str) -> list[str]:
    return [each.operation for each in aws.calls if each.operation in names]


def test_what_goes_and_what_stays_is_said_before(deployed: Deployed, account: Account) -> None:
    deployed.add_running()
    assert [*departure_words(made(), departure(account))] == [
        "goes:  lisa-dev-model-llama (a model)",
        "goes:  lisa-dev-store-1 (a store, with all passages in it)",
        "goes:  lisa-dev-data",
        "goes:  lisa-dev-serve",
        "stays: lisa-dev-data-Table-1 (DynamoDB::Table of lisa-dev-data)",
        f"stays: {REGION}_people (Cognito::UserPool of lisa-dev-data)",
    ]


def test_models_and_stores_go_first_with_what_protects_them(
    deployed: Deployed, account: Account, aws: AwsReplies
) -> None:
    deployed.add_running()
    told: list[str] = []
    RunningStacks(account, told.append, 0).remove(departure(account).running)
    assert set(deployed.stacks) == {*TEMPLATES, "lisa-dev-model-stranger"}
    assert named(aws, "UpdateTerminationProtection", "UpdateStack", "DeleteStack") == [
        "DeleteStack",
        "UpdateTerminationProtection",
        "UpdateStack",
        "DeleteStack",
    ]
    given = next(each.given for each in aws.calls if each.operation == "UpdateStack")
    assert given["Parameters.member.1.ParameterValue"] == "false"
    assert given["Parameters.member.2.UsePreviousValue"] == "true"
    assert told[-1] == "removed lisa-dev-store-1"


def test_a_stack_that_stays_is_told_with_what_helps(deployed: Deployed, account: Account) -> None:
    deployed.add_running()
    deployed.stuck.add("lisa-dev-model-llama")
    with pytest.raises(Conflict, match="DELETE_FAILED") as raised:
        RunningStacks(account, lambda _: None, 0).remove(departure(account).running)
    assert "describe-stack-events" in raised.value.next_step


def test_protected_balancers_and_full_buckets_are_out_of_the_way(
    deployed: Deployed, account: Account, aws: AwsReplies
) -> None:
    assert deployed.stacks
    aws.replies["elbv2:ModifyLoadBalancerAttributes"] = {"Attributes": []}
    aws.replies["s3:ListObjectVersions"] = {
        "Versions": [{"Key": "a", "VersionId": "1"}],
        "DeleteMarkers": [{"Key": "b", "VersionId": "2"}],
    }
    aws.replies["s3:DeleteObjects"] = {}
    told: list[str] = []
    Clearing(account, told.append).clear(departure(account))
    assert told == [
        f"no longer protected: {BALANCER}",
        "emptied lisa-dev-data-logs-1: 2 objects",
    ]


def test_nothing_left_is_said(deployed: Deployed, account: Account) -> None:
    gone = departure(account)
    deployed.stacks.clear()
    assert Leftovers(account, made()).find(gone) == ([], [])


OF_LOGS = "lisa-dev-api-ApiCloudWatchRole1-A"
LEFT: dict[str, tuple[str, Any, str, bool]] = {
    "role": (
        "iam:ListRoles",
        {"Roles": [listed_role(each) for each in (OF_LOGS, "other")], "IsTruncated": False},
        (
            f"aws iam detach-role-policy --role-name {OF_LOGS} --policy-arn "
            "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs && "
            f"aws iam delete-role --role-name {OF_LOGS}"
        ),
        True,
    ),
    "table": (
        "dynamodb:ListTables",
        {"TableNames": ["lisa-dev-data-Table-1", "lisa-devel"]},
        (
            "aws dynamodb update-table --table-name lisa-dev-data-Table-1 "
            f"--no-deletion-protection-enabled --region {REGION} && "
            "aws dynamodb delete-table --table-name lisa-dev-data-Table-1"
        ),
        True,
    ),
    "bucket": (
        "s3:ListBuckets",
        {"Buckets": [{"Name": "lisa-dev-data-content-1", "CreationDate": LONG_AGO}]},
        "aws s3 rb --force s3://lisa-dev-data-content-1",
        True,
    ),
    "user pool": (
        "cognito-idp:ListUserPools",
        {"UserPools": [{"Id": f"{REGION}_people", "Name": "x"}, {"Id": "else", "Name": "y"}]},
        (
            f"aws cognito-idp update-user-pool --user-pool-id {REGION}_people "
            f"--deletion-protection INACTIVE --region {REGION} && "
            f"aws cognito-idp delete-user-pool --user-pool-id {REGION}_people"
        ),
        True,
    ),
    "secret": (
        "secretsmanager:ListSecrets",
        {"SecretList": [{"Name": "lisa/dev/models/key", "DeletedDate": LONG_AGO}]},
        (
            "aws secretsmanager delete-secret --secret-id lisa/dev/models/key "
            "--force-delete-without-recovery"
        ),
        True,
    ),
    "parameter": (
        "ssm:GetParametersByPath",
        {"Parameters": [{"Name": "/lisa/dev/table/x"}]},
        "aws ssm delete-parameter --name /lisa/dev/table/x",
        False,
    ),
    "snapshot": (
        "rds:DescribeDBSnapshots",
        {"DBSnapshots": [{"DBSnapshotIdentifier": f"{short_names_of('lisa-dev')}final"}]},
        (f"aws rds delete-db-snapshot --db-snapshot-identifier {short_names_of('lisa-dev')}final"),
        False,
    ),
    "marked resource": (
        "resourcegroupstaggingapi:GetResources",
        {"ResourceTagMappingList": [{"ResourceARN": "arn:aws:ec2:x:1:volume/1"}]},
        (
            "aws resourcegroupstaggingapi get-resources --tag-filters "
            "Key=lisa:deployment,Values=lisa-dev"
        ),
        False,
    ),
    "backup vault": (
        "backup:ListBackupVaults",
        {"BackupVaultList": [{"BackupVaultName": "lisa-dev-vault"}]},
        "aws backup delete-backup-vault --backup-vault-name lisa-dev-vault",
        True,
    ),
}


@pytest.mark.parametrize("kind", LEFT)
def test_what_is_left_is_named_with_the_command_that_removes_it(
    deployed: Deployed, account: Account, aws: AwsReplies, kind: str
) -> None:
    operation, reply, command, expected = LEFT[kind]
    gone = departure(account)
    deployed.stacks.clear()
    aws.replies[operation] = reply
    (found,), unseen = Leftovers(account, made()).find(gone)
    assert (found.kind, found.expected, unseen) == (kind, expected, [])
    assert found.command == f"{command} --region {REGION}"


def test_people_and_keys_that_stayed_are_named_when_no_stack_tells_of_them_any_more(
    deployed: Deployed, account: Account, aws: AwsReplies
) -> None:
    deployed.stacks.clear()
    aws.replies["cognito-idp:ListUserPools"] = {
        "UserPools": [{"Id": "theirs", "Name": "other"}, {"Id": "ours", "Name": "lisa-dev-people"}]
    }
    aws.replies["kms:ListKeys"] = {"Keys": [{"KeyId": each} for each in ("kept", "going", "else")]}
    aws.replies["kms:DescribeKey"] = key
    found, unseen = Leftovers(account, GOING).find(departure(account))
    assert [(each.kind, each.name, each.expected) for each in found] == [
        ("user pool", "ours", False),
        ("key", "kept", False),
        ("key", "going", True),
    ]
    assert unseen == []


def key(call: Call) -> Any:
    name = call.given["KeyId"]
    whose = "lisa-prod" if name == "else" else "lisa-dev"
    return {
        "KeyMetadata": {
            "KeyId": name,
            "Description": f"What {whose} is encrypted with",
            "KeyState": "PendingDeletion" if name == "going" else "Enabled",
        }
    }


def test_what_is_kept_as_data_is_unexpected_where_data_is_to_go(
    deployed: Deployed, account: Account, aws: AwsReplies
) -> None:
    gone = departure(account)
    deployed.stacks.clear()
    aws.replies["dynamodb:ListTables"] = LEFT["table"][1]
    (found,), _ = Leftovers(account, GOING).find(gone)
    assert not found.expected


def test_what_may_not_be_looked_for_is_told(
    deployed: Deployed, account: Account, aws: AwsReplies
) -> None:
    gone = departure(account)
    deployed.stacks.clear()
    aws.replies["backup:ListBackupVaults"] = Refusal("AccessDeniedException", "no", 403)
    found, (unseen,) = Leftovers(account, made()).find(gone)
    assert (found, unseen.kind) == ([], "backup vault")


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    return int(ended.value.code or 0)


def test_the_command_asks_and_takes_yes_for_stores_only_with_one_word_more(
    deployed: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed.add_running()
    file = tmp_path / "lisa.yaml"
    file.write_text(yaml.safe_dump(MADE))
    assert code_of("destroy", str(file)) == 1
    assert "give --yes" in capsys.readouterr().err
    assert code_of("destroy", str(file), "--yes") == 1
    assert "lisa-dev-store-1" in (said := capsys.readouterr().err)
    assert "--allow-data-loss" in said
    assert set(deployed.stacks) > set(TEMPLATES)


def test_the_command_lists_what_is_left_of_something_that_is_gone_already(
    deployed: Deployed, aws: AwsReplies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed.stacks.clear()
    file = tmp_path / "lisa.yaml"
    file.write_text(yaml.safe_dump(MADE))
    assert code_of("destroy", str(file), "--json") == 0
    assert json.loads(capsys.readouterr().out)["left"] == []
    aws.replies["ssm:GetParametersByPath"] = LEFT["parameter"][1]
    assert code_of("destroy", str(file)) == 1
    assert "left, and not expected:\n  parameter /lisa/dev/table/x\n" in capsys.readouterr().out


def test_what_goes_or_stays_anyway_is_not_listed_twice(
    deployed: Deployed, aws: AwsReplies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deployed.stacks
    aws.replies["dynamodb:ListTables"] = {"TableNames": ["lisa-dev-data-Table-1", "lisa-dev-old"]}
    file = tmp_path / "lisa.yaml"
    file.write_text(yaml.safe_dump(MADE))
    assert code_of("destroy", str(file), "--plan-only", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in told["left"]] == ["lisa-dev-old"]
    assert told["stacks"] == list(TEMPLATES)
