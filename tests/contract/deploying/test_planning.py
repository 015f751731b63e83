"""A plan of a deployment, read from what CloudFormation answers."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # it has no types

from cli.main import run
from deployment.account import Account
from deployment.plan.assembly import read_assembly
from deployment.plan.comparing import Fate
from deployment.plan.deployed import Stacks
from deployment.plan.failing import failures
from deployment.plan.planning import Plan, plan
from deployment.plan.resource_rules import ResourceRules, read_rules
from deployment.plan.telling import words_of
from deployment.toolkit import CHECKOUT
from lisa.domain.errors import Invalid
from tests.contract.deploying.account import MADE
from tests.standins.aws_replies.server import AwsReplies, Reply
from tests.standins.aws_replies.wire import Call, Refusal

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]},
    "DeletionPolicy": "Retain",
}
GATEWAY = {"Type": "AWS::EC2::NatGateway", "Properties": {"SubnetId": "subnet-1"}}
TEMPLATES = {
    "lisa-dev-network": {"Resources": {"Out": GATEWAY}},
    "lisa-dev-data": {"Resources": {"Table": TABLE}},
}


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """Write what `cdk synth` would; the first stack needs the second."""
    needs = {"lisa-dev-network": ["lisa-dev-data"], "lisa-dev-data": []}
    artifacts = {
        name: {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": f"{name}.template.json"},
            "dependencies": needs[name],
        }
        for name in TEMPLATES
    }
    folder = tmp_path / "cdk.out"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    for name, template in TEMPLATES.items():
        (folder / f"{name}.template.json").write_text(json.dumps(template))
    return folder


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Write a configuration."""
    file = tmp_path / "lisa.yaml"
    file.write_text(yaml.safe_dump(MADE))
    return file


def stacks(*names: str, status: str = "CREATE_COMPLETE") -> Reply:
    return {
        "Stacks": [
            {"StackName": each, "StackStatus": status, "CreationTime": LONG_AGO} for each in names
        ]
    }


def templates(deployed: dict[str, Any]) -> Reply:
    return lambda call: {"TemplateBody": json.dumps(deployed[call.given["StackName"]])}


@cache
def rules() -> ResourceRules:
    return read_rules(CHECKOUT)


def planned(account: Account, folder: Path) -> Plan:
    return plan(read_assembly(folder), Stacks(account, "lisa-dev"), rules())


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    return int(ended.value.code or 0)


def test_stacks_come_after_those_they_need(assembly: Path) -> None:
    assert read_assembly(assembly).stacks == ["lisa-dev-data", "lisa-dev-network"]


def test_a_folder_that_isnt_an_assembly_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is not what `cdk synth` writes"):
        read_assembly(tmp_path)


def test_the_cdks_own_data_says_what_is_replaced_and_what_holds_data() -> None:
    told = rules()
    assert told.of("AWS::DynamoDB::Table", "KeySchema") == "yes"
    assert told.of("AWS::DynamoDB::Table", "BillingMode") == "no"
    assert told.of("AWS::RDS::DBInstance", "Port") != "no"
    assert {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool"} <= told.stateful


def test_into_an_empty_account_everything_is_new(
    aws: AwsReplies, account: Account, assembly: Path
) -> None:
    wanted = planned(account, assembly)
    assert [(each.name, each.is_new) for each in wanted.stacks] == [
        ("lisa-dev-data", True),
        ("lisa-dev-network", True),
    ]
    assert "cloudformation:GetTemplate" not in aws.names()
    said = "\n".join(words_of(wanted))
    assert "32.85  1 x NAT gateway" in said
    assert "32.85  together, by list prices of us-east-1" in said
    assert "ATTENTION" not in said


def test_a_deployment_as_configured_changes_nothing(
    aws: AwsReplies, account: Account, assembly: Path
) -> None:
    aws.replies["cloudformation:DescribeStacks"] = stacks(*TEMPLATES)
    aws.replies["cloudformation:GetTemplate"] = templates(TEMPLATES)
    wanted = planned(account, assembly)
    assert wanted.changes_nothing
    assert next(iter(words_of(wanted))).startswith("nothing changes")


def test_what_would_lose_data_is_said_last_and_loudest(
    aws: AwsReplies, account: Account, assembly: Path
) -> None:
    other = {**TABLE, "Properties": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}}
    deployed = {**TEMPLATES, "lisa-dev-data": {"Resources": {"Table": other, "Gone": TABLE}}}
    aws.replies["cloudformation:DescribeStacks"] = stacks(*TEMPLATES)
    aws.replies["cloudformation:GetTemplate"] = templates(deployed)
    wanted = planned(account, assembly)
    assert {each.resource: each.fate for _, each in wanted.dangers} == {
        "Table": Fate.REPLACED,
        "Gone": Fate.LET_GO,
    }
    *_, attention, gone, table = words_of(wanted)
    assert attention.startswith("ATTENTION")
    assert "lisa-dev-data/Gone (DynamoDB::Table) is let go" in gone
    assert "is replaced, because of KeySchema" in table


