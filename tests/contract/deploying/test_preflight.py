"""What `lisa preflight` says of an account, one test for each thing that can be wrong."""

import json
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # it has no types

from cli.main import run
from deployment.account import Account
from deployment.config.deployment import DeploymentConfig
from deployment.preflight.caller import services
from deployment.preflight.check import Check, Situation, State
from deployment.preflight.examining import examine
from tests.contract.deploying.account import CALLER, GIVEN, NUMBER, REGION, given, made, well
from tests.contract.deploying.faults import GIVEN_FAILURES, MADE_FAILURES, NO_VPC
from tests.standins.aws_replies.server import AwsReplies
from tests.standins.aws_replies.wire import Refusal


def bad(account: Account, config: DeploymentConfig) -> dict[str, Check]:
    """Return all that isn't well."""
    found = examine(config, account)
    return {each.name: each for each in found if each.state is not State.OK}


def test_an_account_that_has_everything_is_ready_for_a_network_of_its_own(
    aws: AwsReplies, account: Account
) -> None:
    assert set(bad(account, made())) == {"litellm.image"}  # in another registry, so nobody looked
    assert "ec2:DescribeVpcs" in aws.names()


def test_and_for_one_that_takes_what_is_there(aws: AwsReplies, account: Account) -> None:
    assert set(bad(account, given())) == {"litellm.image"}
    assert {"kms:DescribeKey", "iam:GetPolicy", "s3:HeadBucket"} <= aws.names()


@pytest.mark.parametrize("case", MADE_FAILURES)
def test_what_is_wrong_is_named_with_what_helps(
    aws: AwsReplies, account: Account, case: str
) -> None:
    operation, reply, name, state, words = MADE_FAILURES[case]
    aws.replies[operation] = reply
    check = bad(account, made())[name]
    assert (check.state, words in check.found, bool(check.next_step)) == (state, True, True), check


@pytest.mark.parametrize("case", GIVEN_FAILURES)
def test_what_is_there_and_doesnt_fit_is_named(
    aws: AwsReplies, account: Account, case: str
) -> None:
    operation, reply, name, state, words = GIVEN_FAILURES[case]
    aws.replies[operation] = reply
    check = bad(account, given())[name]
    assert (check.state, words in check.found, bool(check.next_step)) == (state, True, True), check


def test_a_certificate_in_another_region_is_refused_without_asking(
    aws: AwsReplies, account: Account
) -> None:
    there = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    config = made()
    elsewhere = config.model_copy(
        update={"serve": config.serve.model_copy(update={"certificate": there})}
    )
    assert "must lie in eu-central-1" in bad(account, elsewhere)["serve.certificate"].found
    assert "acm:DescribeCertificate" not in aws.names()


def test_another_account_is_told(aws: AwsReplies, account: Account) -> None:
    other = made().model_copy(update={"account": "210987654321"})
    assert f"of account {NUMBER}" in bad(account, other)["credentials"].found
    assert aws.calls


OTHERS = "210987654321"


@pytest.mark.parametrize(
    ("iam", "title"),
    [
        ({"roles": {"sessions": f"arn:aws:iam::{OTHERS}:role/Sessions"}}, "iam.roles.sessions"),
        (
            {"permissions_boundary": f"arn:aws:iam::{OTHERS}:policy/AtMost"},
            "iam.permissions_boundary",
        ),
    ],
)
def test_what_is_of_another_accounts_iam_is_told_though_one_of_that_name_is_here(
    aws: AwsReplies, account: Account, iam: dict[str, object], title: str
) -> None:
    check = bad(account, DeploymentConfig.model_validate({**GIVEN, "iam": iam}))[title]
    assert (check.state, aws.unanswered) == (State.FAIL, [])
    assert f"is of account {OTHERS}" in check.found


def test_a_policy_of_aws_itself_may_bound_roles(aws: AwsReplies, account: Account) -> None:
    iam = {"permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess"}
    config = DeploymentConfig.model_validate({**GIVEN, "iam": iam})
    assert set(bad(account, config)) == {"litellm.image"}
    assert "iam:GetPolicy" in aws.names()


def told_of(region: str, asked: dict[str, object]) -> list[Check]:
    """Return what is said of a configuration that leaves the region to the credentials."""
    config = DeploymentConfig.model_validate(asked)
    return [*services(Situation(config, Account(region), NUMBER, CALLER))]


def test_what_the_credentials_region_is_without_is_told_before_anything_is_made() -> None:
    found = told_of("eu-isoe-west-1", {"backup": {"enabled": True}})
    said = " ".join(each.found for each in found if each.state is State.FAIL)
    assert "backup.enabled needs backup" in said
    assert "a user pool needs cognito-idp" in said
    assert "services" not in {each.name for each in found if each.state is State.OK}


def test_what_nobody_can_choose_there_is_told() -> None:
    issuers = [{"issuer": "https://issuer.example.com", "audience": "lisa"}]
    found = told_of("cn-north-1", {"doors": {"issuers": issuers}, "web": {"enabled": False}})
    assert {each.state for each in found} == {State.OK}
    left = " ".join(each.found for each in found if each.name == "left out")
    assert "knowledge.serverless_endpoint" in left


def test_only_endpoints_that_this_deployment_calls_are_missed(
    aws: AwsReplies, account: Account
) -> None:
    aws.replies["ec2:DescribeRouteTables"] = {"RouteTables": []}
    everything = bad(account, given())["way out"].found
    less = {**GIVEN, "knowledge": {"enabled": False}}
    without = bad(account, DeploymentConfig.model_validate(less))["way out"].found
    assert " sqs" in everything
    assert " sqs" not in without
    assert " logs" in without


def test_another_partition_is_told(aws: AwsReplies, account: Account) -> None:
    caller = f"arn:aws-us-gov:sts::{NUMBER}:assumed-role/Deployer/ada"
    aws.replies["sts:GetCallerIdentity"] = {"Account": NUMBER, "Arn": caller}
    assert "credentials are of aws-us-gov" in bad(account, made())["region"].found


def test_what_may_not_be_asked_is_unknown_and_says_why(aws: AwsReplies, account: Account) -> None:
    for name in aws.replies:
        if name != "sts:GetCallerIdentity":
            aws.replies[name] = Refusal("AccessDenied", "is not authorized to do that", 403)
    found = examine(given(), account)
    asked = [each for each in found if each.state is not State.OK]
    unknown = [each for each in asked if each.state is State.UNKNOWN]
    assert len(unknown) > 15
    assert {each.name for each in asked} - {each.name for each in unknown} <= {
        "models.weights_buckets",
        "knowledge.source_buckets",
    }
    assert all("not authorized" in each.found or "image" in each.name for each in unknown)


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId"])
def test_without_a_sign_in_nothing_else_is_asked(
    aws: AwsReplies, account: Account, code: str
) -> None:
    aws.replies["sts:GetCallerIdentity"] = Refusal(code, "The security token is expired", 403)
    (check,) = examine(made(), account)
    assert (check.name, check.state) == ("credentials", State.FAIL)
    assert "aws sso login" in check.next_step
    assert aws.names() == {"sts:GetCallerIdentity"}


def test_an_aws_that_doesnt_answer_is_told(
    aws: AwsReplies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    (check,) = examine(made(), Account(REGION))
    assert (check.state, "got no answer" in check.found) == (State.FAIL, True)
    assert aws.calls == []


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    return int(ended.value.code or 0)


def test_the_command_ends_with_1_where_the_deployment_would_fail(
    aws: AwsReplies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lisa.yaml"
    file.write_text(yaml.safe_dump(GIVEN))
    assert code_of("preflight", str(file), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["deployment"], told["ready"]) == ("lisa-dev", True)
    aws.replies["ec2:DescribeVpcs"] = NO_VPC
    assert code_of("preflight", str(file)) == 1
    said = capsys.readouterr().out
    assert "FAIL    network: " in said
    assert "        -> correct it in `network`" in said


def test_every_operation_that_is_asked_for_was_tried_to_be_wrong() -> None:
    """Where AWS's own model names an operation otherwise, a call would never have come."""
    tried = {case[0] for case in (*MADE_FAILURES.values(), *GIVEN_FAILURES.values())}
    beside = {
        "apigateway:GetRestApis",
        "ec2:DescribeAddresses",
        "ec2:DescribeAvailabilityZones",
        "sts:GetCallerIdentity",
    }
    assert tried | beside == set(well())