def test_stacks_that_are_no_longer_configured_are_named_and_others_are_not_ours(
    aws: AwsReplies, account: Account, assembly: Path
) -> None:
    there = ("lisa-dev-web", "lisa-dev-two-web", "lisa-dev-model-llama", "other-web")
    aws.replies["cloudformation:DescribeStacks"] = stacks(*there)
    assert planned(account, assembly).outside == ["lisa-dev-web"]


def test_a_first_attempt_that_failed_is_as_good_as_none(
    aws: AwsReplies, account: Account, assembly: Path
) -> None:
    aws.replies["cloudformation:DescribeStacks"] = stacks(*TEMPLATES, status="ROLLBACK_COMPLETE")
    assert all(each.is_new for each in planned(account, assembly).stacks)


def test_the_command_tells_a_plan_and_ends(
    aws: AwsReplies, assembly: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("deploy", str(config), "--app", str(assembly), "--plan-only")
    assert code_of(*given, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["deployment"], told["changes"]) == ("lisa-dev", True)
    assert (told["usd_per_month"], told["without_price"]) == (32.85, 0)
    assert code_of(*given) == 0
    said = capsys.readouterr().out
    assert said.startswith("lisa-dev in account 123456789012, region eu-central-1")
    assert aws.names() == {"sts:GetCallerIdentity", "cloudformation:DescribeStacks"}


def test_without_a_terminal_nothing_is_deployed_unless_yes(
    aws: AwsReplies, assembly: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of("deploy", str(config), "--app", str(assembly)) == 1
    assert "give --yes" in capsys.readouterr().err
    assert aws.calls


def test_yes_alone_loses_no_data(
    aws: AwsReplies, assembly: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed = {**TEMPLATES, "lisa-dev-data": {"Resources": {"Table": TABLE, "Gone": TABLE}}}
    aws.replies["cloudformation:DescribeStacks"] = stacks(*TEMPLATES)
    aws.replies["cloudformation:GetTemplate"] = templates(deployed)
    assert code_of("deploy", str(config), "--app", str(assembly), "--yes") == 1
    assert "--allow-data-loss" in capsys.readouterr().err


def test_another_account_than_the_configured_one_is_refused(
    aws: AwsReplies, assembly: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = "arn:aws:iam::210987654321:user/ada"
    aws.replies["sts:GetCallerIdentity"] = {"Account": "210987654321", "Arn": arn}
    assert code_of("deploy", str(config), "--app", str(assembly), "--plan-only") == 1
    assert "is for the account 123456789012" in capsys.readouterr().err


def test_an_assembly_of_another_deployment_is_refused(
    aws: AwsReplies, assembly: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("deploy", str(config), "-c", "stage=test", "--app", str(assembly), "--plan-only")
    assert code_of(*given) == 1
    assert "aren't of lisa-test" in capsys.readouterr().err
    assert aws.calls


def event(resource: str, status: str, reason: str = "", minutes: int = 0) -> dict[str, Any]:
    return {
        "StackId": "arn:stack",
        "EventId": f"{resource}-{status}",
        "StackName": "lisa-dev-data",
        "LogicalResourceId": resource,
        "ResourceType": "AWS::IAM::Role",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        "Timestamp": datetime.now(UTC) + timedelta(minutes=minutes),
    }


def test_why_it_failed_is_told_first_things_first_with_what_helps(
    aws: AwsReplies, account: Account
) -> None:
    def events(call: Call) -> Any:
        if call.given["StackName"] != "lisa-dev-data":
            return Refusal("ValidationError", "Stack [other] does not exist")
        newest_first = [
            event("Stack", "CREATE_FAILED", "The following resource(s) failed to create: [A]"),
            event("B", "CREATE_FAILED", "Resource creation cancelled"),
            event("Table", "CREATE_FAILED", "lisa-x already exists"),
            event("A", "CREATE_FAILED", "User is not authorized to perform: iam:CreateRole"),
            event("Old", "CREATE_FAILED", "limit", minutes=-60),
        ]
        return {"StackEvents": newest_first}

    aws.replies["cloudformation:DescribeStackEvents"] = events
    since = datetime.now(UTC) - timedelta(minutes=5)
    found = failures(account, ["lisa-dev-data", "other"], since)
    assert [each.resource for each in found] == ["A", "Table"]
    assert "give it the right" in found[0].helps
    assert "left from before" in found[1].helps
